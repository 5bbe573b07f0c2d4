"""Lists of tasks, one task, and what is written about them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from core.clock import utcnow
from core.errors import NotFound
from core.versions import version_of
from crm.access.viewer import Viewer
from crm.records.repository.planned import is_open_task
from crm.records.repository.reading import names_of
from crm.records.views import Named, Person
from crm.work.repository.finding import reachable, visible
from crm.work.repository.words import found_by_words, keep_words
from crm.work.views import NewTask, Part, RecordKey, TaskCounters, TaskFilter, TaskView
from storage.models import Activity, ActivityBinding, Comment, Task, TaskStatus, User
from storage.models import Part as FilePart
from storage.sessions import ReadSession, WriteSession
from storage.types import UtcDateTime

DUE_SOON = timedelta(hours=24)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Where tasks without a deadline stand in a list by deadline."""
SAID = frozenset({"title", "text", "tags", "sender_name", "sender_address"})
"""The columns by whose words tasks are found."""
NOT_THERE = "There is no such task."
DELETED = "This task was deleted."


def tasks(session: ReadSession, viewer: Viewer, wanted: TaskFilter) -> list[TaskView]:
    """A list: open tasks by deadline (those without one last), done ones by when they were done, newest first."""
    query = _rows().where(*_conditions(session, viewer, wanted)).order_by(*_order(wanted)).limit(wanted.limit)
    if wanted.after is not None:
        query = query.where(_behind(wanted))
    return _views(session, viewer, query)


def task(session: ReadSession, viewer: Viewer, task_id: int) -> TaskView:
    """One task. Raises `NotFound` when there is none for this viewer, or it was deleted."""
    found = _views(session, viewer, _rows().where(Task.id == task_id, visible(viewer)))
    if not found:
        once = select(Task.id).where(Task.id == task_id, reachable(viewer))
        raise NotFound(DELETED if session.execute(once).first() else NOT_THERE)
    return found[0]


def task_to_restore(session: WriteSession, viewer: Viewer, task_id: int) -> tuple[TaskView, bool]:
    """A task that nobody else changes until this unit ends, and whether it was deleted. Raises `NotFound`."""
    held = select(Task.deleted_at).where(Task.id == task_id, reachable(viewer)).with_for_update()
    row = session.execute(held).one_or_none()
    if row is None:
        raise NotFound(NOT_THERE)
    return _views(session, viewer, _rows().where(Task.id == task_id))[0], row.deleted_at is not None


def counters(session: ReadSession, viewer: Viewer, now: datetime) -> dict[Part, TaskCounters]:
    """The numbers beside the lists, in one statement."""
    parts = (Part.RESPONSIBLE, Part.SET_BY_ME)
    columns: list[Any] = []
    for part in parts:
        mine = _has_part(viewer, part)
        late, soon = Task.deadline < now, Task.deadline.between(now, now + DUE_SOON)
        columns += [func.count().filter(mine), func.count().filter(mine, late), func.count().filter(mine, soon)]
    open_ones = (is_open_task(), or_(*(_has_part(viewer, part) for part in parts)))
    row = session.execute(select(*columns).select_from(Task).where(*open_ones)).one()
    return {part: TaskCounters(*row[3 * at : 3 * at + 3]) for at, part in enumerate(parts)}


def task_for_change(session: WriteSession, viewer: Viewer, task_id: int) -> TaskView:
    """One task that nobody else changes until this unit ends. Raises `NotFound`."""
    session.execute(select(Task.id).where(Task.id == task_id).with_for_update())
    return task(session, viewer, task_id)


def active_people(session: ReadSession, viewer: Viewer) -> dict[int, tuple[str, str]]:
    """Name and e-mail of everybody who may be made responsible."""
    del viewer
    rows = session.execute(select(User.id, User.name, User.email).where(User.active.is_(True)))
    return {row.id: (row.name, row.email) for row in rows}


def insert_task(session: WriteSession, creator_id: int, new: NewTask) -> int:
    """Store a task."""
    values = {
        "title": new.title,
        "text": new.text,
        "status": TaskStatus.OPEN,
        "priority": new.priority,
        "deadline": new.deadline,
        "tags": list(new.tags),
        "creator_id": creator_id,
        "responsible_id": new.responsible_id,
        "message_id": new.message_id,
        "sender_name": new.sender_name,
        "sender_address": new.sender_address,
        "created_at": utcnow(),
    }
    task_id = session.execute(insert(Task).values(**values).returning(Task.id)).scalar_one()
    keep_words(session, task_id)
    return task_id


def bind_further(session: WriteSession, activity_id: int, records: Sequence[RecordKey]) -> None:
    """Put an activity that has its owner on further records."""
    rows = [
        {"activity_id": activity_id, "record_type": record_type, "record_id": record_id, "owner": False}
        for record_type, record_id in records
    ]
    session.execute(insert(ActivityBinding), rows)


def records_of_message(session: ReadSession, viewer: Viewer, message_id: int) -> tuple[RecordKey, ...]:
    """The records on which a message stands, the owner first."""
    query = (
        select(ActivityBinding.record_type, ActivityBinding.record_id)
        .join(Activity, Activity.id == ActivityBinding.activity_id)
        .where(Activity.message_id == message_id)
        .order_by(ActivityBinding.owner.desc(), ActivityBinding.id)
    )
    keys = list(session.execute(query))
    there = {(named.type, named.id) for named in names_of(session, viewer, keys)}
    return tuple(key for key in keys if key in there)


