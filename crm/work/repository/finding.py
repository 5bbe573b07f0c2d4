"""Tasks that are found by what was typed, as far as somebody may see them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from crm.access.rights.repository import sees_every_task, stands_on_seen
from crm.access.viewer import Viewer
from crm.records.repository.planned import is_open_task
from crm.work.repository.words import found_by_words
from storage.models import Activity, Task, TaskStatus
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A task that was searched for."""

    id: int
    title: str
    done: bool


def tasks_found(session: ReadSession, viewer: Viewer, words: str, *, limit: int) -> list[FoundTask]:
    """The newest tasks that are meant by the words; those that are still to be done stand first."""
    meant = [visible(viewer), *found_by_words(session, words)]
    found: list[FoundTask] = []
    for state in (is_open_task(), Task.status == TaskStatus.DONE):
        statement = select(Task.id, Task.title, Task.status).where(state, *meant).order_by(Task.id.desc())
        rows = session.execute(statement.limit(limit - len(found))) if len(found) < limit else ()
        found += [FoundTask(row.id, row.title, row.status is TaskStatus.DONE) for row in rows]
    return found


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Tasks that are there, as far as the viewer may see them."""
    return and_(reachable(viewer), Task.deleted_at.is_(None))


def reachable(viewer: Viewer) -> ColumnElement[bool]:
    """Who oversees people sees every task; others those they have a part in and those that stand on a record that they see."""
    if sees_every_task(viewer):
        return Task.id.is_not(None)
    bound = exists().where(Activity.task_id == Task.id, stands_on_seen(viewer, Activity.id)).correlate(Task)
    return or_(Task.creator_id == viewer.user_id, Task.responsible_id == viewer.user_id, bound)
