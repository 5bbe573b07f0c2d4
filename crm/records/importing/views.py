"""What pages, the API and the command line are told about an import."""

from dataclasses import dataclass
from datetime import datetime

from crm.records.importing.deciding import Decision
from crm.records.importing.fields import Meaning
from crm.records.importing.kinds import Missing, OnKnown
from storage.models import ImportState, RecordType


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by what becomes of them, and how many companies and contacts are made for them. `joined` rows are about records of
    earlier rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    joined: int = 0
    refused: int = 0
    companies: int = 0
    contacts: int = 0

    def with_row(self, decision: Decision) -> "Counts":
        """One row more."""
        counted = {name: getattr(self, name) for name in self.__slots__}
        counted[decision.outcome.value] += 1
        counted["companies"] += decision.company is not None
        counted["contacts"] += decision.contact is not None
        return Counts(**counted)

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.changed + self.unchanged + self.joined + self.refused


@dataclass(frozen=True, slots=True)
class UndoCounts:
    """Records that undoing removed, put back, or kept because somebody changed them since; and companies and contacts made
    for them that it kept."""

    removed: int = 0
    put_back: int = 0
    kept: int = 0
    companies_kept: int = 0
    contacts_kept: int = 0


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import of records of the kind `record_type`. `dealt_with` of `rows` in its present state; `trial` as
    the last trial says, `counts` as it was done.

    `stopped` is a sentence that says why it did not go on, and what to do; empty where it did. `unfinished`: rows are left, and
    it can go on. `missing`: what is done with contacts and companies that leads and deals name and that are not here.
    """

    id: int
    record_type: RecordType
    file_name: str
    kind: str
    state: ImportState
    user_id: int | None
    header: tuple[str, ...]
    fields: tuple[Meaning, ...]
    known: OnKnown
    missing: Missing
    responsible_id: int | None
    rows: int
    dealt_with: int
    counts: Counts
    trial: Counts | None
    undo: UndoCounts
    created_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    undone_at: datetime | None
    undo_until: datetime | None
    stopped: str
    unfinished: bool


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row is not taken: its number in the file, the header of the column (empty: the whole row), a sentence."""

    row: int
    column: str
    reason: str
