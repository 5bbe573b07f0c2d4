"""What happened or is planned on records: the timeline of each, and the activity stream of all."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
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


class Activity(Row):
    """One entry. `deadline` and no `completed_at` means: somebody waits for us.

    `at` is when it happened (a mail's date), `created_at` when we learnt of it.
    """

    __tablename__ = "activity"
    constraints = (
        UniqueConstraint("message_id"),
        Index(None, "at"),
        Index(None, "responsible_id", "completed_at"),
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
    task_id: Mapped[int | None] = mapped_column(BigId, index=True)
    post_id: Mapped[int | None] = mapped_column(BigId, index=True)
    deadline: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]


class ActivityBinding(Row):
    """An activity stands on a record; `owner` marks the one it belongs to first (deal, lead, contact, company)."""

    __tablename__ = "activity_binding"
    constraints = (
        UniqueConstraint("activity_id", "record_type", "record_id"),
        Index(None, "record_type", "record_id"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)
    owner: Mapped[bool]


class Follow(Row):
    """A person who wants to hear of everything on a record."""

    __tablename__ = "follow"
    constraints = (UniqueConstraint("user_id", "record_type", "record_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)
