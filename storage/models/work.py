"""Tasks, feed posts, comments and notifications, and the secret addresses that make them by mail."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.record import RecordType
from storage.types import Word


class TaskStatus(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"


class Priority(StrEnum):
    """How much it matters."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Purpose(StrEnum):
    """What mail to a secret address becomes."""

    TASK = "task"
    FEED = "feed"


class IntakeState(StrEnum):
    """What became of a mail to a secret address; `held` waits for its owner's word."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"


_OPEN = text(f"status <> '{TaskStatus.DONE.value}'")
"""Of all tasks few, after some years."""


class Task(Row):
    """Something to be done by somebody; `message_id` names the mail it was made from. One that was deleted keeps its row, for
    undo."""

    __tablename__ = "task"
    constraints = (
        Index(None, "responsible_id", "status"),
        Index(None, "creator_id", "status"),
        Index("ix_task_open", "responsible_id", "deadline", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    status: Mapped[TaskStatus] = mapped_column(Word(TaskStatus), default=TaskStatus.OPEN)
    priority: Mapped[Priority] = mapped_column(Word(Priority), default=Priority.NORMAL)
    deadline: Mapped[datetime | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    creator_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    responsible_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    sender_name: Mapped[str] = mapped_column(default="")
    sender_address: Mapped[str] = mapped_column(default="")
    """Who wrote the mail originally, where a forwarded one became the task."""
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class Post(Row):
    """A message to colleagues, in the feed or the stream: to `everyone`, or to its readers and whoever sees its records.

    `mentions` are `[{"as": "ann", "id": 3}]`. `key`: asked for twice under the same one, it is one post. One that was deleted
    keeps its row, for who answered it and for undo.
    """

    __tablename__ = "post"
    constraints = (Index(None, "key", unique=True),)

    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    title: Mapped[str]
    text: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(default=list)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    everyone: Mapped[bool] = mapped_column(default=True, server_default=true())
    mentions: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    key: Mapped[str | None]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None] = mapped_column(index=True)
    """When anything of it last became otherwise, for pages that show it."""


class PostReader(Row):
    """A colleague whom a post is addressed to, or who is mentioned in it."""

    __tablename__ = "post_reader"
    constraints = (UniqueConstraint("post_id", "user_id"), Index(None, "user_id"))

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class PostMail(Row):
    """A contact or lead to whom a post goes by mail: under which address, and the mail that carries it."""

    __tablename__ = "post_mail"
    constraints = (Index(None, "record_type", "record_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)
    name: Mapped[str]
    address: Mapped[str]
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id", ondelete="SET NULL"), index=True)


class PostFile(Row):
    """A file that came with a post."""

    __tablename__ = "post_file"
    constraints = (UniqueConstraint("post_id", "position"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    position: Mapped[int]
    filename: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigId)
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"), index=True)


class Comment(Row):
    """Somebody's word under a task, post or record activity; `subject_type`: task, post, activity."""

    __tablename__ = "comment"
    constraints = (Index(None, "subject_type", "subject_id"),)

    subject_type: Mapped[str]
    subject_id: Mapped[int] = mapped_column(BigId)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str]
    created_at: Mapped[datetime]
    mentions: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None] = mapped_column(index=True)
    """When anything of it last became otherwise, for pages that show it."""


class Notification(Row):
    """Something a person should know, shown at the bell; `link` is a path of the console."""

    __tablename__ = "notification"
    constraints = (Index(None, "user_id", "read_at"), UniqueConstraint("user_id", "key"))

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str]
    """Tells one cause from another, so that a job that runs twice notifies once."""
    title: Mapped[str]
    link: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class IntakeAddress(Row):
    """A secret address of one person: found by HMAC of its token, shown to its owner by decrypting it."""

    __tablename__ = "intake_address"

    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_lookup: Mapped[str] = mapped_column(unique=True)
    token_encrypted: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IntakeDelivery(Row):
    """One mail that reached a secret address, and what became of it."""

    __tablename__ = "intake_delivery"
    constraints = (UniqueConstraint("intake_address_id", "message_id"), Index(None, "message_id"))

    intake_address_id: Mapped[int] = mapped_column(ForeignKey("intake_address.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    state: Mapped[IntakeState] = mapped_column(Word(IntakeState))
    reason: Mapped[str]
    created_at: Mapped[datetime]
