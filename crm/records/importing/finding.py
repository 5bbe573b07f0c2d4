"""Which record a row is about, of those that are here: one, none, or several, of which nobody may choose.

contacts   one of the row's e-mail addresses; else one of its phones, unless the names tell that it is a colleague behind the
           same number, and of a switchboard's who has the very name; else the row's Mailsync ID, with the same name
companies  the Mailsync ID with the same name; else the domain; else an e-mail address; else the very name
leads      as contacts, those that were converted left out; without address and phone by title and name
deals      the Mailsync ID with the same title; else title, company and contact, of deals that no earlier row was about
"""

from collections.abc import Callable, Mapping, Sequence

from crm.records.channels import EMAIL
from crm.records.importing.clients import Found
from crm.records.importing.known_clients import age
from crm.records.importing.picture import Known, Picture
from crm.records.importing.values import ChannelKey, Values
from crm.records.likeness import name_key
from storage.models import RecordType


def found_for(row: Values, clients: Found, picture: Picture) -> list[Known]:
    """Records that the row is about; more than one where it could be about several."""
    return _BY_KIND[picture.kind.type](row, clients, picture)


def _contact(row: Values, _: Found, picture: Picture) -> list[Known]:
    return _by_channels(row, picture) or _by_id(row, picture)


def _company(row: Values, _: Found, picture: Picture) -> list[Known]:
    if named := _by_id(row, picture):
        return named
    of_domain = picture.companies.of_domain(row.clients.domain)
    if of_domain in picture.records:
        return [picture.records[of_domain]]
    domain = row.clients.domain
    fitting = [one for one in _holders(row, picture, EMAIL) if _may_have(one, domain)]
    if fitting:
        return _one_of(row, fitting)
    called = picture.companies.called(row.called)
    there = [picture.records[company.id] for company in called if company.id in picture.records]
    return [one for one in there if _may_have(one, domain)]


def _may_have(known: Known, domain: str) -> bool:
    """Companies of two domains are two."""
    return not domain or known.values["domain"] in (None, "", domain)


def _lead(row: Values, _: Found, picture: Picture) -> list[Known]:
    if row.channels:
        return _by_channels(row, picture) or _by_id(row, picture)
    return _by_id(row, picture) or [
        known
        for known in picture.labelled(row.called)
        if name_key(known.name) == name_key(row.name) and not known.channels
    ]


def _deal(row: Values, clients: Found, picture: Picture) -> list[Known]:
    if named := _by_id(row, picture):
        return named
    if clients.company is not None or clients.contact is not None:
        return []  # Of whom nobody knew there can be no deal.
    told = {"company_id": clients.company_id, "contact_id": clients.contact_id}
    return [
        known
        for known in picture.labelled(row.called)
        if not known.touched
        and all(known.values[name] == wanted or (wanted is None and clients.is_known) for name, wanted in told.items())
    ]


def _by_id(row: Values, picture: Picture) -> list[Known]:
    named = picture.records.get(row.id) if row.id else None
    return [named] if named and name_key(named.label) == name_key(row.called) else []


def _by_channels(row: Values, picture: Picture) -> list[Known]:
    by_email = _holders(row, picture, EMAIL)
    if by_email:
        return _one_of(row, by_email)
    return [known for known in _holders(row, picture, None) if _agree(row, known)][:1]


def _holders(row: Values, picture: Picture, kind: str | None) -> list[Known]:
    keys = [key for key in row.channels if kind in (None, key[0])]
    called = row.name or row.called
    ids = dict.fromkeys(holder for key in keys for holder in picture.holders(key, called))
    return [picture.records[record_id] for record_id in sorted(ids, key=age)]


def _one_of(row: Values, several: Sequence[Known]) -> list[Known]:
    """Of records that share all addresses, the one with the row's name, or the oldest; all of them where none has all."""
    emails = {key for known in several for key in known.channels if key[0] == EMAIL and key in row.channels}
    whole = [known for known in several if emails <= known.channels.keys()]
    named = [known for known in whole if name_key(known.name) == name_key(row.name)]
    return (named or whole)[:1] or list(several)


def _agree(row: Values, known: Known) -> bool:
    """Whether somebody with the same phone is the same person."""
    if not row.name or not known.name or "@" in known.name:
        return not (_has_email(row.channels) and _has_email(known.channels))
    theirs, ours = set(name_key(row.name).split()), set(name_key(known.name).split())
    return theirs <= ours or ours <= theirs


def _has_email(channels: Mapping[ChannelKey, str]) -> bool:
    return any(kind == EMAIL for kind, _ in channels)


_BY_KIND: Mapping[RecordType, Callable[[Values, Found, Picture], list[Known]]] = {
    RecordType.CONTACT: _contact,
    RecordType.COMPANY: _company,
    RecordType.LEAD: _lead,
    RecordType.DEAL: _deal,
}