def update_task(session: WriteSession, task_id: int, **values: Any) -> None:
    """Change columns of a task."""
    session.execute(update(Task).where(Task.id == task_id).values(**values))
    if SAID & values.keys():
        keep_words(session, task_id)


def update_activity(session: WriteSession, task_id: int, **values: Any) -> None:
    """Change the timeline's entry of a task, where it has one."""
    session.execute(update(Activity).where(Activity.task_id == task_id).values(**values))


def _rows() -> Select[*tuple[Any, ...]]:
    creator, responsible = aliased(User), aliased(User)
    files = select(func.count()).where(FilePart.message_id == Task.message_id).scalar_subquery()
    said = select(func.count()).where(Comment.subject_type == "task", Comment.subject_id == Task.id).scalar_subquery()
    return (
        select(Task, creator.id, creator.name, responsible.id, responsible.name, Activity.id, files, said)
        .join(creator, creator.id == Task.creator_id)
        .join(responsible, responsible.id == Task.responsible_id)
        .outerjoin(Activity, Activity.task_id == Task.id)
    )


def _conditions(session: ReadSession, viewer: Viewer, wanted: TaskFilter) -> list[ColumnElement[bool]]:
    done = and_(Task.status == TaskStatus.DONE, Task.deleted_at.is_(None))
    conditions: list[ColumnElement[bool]] = [done if wanted.done else is_open_task()]
    conditions.append(visible(viewer) if wanted.part is Part.ANY else _has_part(viewer, wanted.part))
    conditions += found_by_words(session, wanted.words)
    if wanted.ids is not None:
        conditions.append(Task.id.in_(wanted.ids))
    if wanted.record is not None:
        conditions.append(_on_record(wanted.record[0], wanted.record[1]))
    return conditions


def _has_part(viewer: Viewer, part: Part) -> ColumnElement[bool]:
    column = Task.creator_id if part is Part.SET_BY_ME else Task.responsible_id
    return column == viewer.user_id


def _on_record(record_type: Any, record_id: int) -> ColumnElement[bool]:
    """Whether the task's activity stands on the record."""
    here = and_(ActivityBinding.record_type == record_type, ActivityBinding.record_id == record_id)
    return Task.id.in_(
        select(Activity.task_id).join(ActivityBinding, ActivityBinding.activity_id == Activity.id).where(here)
    )


def _open_key(table: Any) -> ColumnElement[datetime]:
    return func.coalesce(table.deadline, literal(NEVER, UtcDateTime()))


def _done_key(table: Any) -> ColumnElement[datetime]:
    return func.coalesce(table.completed_at, table.created_at)


def _order(wanted: TaskFilter) -> tuple[Any, Any]:
    return (_done_key(Task).desc(), Task.id.desc()) if wanted.done else (_open_key(Task), Task.id)


def _behind(wanted: TaskFilter) -> ColumnElement[bool]:
    """Whether a task stands behind the last one of the page before."""
    last, key = aliased(Task), _done_key if wanted.done else _open_key
    anchor = select(key(last)).where(last.id == wanted.after).scalar_subquery()
    mine = key(Task)
    if wanted.done:
        return or_(mine < anchor, and_(mine == anchor, Task.id < wanted.after))
    return or_(mine > anchor, and_(mine == anchor, Task.id > wanted.after))


def _views(session: ReadSession, viewer: Viewer, query: Select[*tuple[Any, ...]]) -> list[TaskView]:
    rows = session.execute(query).all()
    records = _records(session, viewer, [row[5] for row in rows if row[5] is not None])
    return [
        TaskView(
            id=row.id,
            title=row.title,
            text=row.text,
            status=row.status,
            priority=row.priority,
            deadline=row.deadline,
            tags=tuple(row.tags),
            creator=Person(creator_id, creator_name),
            responsible=Person(responsible_id, responsible_name),
            message_id=row.message_id,
            sender_name=row.sender_name,
            sender_address=row.sender_address,
            created_at=row.created_at,
            completed_at=row.completed_at,
            activity_id=activity_id,
            records=records.get(activity_id, ()),
            attachments=files,
            comments=said,
            version=_version(row),
        )
        for row, creator_id, creator_name, responsible_id, responsible_name, activity_id, files, said in rows
    ]


def _version(row: Task) -> str:
    deadline = row.deadline and row.deadline.isoformat()
    return version_of([row.title, row.text, row.responsible_id, row.priority, deadline, list(row.tags)])


def _records(session: ReadSession, viewer: Viewer, activity_ids: Sequence[int]) -> dict[int, tuple[Named, ...]]:
    """The records of each activity, the owner first."""
    if not activity_ids:
        return {}
    bindings = session.execute(
        select(ActivityBinding.activity_id, ActivityBinding.record_type, ActivityBinding.record_id)
        .where(ActivityBinding.activity_id.in_(activity_ids))
        .order_by(ActivityBinding.owner.desc(), ActivityBinding.id)
    ).all()
    names = names_of(session, viewer, [(row.record_type, row.record_id) for row in bindings])
    by_key = {(name.type, name.id): name for name in names}
    found: dict[int, tuple[Named, ...]] = {}
    for row in bindings:
        if (name := by_key.get((row.record_type, row.record_id))) is not None:
            found[row.activity_id] = (*found.get(row.activity_id, ()), name)
    return found
