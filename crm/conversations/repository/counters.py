"""The red numbers of the navigation: one statement for all of them, because every page asks."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, and_, func, or_, select

from crm.access.rights.repository import stands_on_seen, within
from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.threads import waits
from crm.conversations.views.counters import MOST_COUNTED, Counters
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
MOST_UNREAD = 1000
"""Unread copies that are looked at: one mail may lie in several inboxes."""
MOST_PRESSING = 500
"""Records are counted by so many of a person's entries, those with the earliest deadlines."""
ON_RECORDS = (RecordType.LEAD, RecordType.DEAL, RecordType.CONTACT, RecordType.COMPANY)


def section_counters(session: ReadSession, viewer: Viewer, now: datetime, *, reach: Reach | None = None) -> Counters:
    """What needs the viewer's attention at `now`, per section, each up to `MOST_COUNTED`."""
    reach = reach or reach_of(session, viewer)
    inboxes = select(Folder.id).where(Folder.mailbox_id.in_(reach.mailbox_ids), Folder.role == FolderRole.INBOX)
    unread = select(Place.message_id).where(Place.folder_id.in_(inboxes), ~Place.seen).limit(MOST_UNREAD).subquery()
    waiting = select(Activity.id).where(_my_waiting_mail(viewer))
    tasks = select(Task.id).where(Task.responsible_id == viewer.user_id, is_open_task(), Task.deadline < now + DUE_SOON)
    trouble = select(Mailbox.id).where(Mailbox.id.in_(reach.mailbox_ids), Mailbox.state.in_(IN_TROUBLE))
    news = select(Notification.id).where(Notification.user_id == viewer.user_id, Notification.read_at.is_(None))
    stream = select(Activity.id).where(_needs_me(viewer, now), stands_on_seen(viewer, Activity.id))
    of_mine = _records_in_need(viewer, now)
    records = [_there(viewer, of_mine, kind) for kind in ON_RECORDS]
    counted = [select(unread).distinct(), waiting, tasks, stream, *records, trouble, news]
    counts = session.execute(select(*(_counted(rows) for rows in counted))).one()
    return Counters(*counts)


def _counted(rows: Select[Any]) -> ScalarSelect[Any]:
    return select(func.count()).select_from(rows.limit(MOST_COUNTED).subquery()).scalar_subquery()


def _my_waiting_mail(viewer: Viewer) -> ColumnElement[bool]:
    return and_(waits(), Activity.kind == ActivityKind.MAIL, Activity.responsible_id == viewer.user_id)


def _needs_me(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Mail that waits for the viewer's answer, and what they have planned for the next day or should have done."""
    pressing = or_(Activity.kind == ActivityKind.MAIL, Activity.deadline < now + DUE_SOON)
    return and_(waits(), pressing, Activity.responsible_id == viewer.user_id, Activity.deleted_at.is_(None))


def _records_in_need(viewer: Viewer, now: datetime) -> CTE:
    """The records that own one of the viewer's most pressing entries.

    These are limited before they are joined: how little waits for a person no database knows, and would read all bindings for.
    """
    most_pressing = select(Activity.id).where(_needs_me(viewer, now)).order_by(Activity.deadline).limit(MOST_PRESSING)
    entry = most_pressing.subquery()
    owned = select(ActivityBinding.record_type, ActivityBinding.record_id).join(
        entry, entry.c.id == ActivityBinding.activity_id
    )
    return owned.where(ActivityBinding.owner).distinct().cte("waiting")


def _there(viewer: Viewer, waiting: CTE, kind: RecordType) -> Select[tuple[int]]:
    table = TABLES[kind]
    return (
        select(table.id)
        .select_from(waiting)
        .join(table, table.id == waiting.c.record_id)
        .where(waiting.c.record_type == kind, table.deleted_at.is_(None), *within(viewer, kind))
    )
