"""What pages, the API and the command line are told about an import."""

from dataclasses import dataclass
from datetime import datetime

from crm.records.importing.choices import OnKnown
from crm.records.importing.fields import Meaning
from storage.models import ImportState, RowOutcome


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by what becomes of them, and how many companies are made. `joined` rows are about people of earlier rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    joined: int = 0
    refused: int = 0
    companies: int = 0

    def with_row(self, outcome: RowOutcome, *, company: bool) -> "Counts":
        """One row more."""
        counted = {name: getattr(self, name) for name in self.__slots__}
        counted[outcome.value] += 1
        counted["companies"] += company
        return Counts(**counted)

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.changed + self.unchanged + self.joined + self.refused


@dataclass(frozen=True, slots=True)
class UndoCounts:
    """Contacts that undoing removed, put back, or kept because somebody changed them since; and companies that it kept."""

    removed: int = 0
    put_back: int = 0
    kept: int = 0
    companies_kept: int = 0


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import. `dealt_with` of `rows` in its present state; `trial` as the last trial says, `counts` as it was done.

    `stopped` is a sentence that says why it did not go on, and what to do; empty where it did.
    """

    id: int
    file_name: str
    kind: str
    state: ImportState
    user_id: int | None
    header: tuple[str, ...]
    fields: tuple[Meaning, ...]
    known: OnKnown
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


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row is not taken: its number in the file, the header of the column (empty: the whole row), a sentence."""

    row: int
    column: str
    reason: str
