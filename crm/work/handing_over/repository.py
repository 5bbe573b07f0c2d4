"""Rows of what is a person's. What is found for a change is held until the unit ends, in the order of ids."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, update

from crm.access.viewer import Viewer
from storage.models import (
    Activity,
    BulkAct,
    BulkEdit,
    BulkEditPart,
    Company,
    Contact,
    Deal,
    Lead,
    Mailbox,
    MailboxState,
    RecordType,
    SavedView,
    Task,
    TaskStatus,
    User,
)
from storage.sessions import ReadSession, WriteSession

_RECORDS: Mapping[str, type[Contact | Company | Lead | Deal]] = {
    RecordType.CONTACT: Contact,
    RecordType.COMPANY: Company,
    RecordType.LEAD: Lead,
    RecordType.DEAL: Deal,
}
TASK, QUEUE, VIEW = "task", "queue", "view"
MOST_COUNTED = 10_000
"""What pages count of each kind; of more they say so."""


def count_theirs(session: ReadSession, viewer: Viewer, user_id: int, *, upto: int | None = None) -> dict[str, int]:
    """How much of each kind is a person's, by the names of `Belonging`; of each at most `upto`."""
    viewer.require_administrator()
    each = [_of(table, user_id).limit(upto) for table in (*_RECORDS.values(), Task, SavedView)]
    counts = [select(func.count()).select_from(one.subquery()).scalar_subquery() for one in each]
    records = dict(zip((*map(str, _RECORDS), TASK, VIEW), session.execute(select(*counts)).one(), strict=True))
    places = len(queues_with(session, user_id))
    return {**{kind: number for kind, number in records.items() if kind != VIEW}, QUEUE: places, VIEW: records[VIEW]}


def goes_on(session: ReadSession, viewer: Viewer, user_id: int) -> BulkEdit | None:
    """The hand-over of a person that has not ended, or is being undone."""
    viewer.require_administrator()
    undoing = BulkEdit.undo_asked_at.is_not(None) & BulkEdit.undone_at.is_(None)
    rows = select(BulkEdit).where(BulkEdit.act == BulkAct.HAND_OVER, BulkEdit.ended_at.is_(None) | undoing)
    return next((row for row in session.execute(rows).scalars() if row.wanted["from"] == user_id), None)


def add(session: WriteSession, row: BulkEdit) -> None:
    """Keep a hand-over."""
    session.add(row)
    session.flush()


def next_ids(session: WriteSession, kind: str, user_id: int, after: int, limit: int) -> list[int]:
    """The next of a person's records of a kind, or of their open tasks, behind that id."""
    table = _RECORDS.get(kind, Task)
    some = _of(table, user_id).where(table.id > after).order_by(table.id).limit(limit)
    return list(session.execute(some.with_for_update()).scalars())


def give_tasks(session: WriteSession, task_ids: Collection[int], to_id: int) -> None:
    """Somebody is responsible for these, also where they stand in timelines."""
    session.execute(update(Task).where(Task.id.in_(task_ids)).values(responsible_id=to_id))
    session.execute(update(Activity).where(Activity.task_id.in_(task_ids)).values(responsible_id=to_id))


def tasks_of(session: WriteSession, task_ids: Collection[int], user_id: int) -> list[int]:
    """Which of these are that person's and open."""
    some = _of(Task, user_id).where(Task.id.in_(task_ids)).order_by(Task.id)
    return list(session.execute(some.with_for_update()).scalars())


def queues_with(session: ReadSession, user_id: int) -> list[int]:
    """Mailboxes in whose queue a person stands."""
    queues = select(Mailbox.id, Mailbox.queue).where(Mailbox.state != MailboxState.REMOVED)
    return [row.id for row in session.execute(queues) if user_id in row.queue]


def mailboxes(session: WriteSession, mailbox_ids: Collection[int]) -> list[Mailbox]:
    """These, as far as they are connected."""
    rows = select(Mailbox).where(Mailbox.id.in_(mailbox_ids), Mailbox.state != MailboxState.REMOVED)
    held = rows.order_by(Mailbox.id).with_for_update().execution_options(populate_existing=True)
    return list(session.execute(held).scalars())


def shared_views(session: WriteSession, user_id: int, view_ids: Collection[int] | None = None) -> list[SavedView]:
    """Views that a person shares, or these of them."""
    rows = select(SavedView).where(SavedView.user_id == user_id, SavedView.shared)
    rows = rows if view_ids is None else rows.where(SavedView.id.in_(view_ids))
    held = rows.order_by(SavedView.id).with_for_update().execution_options(populate_existing=True)
    return list(session.execute(held).scalars())


def hold_views_of(session: WriteSession, user_ids: Collection[int]) -> set[tuple[int, RecordType, str]]:
    """What the views of these people are called; none of them names another one until the unit ends."""
    session.execute(select(User.id).where(User.id.in_(user_ids)).order_by(User.id).with_for_update()).all()
    names = select(SavedView.user_id, SavedView.record_type, SavedView.name).where(SavedView.user_id.in_(user_ids))
    return {(row.user_id, row.record_type, row.name) for row in session.execute(names)}


def note(session: WriteSession, row: BulkEdit, ids: Sequence[int], made: Sequence[Mapping[str, Any]]) -> None:
    """Note what was handed over that has no history, for the undoing."""
    session.add(BulkEditPart(bulk_edit_id=row.id, first=row.done, record_ids=list(ids), made=list(made)))


def next_part(session: WriteSession, row: BulkEdit) -> BulkEditPart | None:
    """The first of what was noted, and not yet put back."""
    parts = select(BulkEditPart).where(BulkEditPart.bulk_edit_id == row.id).order_by(BulkEditPart.first).limit(1)
    return session.execute(parts).scalar()


def drop_part(session: WriteSession, part: BulkEditPart) -> None:
    """It was put back."""
    session.delete(part)


def _of(table: type[Any], user_id: int) -> Select[int]:
    return select(table.id).where(*_theirs(table, user_id))


def _theirs(table: type[Any], user_id: int) -> tuple[ColumnElement[bool], ...]:
    if table is SavedView:
        return SavedView.user_id == user_id, SavedView.shared.is_(True)
    if table is Task:
        # Written out, as the index of open tasks says it.
        is_open = Task.status != literal(TaskStatus.DONE.value, literal_execute=True)
        return Task.responsible_id == user_id, is_open, Task.deleted_at.is_(None)
    return table.responsible_id == user_id, table.deleted_at.is_(None)
