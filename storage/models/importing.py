"""Imports: what was read of a file, what was chosen, what became of each row, and what it takes to undo that."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.record import RecordType
from storage.types import Word


class ImportState(StrEnum):
    """`reading` → `ready` ⇄ `trying` → `ready` → `running` → `done` → `undoing` → `undone`; without rows, `forgotten`."""

    READING = "reading"
    READY = "ready"
    TRYING = "trying"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FORGOTTEN = "forgotten"


class RowOutcome(StrEnum):
    """What became of a row. `joined`: it is about what an earlier row of the file is about."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    JOINED = "joined"
    REFUSED = "refused"


class Undone(StrEnum):
    """What undoing did with a row's record; `kept` where somebody changed it since."""

    UNDONE = "undone"
    KEPT = "kept"


class ImportRun(Row):
    """A file that was uploaded. `position` is the last row that was dealt with in the present state.

    `record_type`: what its rows are. `counts` by outcome; `trial` the same of the last trial. `user_id` is empty for the
    command line. `stopped` says why it did not go on (empty: it did); `unfinished`: it was stopped before its last row, and
    can go on.
    """

    __tablename__ = "import_run"

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    file_name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[ImportState] = mapped_column(Word(ImportState))
    header: Mapped[list[str]]
    fields: Mapped[list[str]]
    known: Mapped[str]
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    rows: Mapped[int]
    position: Mapped[int]
    dealt_with: Mapped[int]
    counts: Mapped[dict[str, Any]]
    trial: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    stopped: Mapped[str] = mapped_column(default="", server_default="")
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType), server_default=RecordType.CONTACT)
    missing: Mapped[str] = mapped_column(default="refuse", server_default="refuse")
    unfinished: Mapped[bool] = mapped_column(default=False, server_default=false())


class ImportRow(Row):
    """A row of the file by its number there. `outcome` and `changes` are what undoing goes by."""

    __tablename__ = "import_row"
    constraints = (
        UniqueConstraint("run_id", "number"),
        Index(None, "run_id", "record_id"),
        Index("ix_import_row_run_id_outcome", "run_id", "outcome", "number"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    number: Mapped[int]
    cells: Mapped[list[str]]
    outcome: Mapped[RowOutcome | None] = mapped_column(Word(RowOutcome))
    refused_column: Mapped[str]
    refused_because: Mapped[str]
    record_id: Mapped[int | None] = mapped_column(BigId)
    """What it is about: a record of the import's kind."""
    contact_id: Mapped[int | None] = mapped_column(BigId)
    company_id: Mapped[int | None] = mapped_column(BigId)
    """The contact and the company that were made for it."""
    changes: Mapped[dict[str, Any] | None]
    undone: Mapped[Undone | None] = mapped_column(Word(Undone))
