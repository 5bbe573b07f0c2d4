"""Work to be done (the outbox row *is* the job) and who may do it (leases)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, BigId, Row
from storage.types import Word


class Queue(StrEnum):
    """Who waits: a person now, mail that should flow, or bulk work that may take its time."""

    NOW = "now"
    MAIL = "mail"
    BULK = "bulk"


class JobState(StrEnum):
    """The life of a job; drawn in the docstring of `storage`."""

    DUE = "due"
    HANDED = "handed"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Outbox(Row):
    """One job. `key` makes it unique where asked for: the same key enqueued twice is one job."""

    __tablename__ = "outbox"
    constraints = (Index(None, "state", "queue", "due_at"),)

    job: Mapped[str]
    queue: Mapped[Queue] = mapped_column(Word(Queue))
    args: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[JobState] = mapped_column(Word(JobState), default=JobState.DUE)
    due_at: Mapped[datetime]
    until: Mapped[datetime | None]
    """A handed or running job whose `until` has passed is due again."""
    fence: Mapped[int] = mapped_column(BigId, default=0)
    """Grows with every hand-over; only the holder of the newest may finish the job."""
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Lease(Base):
    """The right to work on a named thing until `expires_at` (database time); `fence` grows with every holder."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    fence: Mapped[int] = mapped_column(BigId)
    expires_at: Mapped[datetime]
