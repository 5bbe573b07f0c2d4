"""Who is known, in memory: contacts and companies that a file may name, as the database has them and as the file changes them.

The trial and the run decide on the same picture by the same rules; the trial throws it away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crm.records.channels import PHONE
from crm.records.fields.values import Value
from crm.records.importing.values import ChannelKey
from crm.records.likeness import name_key
from storage import folding

MOST_SHARING = 5
"""A phone that more contacts have is a switchboard, or none: it says who somebody is only together with the same name."""


@dataclass(slots=True)
class Known:
    """A contact. One that is not stored yet has a negative id. `touched`: an earlier row of the file was about it, `made`: it was
    made for one."""

    id: int
    name: str
    position: str
    company_id: int | None
    responsible_id: int | None
    tags: tuple[str, ...]
    source: str
    notes: str
    since: datetime | None
    channels: dict[ChannelKey, str]
    custom: dict[str, Value]
    touched: bool = False
    made: bool = False


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """A company; a negative id as in `Known`."""

    id: int
    name: str
    domain: str | None


@dataclass(slots=True)
class Picture:
    """All of it, found by what rows tell."""

    contacts: dict[int, Known] = field(default_factory=dict)
    companies: dict[int, KnownCompany] = field(default_factory=dict)
    crowded: set[ChannelKey] = field(default_factory=set)
    """Phones that more than `MOST_SHARING` contacts have; of these the picture need only show those with a row's name."""
    _holders: dict[ChannelKey, list[int]] = field(default_factory=dict)
    _namesakes: dict[tuple[ChannelKey, str], list[int]] = field(default_factory=dict)
    _by_name: dict[str, list[int]] = field(default_factory=dict)
    _by_domain: dict[str, set[int]] = field(default_factory=dict)
    _made: int = 0

    def next_id(self) -> int:
        """An id for what is not stored yet."""
        self._made -= 1
        return self._made

    def add_contact(self, known: Known) -> None:
        """Know a contact by its channels; one that is known already stays as it is."""
        if known.id not in self.contacts:
            self.contacts[known.id] = known
            for key in known.channels:
                self.hold(key, known.id)

    def hold(self, key: ChannelKey, contact_id: int) -> None:
        """Know a contact by one channel more."""
        holders = self._holders.setdefault(key, [])
        holders.append(contact_id)
        if key[0] == PHONE:
            self._namesakes.setdefault((key, folding.name_key(self.contacts[contact_id].name)), []).append(contact_id)
            if len(holders) > MOST_SHARING:
                self.crowded.add(key)

    def renamed(self, known: Known) -> None:
        """A contact has got another name."""
        for key in known.channels:
            if key[0] == PHONE:
                self._namesakes.setdefault((key, folding.name_key(known.name)), []).append(known.id)

    def holders(self, key: ChannelKey, called: str) -> Sequence[int]:
        """The contacts that have a channel; of one that is crowded those who are called so."""
        if key not in self.crowded:
            return self._holders.get(key, ())
        name = folding.name_key(called)
        namesakes = self._namesakes.get((key, name), ()) if name else ()
        return [one for one in namesakes if folding.name_key(self.contacts[one].name) == name]

    def add_companies(self, companies: Iterable[KnownCompany]) -> None:
        """Know companies by name and domain; one that is known already stays as it is."""
        for company in companies:
            if company.id not in self.companies:
                self.companies[company.id] = company
                self.add_merged(company.id, company.name, company.domain)

    def add_merged(self, company_id: int, name: str, domain: str | None) -> None:
        """Find a company by what one was called, or had as domain, that was merged into it."""
        called = self._by_name.setdefault(name_key(name), [])
        if company_id not in called:
            called.append(company_id)
        if domain:
            self._by_domain.setdefault(domain, set()).add(company_id)

    def companies_called(self, name: str) -> Sequence[int]:
        """The companies of a name, however it is capitalised."""
        return self._by_name.get(name_key(name), ())

    def company_of_domain(self, domain: str) -> int | None:
        """The company that mail from a domain belongs to: the oldest that has it itself, else that took one in which had."""
        having = self._by_domain.get(domain, ()) if domain else ()
        return min(having, key=lambda one: (self.companies[one].domain != domain, age(one)), default=None)

    def forget(self) -> None:
        """Before the next unit of work of a run, which looks everything up again."""
        for each in (self.contacts, self.companies, self._holders, self._namesakes, self._by_name, self._by_domain):
            each.clear()


def age(record_id: int) -> tuple[bool, int]:
    """The order in which records were made: those that are not stored yet come last."""
    return record_id < 0, abs(record_id)
