"""Setting a task, changing it, doing it. Each call belongs into the caller's unit of work."""

from dataclasses import replace

from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from crm.access.mail import require_readable
from crm.access.notifications import Bell, ring
from crm.access.viewer import Viewer
from crm.records.repository import writing
from crm.records.repository.merges import kept_records
from crm.records.repository.reading import names_of
from crm.work import repository
from crm.work.views import NewTask, RecordKey, TaskChange, TaskView
from storage.models import Activity, ActivityKind, TaskStatus
from storage.sessions import WriteSession

LONGEST_TITLE = 300


def create_task(session: WriteSession, viewer: Viewer, new: NewTask, *, mailed_in: bool = False) -> int:
    """Set a task; its id. Who is made responsible by somebody else hears of it.

    The responsible person may read the message it is made from, so `viewer` must, unless it came to their own secret
    address (`mailed_in`).

    Raises `Forbidden` for guests, `UsageError` without a title or for a person who is not (any more) here, `NotFound`
    for a message that the viewer may not read.
    """
    viewer.require_write()
    if viewer.user_id is None:
        raise UsageError("A task is set by somebody: choose a person.")
    title = _title(new.title)
    _require_person(session, viewer, new.responsible_id)
    if new.message_id is not None and not mailed_in:
        require_readable(session, viewer, new.message_id)
    task_id = repository.insert_task(session, viewer.user_id, replace(new, title=title))
    if new.records:
        bind_task(session, viewer, task_id, new.records)
    _tell_responsible(session, viewer, task_id, new.responsible_id, title)
    return task_id


def bind_task(session: WriteSession, viewer: Viewer, task_id: int, records: tuple[RecordKey, ...]) -> None:
    """Put a task on records, the first of which owns it; from then on it stands in their timelines."""
    viewer.require_write()
    task = repository.task(session, viewer, task_id)
    records = kept_records(session, records)
    there = {(named.type, named.id) for named in task.records}
    known = {(named.type, named.id) for named in names_of(session, viewer, records)}
    if known != set(records):
        raise UsageError("One of these records does not exist any more: choose others.")
    wanted = [key for key in dict.fromkeys(records) if key not in there]
    if not wanted:
        return
    if task.activity_id is None:
        writing.bind(session, writing.add(session, _activity_of(task)), wanted)
    else:
        repository.bind_further(session, task.activity_id, wanted)


def put_on_records(session: WriteSession, viewer: Viewer, task_id: int, records: tuple[RecordKey, ...]) -> None:
    """The same by who has a part in the task. Raises `Forbidden` as `change_task`, `UsageError` for a record that is gone."""
    _task_of(session, viewer, task_id)
    bind_task(session, viewer, task_id, records)


def change_task(
    session: WriteSession, viewer: Viewer, task_id: int, change: TaskChange, *, version: str | None = None
) -> None:
    """Save what somebody edited: of that `version` of the task, which the caller holds, where they say one.

    Raises `Forbidden` for people who have no part in the task, `Conflict` where it is of another version by now.
    """
    task = _task_of(session, viewer, task_id)
    if version not in (None, task.version):
        raise Conflict("Somebody else changed this task meanwhile: read it again, then send yours.")
    title = _title(change.title)
    if change.responsible_id != task.responsible.id:
        _require_person(session, viewer, change.responsible_id)
    shared = {
        "title": title,
        "text": change.text,
        "deadline": change.deadline,
        "responsible_id": change.responsible_id,
    }
    repository.update_task(session, task_id, **shared, priority=change.priority, tags=list(change.tags))
    repository.update_activity(session, task_id, **shared)
    if change.responsible_id != task.responsible.id:
        _tell_responsible(session, viewer, task_id, change.responsible_id, title)


def bind_mail(session: WriteSession, viewer: Viewer, task_id: int, message_id: int) -> None:
    """Let a task be about a mail, and with it the answers that come in its conversation; its people may read the mail then.

    Raises `NotFound` for a mail that the viewer may not read, `Forbidden` as `change_task`, `Conflict` where it has another one.
    """
    task = _task_of(session, viewer, task_id)
    require_readable(session, viewer, message_id)
    if task.message_id not in (None, message_id):
        raise Conflict("This task is about another mail already: take that off first.")
    repository.update_task(session, task_id, message_id=message_id)


def unbind_mail(session: WriteSession, viewer: Viewer, task_id: int) -> int | None:
    """Let a task be about no mail any more; which it was. Raises `Forbidden` as `change_task`."""
    task = _task_of(session, viewer, task_id)
    repository.update_task(session, task_id, message_id=None)
    return task.message_id


