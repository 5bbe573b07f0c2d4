"""Lists of records as people keep them: saved views, and edits of many records at once."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.record import RecordType
from storage.types import Word


class SavedView(Row):
    """A list with its filter and order under a name: `query` is what stands behind the `?` of its address."""

    __tablename__ = "saved_view"
    constraints = (UniqueConstraint("user_id", "record_type", "name"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    name: Mapped[str]
    query: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)
    """Whether colleagues see it too."""
    created_at: Mapped[datetime]


class BulkAct(StrEnum):
    """What is done to each of many records: fields set, into the recycle bin, into another stage, everything of one person handed
    to others."""

    EDIT = "edit"
    DELETE = "delete"
    MOVE = "move"
    HAND_OVER = "hand_over"


class BulkEdit(Row):
    """One act on many records: how many, what is to change, and how far it is. `refused` are the first of the
    `refused_count` records that could not be changed, with the reason. `stopped` says why it did not go on to its end.

    A hand-over is of records of all kinds and of tasks, and finds them as it goes: `record_type` is the first kind that it asks
    for, `total` 0 until they are counted, and what `refused` names says its `kind`.

    While it is undone, `undone` counts as `done` did, and `undone_to` is how far: the last change of an edit that was looked at;
    of other acts how many records were passed.
    """

    __tablename__ = "bulk_edit"

    act: Mapped[BulkAct] = mapped_column(Word(BulkAct), default=BulkAct.EDIT, server_default="edit")

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    at: Mapped[datetime]
    total: Mapped[int] = mapped_column(server_default="0")
    wanted: Mapped[dict[str, Any]]
    done: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    ended_at: Mapped[datetime | None]
    undo_asked_at: Mapped[datetime | None]
    undone: Mapped[int] = mapped_column(default=0)
    undone_to: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    kept: Mapped[int] = mapped_column(default=0)
    """Changes that were not undone, because somebody changed the same field since."""
    undone_at: Mapped[datetime | None]
    refused_count: Mapped[int] = mapped_column(default=0, server_default="0")
    unfit: Mapped[int] = mapped_column(default=0, server_default="0")
    """Fields that were not undone, because what had stood there can not stand there any more."""
    stopped: Mapped[str] = mapped_column(default="", server_default="")


class BulkEditPart(Row):
    """Some of the records of an edit, for a unit of work does not read all: `first` is the place of the first of them.

    `made` is what undoing needs of those to which it was done, where the history of their fields does not tell it.
    """

    __tablename__ = "bulk_edit_part"
    constraints = (UniqueConstraint("bulk_edit_id", "first"),)

    bulk_edit_id: Mapped[int] = mapped_column(ForeignKey("bulk_edit.id", ondelete="CASCADE"))
    first: Mapped[int]
    record_ids: Mapped[list[int]]
    made: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
