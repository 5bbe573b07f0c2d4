"""Names of the CRM records that mail stands on, for many messages or threads at once."""

from collections.abc import Iterable

from sqlalchemy import literal, select, union_all

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.conversations.views.records import RecordLink
from storage.models import Activity, ActivityBinding, Company, Contact, Deal, Lead, RecordType
from storage.sessions import ReadSession

Key = tuple[RecordType, int]


def record_links(session: ReadSession, viewer: Viewer, keys: Iterable[Key]) -> dict[Key, RecordLink]:
    """The records that still exist among `keys` and that the viewer may know of, by key. One statement, whatever the mixture."""
    wanted: dict[RecordType, set[int]] = {kind: set() for kind in RecordType}
    for kind, record_id in keys:
        wanted[kind].add(record_id)
    queries = [
        select(literal(kind.value).label("type"), table.id, name.label("name")).where(
            table.id.in_(wanted[kind]), table.deleted_at.is_(None), *within(viewer, kind)
        )
        for kind, table, name in (
            (RecordType.CONTACT, Contact, Contact.name),
            (RecordType.COMPANY, Company, Company.name),
            (RecordType.LEAD, Lead, Lead.title),
            (RecordType.DEAL, Deal, Deal.title),
        )
        if wanted[kind]
    ]
    if not queries:
        return {}
    found = session.execute(union_all(*queries))
    links = (RecordLink(RecordType(kind), record_id, name) for kind, record_id, name in found)
    return {(link.type, link.id): link for link in links}


def bindings_of_thread(session: ReadSession, viewer: Viewer, thread_id: int) -> tuple[RecordLink, ...]:
    """The records that any message of the thread stands on, those that own one first."""
    rows = session.execute(
        select(ActivityBinding.record_type, ActivityBinding.record_id, ActivityBinding.owner)
        .join(Activity, Activity.id == ActivityBinding.activity_id)
        .where(Activity.thread_id == thread_id)
        .order_by(ActivityBinding.owner.desc(), ActivityBinding.id)
    )
    keys = list(dict.fromkeys((kind, record_id) for kind, record_id, _ in rows))
    links = record_links(session, viewer, keys)
    return tuple(links[key] for key in keys if key in links)
