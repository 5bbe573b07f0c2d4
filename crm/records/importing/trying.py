"""The trial of an import: every row is decided as the run would, on a picture in memory, and no record is written."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from crm.access.viewer import Viewer
from crm.office.settings import formats_for, read_office
from crm.records.importing.choices import Choices
from crm.records.importing.deciding import Decision, decide
from crm.records.importing.fields import Meaning, known
from crm.records.importing.kinds import KINDS, Kind
from crm.records.importing.named import named_in
from crm.records.importing.picture import Picture
from crm.records.importing.repository import knowing, runs
from crm.records.importing.values import Reader
from crm.records.importing.views import Counts, RowError
from parsers.tables.model import TableRow
from storage.models import ImportRow, ImportRun, ImportState, RowOutcome
from storage.running import JobRun
from storage.sessions import ReadSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 400
SYSTEM = Viewer.system()


@dataclass(slots=True)
class Trial:
    """Decides rows one after the other. `choices` and `header` are those of the file, `kind` what its rows are."""

    store: Store
    kind: Kind
    header: Sequence[str]
    choices: Choices
    user_id: int | None
    """Who brought the file, in their formats."""
    counts: Counts = field(default_factory=Counts)
    _picture: Picture | None = None
    _reader: Reader | None = None

    def decide(self, rows: Sequence[TableRow]) -> list[Decision]:
        """What would become of the next rows."""
        with self.store.database.reading() as session:
            if self._reader is None:
                self._reader = reader_of(session, self.kind, self.header, self.choices.fields, self.user_id)
                self._picture = Picture(self.kind, stages=self._reader.stages)
            picture = self._picture or Picture(self.kind)
            read = [self._reader.read(row) for row in rows]
            knowing.add_known_to(picture, session, named_in(read, self.kind), run_id=None)
        decisions = [decide(values, picture, self.choices) for values in read]
        for decision in decisions:
            self.counts = self.counts.with_row(decision)
        return decisions


def reader_of(
    session: ReadSession, kind: Kind, header: Sequence[str], fields: Sequence[Meaning], user_id: int | None
) -> Reader:
    """What reads the rows of a file that a person has brought; a custom field that was removed since is left out."""
    custom = knowing.custom_fields(session, SYSTEM, kind.type)
    return Reader(
        header,
        known(fields, custom),
        knowing.colleagues(session, SYSTEM),
        custom,
        kind,
        knowing.stages_of(session, SYSTEM, kind.type),
        formats_for(session, user_id),
        read_office(session),
    )


def try_rows(
    store: Store,
    kind: Kind,
    header: Sequence[str],
    choices: Choices,
    rows: Iterator[TableRow],
    user_id: int | None = None,
) -> tuple[Counts, list[RowError]]:
    """What would become of all rows of a file, and those that would be refused."""
    trial = Trial(store, kind, header, choices, user_id)
    refused: list[RowError] = []
    while some := [row for _, row in zip(range(AT_ONCE), rows, strict=False)]:
        for row, decision in zip(some, trial.decide(some), strict=True):
            if decision.refusal is not None:
                refused.append(RowError(row.number, decision.refusal.column, decision.refusal.reason))
    return trial.counts, refused


def try_in_job(run: JobRun) -> None:
    """The job. What an interrupted one has found is found again."""
    try_run(run.store, run.args.run_id)
    with run.completing():
        pass


def try_run(store: Store, run_id: int) -> None:
    """Try an import that waits for it; its refused rows say why."""
    with store.database.reading() as session:
        run = runs.run_row(session, run_id)
    if run is None or run.state is not ImportState.TRYING:
        return
    asked = _asked(run)
    trial = Trial(store, KINDS[run.record_type], run.header, runs.choices_of(run), run.user_id)
    number = 0
    while True:
        with store.database.reading() as session:
            rows = runs.rows_after(session, SYSTEM, run_id, number, AT_ONCE)
        marks = _marks(rows, trial.decide(runs.table_rows(rows)))
        with store.database.unit_of_work(Urgency.BULK) as session:
            run = runs.run_for_change(session, run_id)
            if run.state is not ImportState.TRYING or _asked(run) != asked:
                return  # It was stopped, and perhaps is tried with other choices by now.
            runs.change_rows(session, marks)
            run.dealt_with = trial.counts.rows
            if not rows:
                run.state, run.trial = ImportState.READY, asdict(trial.counts)
                return
        number = rows[-1].number


def _asked(run: ImportRun) -> tuple[list[str], str, int | None, str]:
    return run.fields, run.known, run.responsible_id, run.missing


def _marks(rows: list[ImportRow], decisions: list[Decision]) -> list[dict[str, object]]:
    """Changes of rows that are refused now, or were by an earlier trial."""
    marks: list[dict[str, object]] = []
    for row, decision in zip(rows, decisions, strict=True):
        refusal = decision.refusal
        if refusal is not None or row.outcome is RowOutcome.REFUSED:
            marks.append(
                {
                    "id": row.id,
                    "outcome": RowOutcome.REFUSED if refusal else None,
                    "refused_column": refusal.column if refusal else "",
                    "refused_because": refusal.reason if refusal else "",
                }
            )
    return marks
