"""The red numbers of the navigation: one statement for all of them, because every page asks."""

from datetime import datetime, timedelta

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select

from crm.access.rights.repository import stands_on_seen, within
from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.threads import waits
from crm.conversations.views.counters import Counters
from crm.conversations.views.mailboxes import IN_TROUBLE
from crm.conversations.views.reach import Reach
from crm.records.repository.naming import TABLES
from crm.records.repository.planned import is_open_task
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Folder,
    FolderRole,
    Mailbox,
    Notification,
    Place,
    RecordType,
    Task,
)
from storage.sessions import ReadSession

DUE_SOON = timedelta(hours=24)
ON_RECORDS = (RecordType.LEAD, RecordType.DEAL, RecordType.CONTACT, RecordType.COMPANY)


def section_counters(session: ReadSession, viewer: Viewer, now: datetime, *, reach: Reach | None = None) -> Counters:
    """What needs the viewer's attention at `now`, per section."""
    reach = reach or reach_of(session, viewer)
    inboxes = select(Folder.id).where(Folder.mailbox_id.in_(reach.mailbox_ids), Folder.role == FolderRole.INBOX)
    unread = select(func.count(Place.message_id.distinct())).where(Place.folder_id.in_(inboxes), ~Place.seen)
    waiting = select(func.count(Activity.id)).where(_my_waiting_mail(viewer))
    tasks = select(func.count(Task.id)).where(
        Task.responsible_id == viewer.user_id, is_open_task(), Task.deadline < now + DUE_SOON
    )
    trouble = select(func.count(Mailbox.id)).where(Mailbox.id.in_(reach.mailbox_ids), Mailbox.state.in_(IN_TROUBLE))
    news = select(func.count(Notification.id)).where(
        Notification.user_id == viewer.user_id, Notification.read_at.is_(None)
    )
    stream = select(func.count(Activity.id)).where(_needs_me(viewer, now), stands_on_seen(viewer, Activity.id))
    of_mine = _records_in_need(viewer, now)
    records = [_count_there(viewer, of_mine, kind) for kind in ON_RECORDS]
    numbers = [unread, waiting, tasks, stream, *records, trouble, news]
    counts = session.execute(select(*(number.scalar_subquery() for number in numbers))).one()
    return Counters(*counts)


def _my_waiting_mail(viewer: Viewer) -> ColumnElement[bool]:
    return and_(waits(), Activity.kind == ActivityKind.MAIL, Activity.responsible_id == viewer.user_id)


def _needs_me(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Mail that waits for the viewer's answer, and what they have planned for the next day or should have done."""
    pressing = or_(Activity.kind == ActivityKind.MAIL, Activity.deadline < now + DUE_SOON)
    return and_(waits(), pressing, Activity.responsible_id == viewer.user_id)


def _records_in_need(viewer: Viewer, now: datetime) -> CTE:
    """The records that own something which needs the viewer.

    Each is looked up by its entry: what waits for a person is little, which no database knows, and would read all bindings for.
    """
    owner = (ActivityBinding.activity_id == Activity.id, ActivityBinding.owner)
    kind = select(ActivityBinding.record_type).where(*owner).limit(1).scalar_subquery()
    record_id = select(ActivityBinding.record_id).where(*owner).limit(1).scalar_subquery()
    rows = select(kind.label("record_type"), record_id.label("record_id")).select_from(Activity)
    return rows.where(_needs_me(viewer, now)).distinct().cte("waiting")


def _count_there(viewer: Viewer, waiting: CTE, kind: RecordType) -> Select[int]:
    table = TABLES[kind]
    return (
        select(func.count())
        .select_from(waiting)
        .join(table, table.id == waiting.c.record_id)
        .where(waiting.c.record_type == kind, table.deleted_at.is_(None), *within(viewer, kind))
    )
