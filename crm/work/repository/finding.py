"""Tasks that are found by what was typed, as far as somebody may see them."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select

from crm.access.rights.repository import sees_every_task, stands_on_seen
from crm.access.viewer import Viewer
from crm.records.repository.planned import is_open_task
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
    statement = select(Task.id, Task.title, Task.status).where(is_open_task(), visible(viewer), *found_by_words(words))
    rows = session.execute(statement.order_by(Task.id.desc()).limit(limit))
    return [FoundTask(row.id, row.title, row.status is TaskStatus.DONE) for row in rows]


def found_by_words(words: str) -> Iterator[ColumnElement[bool]]:
    """Conditions of `Task` that must all hold: it says each of these."""
    for word in words.split():
        yield or_(Task.title.icontains(word, autoescape=True), Task.text.icontains(word, autoescape=True))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Who oversees people sees every task; others those they have a part in and those that stand on a record that they see."""
    if sees_every_task(viewer):
        return Task.id.is_not(None)
    bound = exists().where(Activity.task_id == Task.id, stands_on_seen(viewer, Activity.id)).correlate(Task)
    return or_(Task.creator_id == viewer.user_id, Task.responsible_id == viewer.user_id, bound)
