"""What happened or is planned on records: the timeline of each, and the activity stream of all."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, TextClause, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.message import Direction
from storage.models.record import RecordType
from storage.types import Word


class ActivityKind(StrEnum):
    """Kinds of entries in a timeline."""

    MAIL = "mail"
    TASK = "task"
    COMMENT = "comment"
    CALL = "call"
    MEETING = "meeting"
    STAGE_CHANGE = "stage_change"
    MERGED = "merged"
    CREATED = "created"
    POST = "post"
    FILE = "file"


TO_BE_DONE = (ActivityKind.TASK, ActivityKind.CALL, ActivityKind.MEETING)
PLANNED = (
    f"completed_at IS NULL AND (deadline IS NOT NULL OR kind IN ({', '.join(repr(kind.value) for kind in TO_BE_DONE)}))"
)
"""Something is still to be done, as SQL: SQLite uses an index of such rows only where it is asked in the same words."""
NO_MAIL = "kind <> 'mail'"
"""One of a hundred, as a rule; as SQL for the same reason."""


def _some(name: str, columns: tuple[str, ...], such: str) -> Index:
    """An index of the few rows of which something is true: it costs a mail's entry nothing."""
    where: TextClause = text(such)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Activity(Row):
    """One entry. `deadline` and no `completed_at` means: somebody waits for us.

    `at` is when it happened (a mail's date), `created_at` when we learnt of it. Calls and meetings may last so many
    `minutes`, take place somewhere, and be told of `remind_minutes` before: at `remind_at`, which is empty once that was done.
    """

    __tablename__ = "activity"
    constraints = (
        UniqueConstraint("message_id"),
        Index(None, "at"),
        Index(None, "responsible_id", "at"),
        _some("ix_activity_author_id_at", ("author_id", "at"), "author_id IS NOT NULL"),
        _some("ix_activity_planned", ("responsible_id", "deadline"), PLANNED),
        _some("ix_activity_kind_at", ("kind", "at"), NO_MAIL),
        _some("ix_activity_remind_at", ("remind_at",), "remind_at IS NOT NULL"),
        _some("ix_activity_task_id", ("task_id",), "task_id IS NOT NULL"),
        _some("ix_activity_post_id", ("post_id",), "post_id IS NOT NULL"),
    )

    kind: Mapped[ActivityKind] = mapped_column(Word(ActivityKind))
    direction: Mapped[Direction | None] = mapped_column(Word(Direction))
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(BigId)
    post_id: Mapped[int | None] = mapped_column(BigId)
    deadline: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    place: Mapped[str | None]
    remind_minutes: Mapped[int | None]
    remind_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class ActivityBinding(Row):
    """An activity stands on a record; `owner` marks the one it belongs to first (deal, lead, contact, company).

    `at` and `planned` are the activity's: the database keeps them so, and a record's story goes by their index.
    """

    __tablename__ = "activity_binding"
    constraints = (
        UniqueConstraint("activity_id", "record_type", "record_id"),
        Index("ix_activity_binding_story", "record_type", "record_id", "planned", "at", "activity_id"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)
    owner: Mapped[bool]
    at: Mapped[datetime | None]
    planned: Mapped[bool | None]


class Follow(Row):
    """A person who wants to hear of everything on a record."""

    __tablename__ = "follow"
    constraints = (UniqueConstraint("user_id", "record_type", "record_id"), Index(None, "record_type", "record_id"))

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)
