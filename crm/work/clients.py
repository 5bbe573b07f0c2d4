"""Whose address this is: the records on which a task about their mail stands, the owning one first.

The same order as for mail itself: open deal or active lead, then its contact, then its company.
"""

from dataclasses import replace

from core.addresses import address_key, domain_of
from crm.access.viewer import Viewer
from crm.office.address_lists import read_lists
from crm.records.repository.reading import contact, deals, find_by_address, leads
from crm.records.repository.writing import company_by_domain
from crm.records.views import RecordFilter
from crm.work.views import RecordKey
from storage.models import LeadState, RecordType, StageKind
from storage.sessions import ReadSession

_ORDER = (RecordType.DEAL, RecordType.LEAD, RecordType.CONTACT, RecordType.COMPANY)


def records_of_address(session: ReadSession, viewer: Viewer, address: str) -> tuple[RecordKey, ...]:
    """The records of whoever writes from `address`, as far as the viewer sees them; empty for a stranger."""
    known = find_by_address(session, viewer, address)
    found = {(named.type, named.id) for named in known}
    for kind, contact_id in sorted(found):
        company = contact(session, viewer, contact_id).company if kind is RecordType.CONTACT else None
        if company is not None and not company.deleted:
            found.add((RecordType.COMPANY, company.id))
    if not found:
        found = _company_of_domain(session, viewer, address)
    return _with_open_item(session, viewer, found)


def _company_of_domain(session: ReadSession, viewer: Viewer, address: str) -> set[RecordKey]:
    organisation = read_lists(session).organisation(domain_of(address_key(address)))
    if organisation is None:
        return set()
    company = company_by_domain(session, viewer, organisation)
    return {(RecordType.COMPANY, company.id)} if company else set()


def _with_open_item(session: ReadSession, viewer: Viewer, found: set[RecordKey]) -> tuple[RecordKey, ...]:
    """`found` with the newest open deal, or else active lead, of the first contact or company that has one."""
    for kind, record_id in sorted(found, key=_rank):
        if item := _open_item(session, viewer, kind, record_id):
            found = found | {item}
            break
    return tuple(sorted(found, key=_rank))


def _open_item(session: ReadSession, viewer: Viewer, kind: RecordType, record_id: int) -> RecordKey | None:
    if kind not in (RecordType.CONTACT, RecordType.COMPANY):
        return None
    contact_id = record_id if kind is RecordType.CONTACT else None
    client = RecordFilter(contact_id=contact_id, company_id=None if contact_id else record_id, limit=1)
    for deal in deals(session, viewer, replace(client, stage_kind=StageKind.OPEN)):
        return RecordType.DEAL, deal.id
    for lead in leads(session, viewer, replace(client, lead_state=LeadState.ACTIVE)):
        return RecordType.LEAD, lead.id
    return None


def _rank(key: RecordKey) -> tuple[int, int]:
    return _ORDER.index(key[0]), key[1]
