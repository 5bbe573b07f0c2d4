"""Companies and contacts that rows name, in memory, found as rows name them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm.records.likeness import name_key


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """A company; one that is not stored yet has a negative id."""

    id: int
    name: str
    domain: str | None


@dataclass(frozen=True, slots=True)
class KnownContact:
    """A contact; a negative id as in `KnownCompany`. `email` of one that is to be made."""

    id: int
    name: str
    company_id: int | None
    email: str = ""


def age(record_id: int) -> tuple[bool, int]:
    """The order in which records were made: those that are not stored yet come last."""
    return record_id < 0, abs(record_id)


@dataclass(slots=True)
class Companies:
    """Companies by name and domain, also by those of what was merged into them."""

    by_id: dict[int, KnownCompany] = field(default_factory=dict)
    _by_name: dict[str, list[int]] = field(default_factory=dict)
    _by_domain: dict[str, set[int]] = field(default_factory=dict)

    def add(self, companies: Iterable[KnownCompany]) -> None:
        """Know companies; one that is known already stays as it is."""
        for company in companies:
            if company.id not in self.by_id:
                self.put(company)

    def put(self, company: KnownCompany) -> None:
        """Know a company as it is now; it is still found by what it was called."""
        self.by_id[company.id] = company
        self.add_merged(company.id, company.name, company.domain)

    def add_merged(self, company_id: int, name: str, domain: str | None) -> None:
        """Find a company by what one was called, or had as domain, that was merged into it."""
        called = self._by_name.setdefault(name_key(name), [])
        if company_id not in called:
            called.append(company_id)
        if domain:
            self._by_domain.setdefault(domain, set()).add(company_id)

    def called(self, name: str) -> list[KnownCompany]:
        """The companies of a name, however it is capitalised."""
        return [self.by_id[company_id] for company_id in self._by_name.get(name_key(name), ())]

    def of_domain(self, domain: str) -> int | None:
        """The company that mail from a domain belongs to: the oldest that has it itself, else that took one in which had."""
        having = self._by_domain.get(domain, ()) if domain else ()
        return min(having, key=lambda one: (self.by_id[one].domain != domain, age(one)), default=None)


@dataclass(slots=True)
class Contacts:
    """Contacts by address and name, also by those of what was merged into them."""

    by_id: dict[int, KnownContact] = field(default_factory=dict)
    _by_email: dict[str, list[int]] = field(default_factory=dict)
    _by_name: dict[str, list[int]] = field(default_factory=dict)

    def add(self, contact: KnownContact, emails: Iterable[str] = ()) -> None:
        """Know a contact by its name and the keys of its addresses."""
        self.by_id.setdefault(contact.id, contact)
        for index, keys in ((self._by_name, [name_key(contact.name)]), (self._by_email, emails)):
            for key in keys:
                found = index.setdefault(key, [])
                if contact.id not in found:
                    found.append(contact.id)

    def called(self, name: str) -> Sequence[KnownContact]:
        """The contacts of a name, however it is capitalised."""
        return [self.by_id[one] for one in self._by_name.get(name_key(name), ())]

    def having(self, email_key: str) -> Sequence[KnownContact]:
        """The contacts that have an address."""
        return [self.by_id[one] for one in self._by_email.get(email_key, ())]