def start_task(session: WriteSession, viewer: Viewer, task_id: int) -> None:
    """Say that one is at it. Raises `Conflict` when it is done."""
    task = _task_of(session, viewer, task_id)
    if task.done:
        raise Conflict("This task is done: take it up again first.")
    repository.update_task(session, task_id, status=TaskStatus.STARTED)


def complete_task(session: WriteSession, viewer: Viewer, task_id: int) -> bool:
    """Say that it is done, also in the timelines where it stands; False when it was done already."""
    task = _task_of(session, viewer, task_id)
    if task.done:
        return False
    now = utcnow()
    repository.update_task(session, task_id, status=TaskStatus.DONE, completed_at=now)
    repository.update_activity(session, task_id, completed_at=now, at=now)
    if viewer.user_id is not None and viewer.user_id != task.creator.id:
        key = f"task.done:{task_id}:{int(now.timestamp())}"
        ring(session, [Bell(task.creator.id, key, f"Done: {task.title}", f"/tasks/{task_id}")])
    return True


def reopen_task(session: WriteSession, viewer: Viewer, task_id: int) -> bool:
    """Take a task up again; False when it is not done."""
    task = _task_of(session, viewer, task_id)
    if not task.done:
        return False
    repository.update_task(session, task_id, status=TaskStatus.OPEN, completed_at=None)
    repository.update_activity(session, task_id, completed_at=None)
    return True


def may_delete(viewer: Viewer, task: TaskView) -> bool:
    """Whether the viewer may take a task away from everybody: who set it, and who oversees people."""
    return viewer.may_write and (viewer.may_oversee or viewer.user_id == task.creator.id)


def delete_task(session: WriteSession, viewer: Viewer, task_id: int) -> None:
    """Take a task off all lists and timelines; `restore_task` brings it back. Whoever still had to do it hears of it.

    Raises `NotFound`, also where it was deleted already, and `Forbidden` as `may_delete` says.
    """
    task = repository.task_for_change(session, viewer, task_id)
    _require_own(viewer, task)
    now = utcnow()
    repository.update_task(session, task_id, deleted_at=now)
    repository.update_activity(session, task_id, deleted_at=now)
    if not task.done and task.responsible.id != viewer.user_id:
        key = f"task.deleted:{task_id}:{int(now.timestamp())}"
        ring(session, [Bell(task.responsible.id, key, f"Not to be done any more: {task.title}", "/tasks")])


def restore_task(session: WriteSession, viewer: Viewer, task_id: int) -> bool:
    """Take back that a task was deleted; False where it was not. Raises as `delete_task`."""
    task, was_deleted = repository.task_to_restore(session, viewer, task_id)
    _require_own(viewer, task)
    if not was_deleted:
        return False
    repository.update_task(session, task_id, deleted_at=None)
    repository.update_activity(session, task_id, deleted_at=None)
    if not task.done and task.responsible.id != viewer.user_id:
        key = f"task.restored:{task_id}:{int(utcnow().timestamp())}"
        ring(session, [Bell(task.responsible.id, key, f"To be done after all: {task.title}", f"/tasks/{task_id}")])
    return True


def _require_own(viewer: Viewer, task: TaskView) -> None:
    viewer.require_write()
    if not may_delete(viewer, task):
        raise Forbidden("Only who set this task, or a manager, may delete it.")


def _task_of(session: WriteSession, viewer: Viewer, task_id: int) -> TaskView:
    """A task that the viewer may change: they have a part in it, or manage people."""
    viewer.require_write()
    task = repository.task(session, viewer, task_id)
    if viewer.user_id not in (task.creator.id, task.responsible.id) and not viewer.may_oversee:
        raise Forbidden("Only who set this task, who is responsible for it, or a manager may change it.")
    return task


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise UsageError("A task needs a title.")
    if len(title) > LONGEST_TITLE:
        raise UsageError(f"The title is too long: use at most {LONGEST_TITLE} characters.")
    return title


def _require_person(session: WriteSession, viewer: Viewer, user_id: int) -> None:
    if user_id not in repository.active_people(session, viewer):
        raise UsageError("The responsible person is not here (any more): choose somebody else.")


def _activity_of(task: TaskView) -> Activity:
    return Activity(
        kind=ActivityKind.TASK,
        title=task.title,
        text=task.text,
        at=task.created_at,
        created_at=utcnow(),
        author_id=task.creator.id,
        responsible_id=task.responsible.id,
        task_id=task.id,
        deadline=task.deadline,
        completed_at=task.completed_at,
    )


def _tell_responsible(session: WriteSession, viewer: Viewer, task_id: int, user_id: int, title: str) -> None:
    if user_id != viewer.user_id:
        ring(session, [Bell(user_id, f"task.given:{task_id}", f"New task: {title}", f"/tasks/{task_id}")])
