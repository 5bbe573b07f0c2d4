"""Active leads of people who are known, though nobody has said so."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.repository.hidden import seen_channels
from crm.records.repository.reading import names_of
from crm.records.views import Named
from storage.models import Channel, Contact, Lead, LeadState, RecordType
from storage.sessions import ReadSession

NEWEST_LEADS = 500
IDS_AT_ONCE = 500
_OPEN = (Lead.state == LeadState.ACTIVE, Lead.deleted_at.is_(None))


@dataclass(frozen=True, slots=True)
class OfClient:
    """A lead that has an address or phone of somebody who is known."""

    lead: Named
    client: Named


def leads_of_clients(session: ReadSession, viewer: Viewer, limit: int) -> list[OfClient]:
    """Active leads that name no client and have an address or phone of a contact, with the oldest such contact.

    Looked for among the newest `NEWEST_LEADS`, so that it costs the same however many there are.
    """
    nobodys = (Lead.contact_id.is_(None), Lead.company_id.is_(None), *_OPEN, *within(viewer, RecordType.LEAD))
    statement = select(Lead.id, Lead.title).where(*nobodys).order_by(Lead.id.desc()).limit(NEWEST_LEADS)
    titles = {row.id: row.title for row in session.execute(statement)}
    has = session.execute(
        select(Channel.record_id, Channel.kind, Channel.key).where(
            Channel.record_type == RecordType.LEAD,
            Channel.record_id.in_(titles),
            Channel.kind.in_(seen_channels(viewer, RecordType.LEAD)),
        )
    ).all()
    holders = _holders(session, viewer, {(row.kind, row.key) for row in has})
    oldest: dict[int, int] = {}
    for row in has:
        if holder := holders.get((row.kind, row.key)):
            oldest[row.record_id] = min(holder, oldest.get(row.record_id, holder))
    some = sorted(oldest, reverse=True)[:limit]
    known = names_of(session, viewer, [(RecordType.CONTACT, oldest[each]) for each in some])
    clients = {one.id: one for one in known}
    return [OfClient(Named(RecordType.LEAD, each, titles[each]), clients[oldest[each]]) for each in some]


def _holders(session: ReadSession, viewer: Viewer, shared: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The oldest contact with each address or phone. Asked by the values: of a join SQLite reads all contacts' addresses."""
    found: dict[tuple[str, str], int] = {}
    there = and_(Contact.id == Channel.record_id, Contact.deleted_at.is_(None), *within(viewer, RecordType.CONTACT))
    for kind in seen_channels(viewer, RecordType.CONTACT):
        keys = sorted(key for one, key in shared if one == kind)
        for start in range(0, len(keys), IDS_AT_ONCE):
            here = (Channel.record_type == RecordType.CONTACT, Channel.kind == kind)
            rows = select(Channel.key, func.min(Contact.id)).join(Contact, there)
            some = rows.where(*here, Channel.key.in_(keys[start : start + IDS_AT_ONCE])).group_by(Channel.key)
            found |= {(kind, row[0]): row[1] for row in session.execute(some)}
    return found
