"""What is still to be done on records, and its end."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, literal, literal_column, or_, update

from storage.models import TO_BE_DONE, Activity, Task, TaskStatus
from storage.sessions import WriteSession
from storage.types import UtcDateTime

_KINDS: list[ColumnElement[str]] = [literal_column(f"'{kind.value}'") for kind in TO_BE_DONE]
"""As the index of what is planned has them (`storage.models.activity`)."""


def is_planned() -> ColumnElement[bool]:
    """Whether something is still to be done: it has a deadline, or is a task, call or meeting, and is not completed."""
    to_be_done = or_(Activity.deadline.is_not(None), Activity.kind.in_(_KINDS))
    return and_(Activity.completed_at.is_(None), to_be_done, Activity.deleted_at.is_(None))


def is_open_task() -> ColumnElement[bool]:
    """Whether a task is there and not done yet, in the words of the index of those."""
    done: ColumnElement[TaskStatus] = literal_column(f"'{TaskStatus.DONE.value}'")
    return and_(Task.status != done, Task.deleted_at.is_(None))


def complete(session: WriteSession, which: ColumnElement[bool], now: datetime) -> list[int]:
    """Mark those activities done that are not, and the tasks behind them; the ids of the activities.

    What was planned happened now; a mail keeps the moment it came.
    """
    happened = case((Activity.kind.in_(TO_BE_DONE), literal(now, UtcDateTime())), else_=Activity.at)
    statement = (
        update(Activity)
        .where(which, Activity.completed_at.is_(None))
        .values(completed_at=now, at=happened)
        .returning(Activity.id, Activity.task_id)
        .execution_options(synchronize_session=False)
    )
    ended = session.execute(statement).all()
    mine = [row.task_id for row in ended if row.task_id is not None]
    if mine:
        done = update(Task).where(Task.id.in_(mine), is_open_task())
        done = done.values(status=TaskStatus.DONE, completed_at=now)
        session.execute(done.execution_options(synchronize_session=False))
    return [row.id for row in ended]


def reopen(session: WriteSession, which: ColumnElement[bool]) -> list[int]:
    """Plan those activities again that were completed, and the tasks behind them; the ids of the activities."""
    statement = (
        update(Activity)
        .where(which, Activity.completed_at.is_not(None))
        .values(completed_at=None)
        .returning(Activity.id, Activity.task_id)
        .execution_options(synchronize_session=False)
    )
    begun = session.execute(statement).all()
    mine = [row.task_id for row in begun if row.task_id is not None]
    if mine:
        again = update(Task).where(Task.id.in_(mine)).values(status=TaskStatus.OPEN, completed_at=None)
        session.execute(again.execution_options(synchronize_session=False))
    return [row.id for row in begun]
