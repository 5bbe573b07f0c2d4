"""Notifications of people. `key` names the cause, so that a job that runs twice tells once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import utcnow
from crm.access.viewer import Viewer
from storage.models import Notification, Queue
from storage.sessions import ReadSession, WriteSession

TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Bell:
    """Something to tell `user_id`. `link` is a path of the console."""

    user_id: int
    key: str
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification as it is listed."""

    id: int
    title: str
    link: str
    created_at: datetime
    read_at: datetime | None


def ring(session: WriteSession, bells: Iterable[Bell]) -> None:
    """Tell people, on the pages they have open too; whoever was told of the same cause before is not told again."""
    now = utcnow()
    rows = [
        {
            "user_id": bell.user_id,
            "key": bell.key,
            "title": bell.title[:TITLE_LENGTH],
            "link": bell.link,
            "created_at": now,
        }
        for bell in bells
    ]
    if not rows:
        return
    dialect_insert = postgresql.insert if session.on_postgresql else sqlite.insert
    session.execute(dialect_insert(Notification).on_conflict_do_nothing(index_elements=["user_id", "key"]), rows)
    session.queues_to_wake.add(Queue.NOW)


def notices(
    session: ReadSession, viewer: Viewer, *, before_id: int | None = None, unread_only: bool = False, limit: int = 30
) -> list[Notice]:
    """The viewer's notifications, newest first, a page at a time."""
    query = (
        select(
            Notification.id,
            Notification.title,
            Notification.link,
            Notification.created_at,
            Notification.read_at,
        )
        .where(Notification.user_id == viewer.user_id)
        .order_by(Notification.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Notification.id < before_id)
    if unread_only:
        query = query.where(Notification.read_at.is_(None))
    return [Notice(*row) for row in session.execute(query)]


def unread(session: ReadSession, viewer: Viewer) -> int:
    """The number at the bell."""
    query = select(func.count()).where(Notification.user_id == viewer.user_id, Notification.read_at.is_(None))
    return session.execute(query).scalar_one()


def mark_read(session: WriteSession, viewer: Viewer, notice_ids: Sequence[int] | None = None) -> int:
    """Mark the viewer's notifications read (None: all of them); how many were not."""
    statement = update(Notification).where(Notification.user_id == viewer.user_id, Notification.read_at.is_(None))
    if notice_ids is not None:
        statement = statement.where(Notification.id.in_(notice_ids))
    return len(session.execute(statement.values(read_at=utcnow()).returning(Notification.id)).all())
