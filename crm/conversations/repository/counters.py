"""The red numbers of the navigation: one statement for all of them, because every page asks."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select

from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.threads import waits
from crm.conversations.views.counters import Counters
from crm.conversations.views.reach import Reach
from crm.records.repository.naming import TABLES
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Folder,
    FolderRole,
    Mailbox,
    MailboxState,
    Notification,
    Place,
    RecordType,
    Task,
    TaskStatus,
)
from storage.sessions import ReadSession

IN_TROUBLE = (MailboxState.AUTH_FAILED, MailboxState.UNREACHABLE, MailboxState.THROTTLED)
DUE_SOON = timedelta(hours=24)
ON_RECORDS = (RecordType.LEAD, RecordType.DEAL, RecordType.CONTACT, RecordType.COMPANY)


def section_counters(session: ReadSession, viewer: Viewer, now: datetime, *, reach: Reach | None = None) -> Counters:
    """What needs the viewer's attention at `now`, per section."""
    reach = reach or reach_of(session, viewer)
    inboxes = select(Folder.id).where(Folder.mailbox_id.in_(reach.mailbox_ids), Folder.role == FolderRole.INBOX)
    unread = select(func.count(Place.message_id.distinct())).where(Place.folder_id.in_(inboxes), ~Place.seen)
    waiting = select(func.count(Activity.id)).where(_my_waiting_mail(viewer))
    tasks = select(func.count(Task.id)).where(
        Task.responsible_id == viewer.user_id, Task.status != TaskStatus.DONE, Task.deadline < now + DUE_SOON
    )
    trouble = select(func.count(Mailbox.id)).where(Mailbox.id.in_(reach.mailbox_ids), Mailbox.state.in_(IN_TROUBLE))
    news = select(func.count(Notification.id)).where(
        Notification.user_id == viewer.user_id, Notification.read_at.is_(None)
    )
    records = [_waiting_records(viewer, kind) for kind in ON_RECORDS]
    numbers = [unread, waiting, tasks, *records, trouble, news]
    counts = session.execute(select(*(number.scalar_subquery() for number in numbers))).one()
    return Counters(*counts)


def _my_waiting_mail(viewer: Viewer) -> ColumnElement[bool]:
    return and_(waits(), Activity.kind == ActivityKind.MAIL, Activity.responsible_id == viewer.user_id)


def _waiting_records(viewer: Viewer, kind: RecordType) -> Select[int]:
    table = TABLES[kind]
    return (
        select(func.count(ActivityBinding.record_id.distinct()))
        .join(Activity, Activity.id == ActivityBinding.activity_id)
        .join(table, table.id == ActivityBinding.record_id)
        .where(ActivityBinding.owner, ActivityBinding.record_type == kind, _my_waiting_mail(viewer))
        .where(table.deleted_at.is_(None))
    )
