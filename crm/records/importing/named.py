"""What rows name, so that all of it is looked up at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.addresses import address_key
from crm.records.importing.kinds import Kind
from crm.records.importing.values import ChannelKey, Values
from crm.records.likeness import name_key
from storage.models import RecordType


@dataclass(frozen=True, slots=True)
class Named:
    """By what records, companies and contacts are found. `channels` with what rows call those who have them."""

    ids: set[int] = field(default_factory=set)
    channels: dict[ChannelKey, set[str]] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    """Names or titles, of records that are found by these."""
    companies: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    """Keys of contacts' addresses, where they are not the record's own."""

    @property
    def keys(self) -> set[str]:
        """What two who import at once, or a batch of mail beside them, must not decide about together."""
        held = {key for _, key in self.channels} | self.domains | self.emails
        held |= {f"company:{name_key(name)}" for name in self.companies}
        held |= {f"contact:{name_key(name)}" for name in self.contacts}
        return held | {f"record:{name_key(label)}" for label in self.labels}


def named_in(read: Iterable[object], kind: Kind) -> Named:
    """What the rows that tell of anything name."""
    named = Named()
    for row in read:
        if isinstance(row, Values):
            _add(row, kind, named)
    return named


def _add(row: Values, kind: Kind, named: Named) -> None:
    told = row.clients
    for key in row.channels:
        named.channels.setdefault(key, set()).add(row.name or row.called)
    if row.id:
        named.ids.add(row.id)
    if kind.type is RecordType.DEAL or (kind.type is RecordType.LEAD and not row.channels):
        named.labels.add(row.called)
    named.companies.update({row.called if kind.type is RecordType.COMPANY else told.company} - {""})
    named.domains.update({told.domain, told.mail_domain} - {""})
    if told.contact_email:
        named.emails.add(address_key(told.contact_email))
    elif told.contact:
        named.contacts.add(told.contact)
