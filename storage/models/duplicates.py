"""Records that may be the same, and what was moved when some were merged, so that it can be taken back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.record import RecordType
from storage.types import Word


class RecordMerge(Row):
    """Some records became one. `fields` holds value before and after of each of its columns that changed.

    Kept as long as it can be taken back.
    """

    __tablename__ = "record_merge"
    constraints = (Index(None, "record_type", "survivor_id"), Index(None, "at"))

    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    survivor_id: Mapped[int] = mapped_column(BigId)
    others: Mapped[list[int]]
    fields: Mapped[dict[str, Any]]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    moved_at: Mapped[datetime | None]
    """When the survivor had everything: long timelines move some thousand rows at a time."""
    undone_at: Mapped[datetime | None]
    stopped: Mapped[str] = mapped_column(default="", server_default="")
    """Why what is left to be moved, or given back, was given up; empty where it was not."""


class MergePart(Row):
    """What one statement of a merge moved from `record_id`: ids of rows of `table` that name the survivor in `column` now,
    and rows that it dropped because the survivor had their like."""

    __tablename__ = "merge_part"

    merge_id: Mapped[int] = mapped_column(ForeignKey("record_merge.id", ondelete="CASCADE"), index=True)
    record_id: Mapped[int] = mapped_column(BigId)
    table: Mapped[str]
    column: Mapped[str]
    moved: Mapped[list[int]]
    dropped: Mapped[list[dict[str, Any]]]


class DuplicatePair(Row):
    """Two records that look the same by `reason`: email, phone, name or domain.

    `dismissed_at`: since then they are not proposed, for a person said that they are two.
    """

    __tablename__ = "duplicate_pair"
    constraints = (UniqueConstraint("record_type", "first_id", "second_id"), Index(None, "record_type", "second_id"))

    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    first_id: Mapped[int] = mapped_column(BigId)
    second_id: Mapped[int] = mapped_column(BigId)
    """The greater of both ids."""
    reason: Mapped[str]
    found_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
