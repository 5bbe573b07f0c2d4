"""The records that a batch may touch, in memory: who is reached by which address, and what is open for them.

What an earlier message of the batch created is found by a later one, as if it had been stored long ago.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from storage.models import RecordType

Key = tuple[RecordType, int]
OWNERSHIP = (RecordType.DEAL, RecordType.LEAD, RecordType.CONTACT, RecordType.COMPANY)
"""Which record an activity belongs to first."""

ITEMS = (RecordType.DEAL, RecordType.LEAD)
"""What somebody works on."""

BY_ADDRESS = "the address is known"
BY_PHONE = "the phone number is known"
BY_THREAD = "its thread stands on this record"
BY_HAND = "somebody put its conversation on this record"


@dataclass(slots=True)
class Facts:
    """What matters of one record. `is_open`: an open deal, an active lead; contacts and companies always are.

    `is_junk`: a lead that was called so. `contact_id` and `company_id` are of what was not deleted.
    """

    type: RecordType
    id: int
    contact_id: int | None = None
    company_id: int | None = None
    responsible_id: int | None = None
    is_open: bool = True
    is_junk: bool = False

    @property
    def key(self) -> Key:
        """Type and id."""
        return (self.type, self.id)

    @property
    def takes_mail(self) -> bool:
        """Whether it is a deal or lead that somebody works on."""
        return self.is_open and self.type in ITEMS


@dataclass(frozen=True, slots=True)
class Match:
    """Where a message belongs: the open deal or active lead that takes it, and the client."""

    item: Facts | None = None
    contact: Facts | None = None
    company: Facts | None = None
    lead: Facts | None = None
    """A lead of this address that is not worked on any more, where nothing better is known."""
    why: str = ""
    bound: tuple[Key, ...] = ()
    """Records that somebody put its conversation on."""
    without: frozenset[Key] = frozenset()
    """Records that somebody took its conversation off."""

    def decided(self, bound: Sequence[Facts], without: frozenset[Key]) -> "Match":
        """The same as somebody has decided: a deal or lead they chose takes the place of the one that was found."""

        def kept(facts: Facts | None) -> Facts | None:
            return None if facts is None or facts.key in without else facts

        chosen = next((facts for facts in bound if facts.type in (RecordType.DEAL, RecordType.LEAD)), None)
        return replace(
            self,
            item=chosen or kept(self.item),
            contact=kept(self.contact),
            company=kept(self.company),
            lead=None if chosen else kept(self.lead),
            why=BY_HAND if bound else self.why,
            bound=tuple(facts.key for facts in bound),
            without=without,
        )

    @property
    def found(self) -> bool:
        """Whether anything is known."""
        return any((self.item, self.contact, self.company, self.lead, self.bound))

    @property
    def is_known(self) -> bool:
        """Whether somebody is: a lead counts while it is active, or junk; what one became that is gone is nobody."""
        return any((self.item, self.contact, self.company, self.is_junk))

    @property
    def client(self) -> Facts | None:
        """The contact, else the company."""
        return self.contact or self.company

    @property
    def is_junk(self) -> bool:
        """Whether nothing better is known than a lead that was called junk."""
        return self.lead is not None and self.lead.is_junk

    @property
    def bindings(self) -> list[Key]:
        """Records that the message stands on; the first one owns it."""
        keys: set[Key] = set(self.bound)
        for facts in (self.item, self.contact, self.company, self.lead):
            if facts is None:
                continue
            keys.add(facts.key)
            if facts.contact_id is not None:
                keys.add((RecordType.CONTACT, facts.contact_id))
            if facts.company_id is not None:
                keys.add((RecordType.COMPANY, facts.company_id))
        keys -= self.without - set(self.bound)
        return sorted(keys, key=lambda key: (OWNERSHIP.index(key[0]), key[1]))

    @property
    def responsible_id(self) -> int | None:
        """Who looks after the records."""
        candidates = (self.item, self.contact, self.company, self.lead)
        return next((facts.responsible_id for facts in candidates if facts and facts.responsible_id), None)


NOBODY = Match()


@dataclass(slots=True)
class Clients:
    """Records by type and id, and the ways to find them."""

    by_key: dict[Key, Facts] = field(default_factory=dict)
    by_address: dict[str, set[Key]] = field(default_factory=dict)
    by_phone: dict[str, set[Key]] = field(default_factory=dict)
    """By addresses that are phone numbers, at gateways of text messages and calls."""
    by_domain: dict[str, int] = field(default_factory=dict)
    of_client: dict[Key, set[Key]] = field(default_factory=dict)
    """Deals and leads of a contact or company."""
    new_addresses: set[str] = field(default_factory=set)
    """Addresses that became known in this batch."""

    def add(self, facts: Facts) -> Facts:
        """Make a record findable; what is there already stays as it is."""
        known = self.by_key.setdefault(facts.key, facts)
        if known is facts and facts.type in ITEMS:
            if facts.contact_id is not None:
                self.of_client.setdefault((RecordType.CONTACT, facts.contact_id), set()).add(facts.key)
            if facts.company_id is not None:
                self.of_client.setdefault((RecordType.COMPANY, facts.company_id), set()).add(facts.key)
        return known

    def has(self, record_type: RecordType, record_id: int) -> bool:
        """Whether the record is there."""
        return (record_type, record_id) in self.by_key

    def add_address(self, address_key: str, record: Key) -> None:
        """A record is reached by this address."""
        self.by_address.setdefault(address_key, set()).add(record)

    def leave_out(self, keys: Iterable[Key]) -> None:
        """Let these records not be there."""
        gone = set(keys)
        self.by_key = {key: facts for key, facts in self.by_key.items() if key not in gone}
        self.by_address = {key: left for key, known in self.by_address.items() if (left := known - gone)}
        self.by_phone = {key: left for key, known in self.by_phone.items() if (left := known - gone)}
        self.by_domain = {key: each for key, each in self.by_domain.items() if (RecordType.COMPANY, each) not in gone}
        self.of_client = {key: known - gone for key, known in self.of_client.items()}
        for facts in self.by_key.values():
            if (RecordType.CONTACT, facts.contact_id) in gone:
                facts.contact_id = None
            if (RecordType.COMPANY, facts.company_id) in gone:
                facts.company_id = None

    def match(self, address_key: str, organisation: str | None, thread: Iterable[Key], *, by_domain: bool) -> Match:
        """Where mail with this person belongs, given the records that its thread stands on already."""
        in_thread = [self.by_key[key] for key in thread if key in self.by_key]
        client = self._client(address_key, organisation if by_domain else None, in_thread)
        taken_along = _newest([facts for facts in in_thread if facts.takes_mail])
        item = taken_along or self._open_item(client)
        why = BY_THREAD if taken_along else client.why
        return Match(item, client.contact, client.company, None if item else client.lead, why)

    def _client(self, address_key: str, organisation: str | None, in_thread: list[Facts]) -> Match:
        """Who it is: by the address, else by the phone number that it is, else by the company's domain, else by the thread; else
        a lead that became nobody."""
        by_address = self._of_records(self.by_address.get(address_key, ()), BY_ADDRESS)
        if by_address.is_known:
            return by_address
        by_phone = self._of_records(self.by_phone.get(address_key, ()), BY_PHONE)
        if by_phone.is_known:
            return by_phone
        company = self._get(RecordType.COMPANY, self.by_domain.get(organisation or ""))
        if company is not None:
            return Match(company=company, why="the company is known by its domain")
        by_thread = self._of_thread(in_thread)
        return by_thread if by_thread.is_known or not by_address.found else by_address

    def _of_records(self, keys: Iterable[Key], why: str) -> Match:
        records = [self.by_key[key] for key in keys if key in self.by_key]
        if not records:
            return NOBODY
        leads = [facts for facts in records if facts.type is RecordType.LEAD]
        contacts = [facts for facts in records if facts.type is RecordType.CONTACT]
        contacts += [facts for lead in leads if (facts := self._get(RecordType.CONTACT, lead.contact_id))]
        companies = [facts for facts in records if facts.type is RecordType.COMPANY]
        companies += [facts for lead in leads if (facts := self._get(RecordType.COMPANY, lead.company_id))]
        contact = min(contacts, key=lambda facts: (not self._items_of(facts), facts.id)) if contacts else None
        company = self._get(RecordType.COMPANY, contact.company_id if contact else None) or _oldest(companies)
        active = _newest([lead for lead in leads if lead.is_open])
        old_lead = None if contact or company else _old_lead(leads)
        return Match(active, contact, company, old_lead, why)

    def _of_thread(self, in_thread: list[Facts]) -> Match:
        contact = _oldest([facts for facts in in_thread if facts.type is RecordType.CONTACT])
        company = _oldest([facts for facts in in_thread if facts.type is RecordType.COMPANY])
        leads = [facts for facts in in_thread if facts.type is RecordType.LEAD]
        return Match(
            contact=contact, company=company, lead=None if contact or company else _old_lead(leads), why=BY_THREAD
        )

    def _open_item(self, client: Match) -> Facts | None:
        """The newest open deal, else the newest active lead, of the person; else of the company as such."""
        items = self._items_of(client.contact) + ([client.item] if client.item else [])
        if not items and client.company:
            known = client.contact is not None
            items = [facts for facts in self._items_of(client.company) if not known or facts.contact_id is None]
        return _newest(items)

    def _items_of(self, client: Facts | None) -> list[Facts]:
        keys = self.of_client.get(client.key, ()) if client else ()
        return [facts for key in keys if (facts := self.by_key[key]).takes_mail]

    def _get(self, record_type: RecordType, record_id: int | None) -> Facts | None:
        return None if record_id is None else self.by_key.get((record_type, record_id))


def _newest(records: list[Facts]) -> Facts | None:
    """The newest deal, else the newest lead."""
    if len(records) < 2:
        return records[0] if records else None
    return max(records, key=lambda facts: (facts.type is RecordType.DEAL, facts.id))


def _old_lead(leads: list[Facts]) -> Facts | None:
    """The newest that was called junk, which goes on to take its person's mail; else the newest."""
    return _newest([lead for lead in leads if lead.is_junk]) or _newest(leads)


def _oldest(records: list[Facts]) -> Facts | None:
    return min(records, key=lambda facts: facts.id, default=None)
