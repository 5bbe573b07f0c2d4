"""The trial of an import: every row is decided as the run would, on a picture in memory, and no record is written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field

from crm.access.viewer import Viewer
from crm.records.importing.choices import Choices, OnKnown
from crm.records.importing.deciding import Decision, decide
from crm.records.importing.fields import known
from crm.records.importing.picture import Picture
from crm.records.importing.repository import people, runs
from crm.records.importing.values import ChannelKey, Reader, Values
from crm.records.importing.views import Counts, RowError
from parsers.tables.model import TableRow
from storage.models import ImportRow, ImportRun, ImportState, RowOutcome
from storage.running import JobRun
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 400
SYSTEM = Viewer.system()


@dataclass(slots=True)
class Trial:
    """Decides rows one after the other. `choices` and `header` are those of the file."""

    store: Store
    header: Sequence[str]
    choices: Choices
    counts: Counts = field(default_factory=Counts)
    _picture: Picture = field(default_factory=Picture)
    _reader: Reader | None = None

    def decide(self, rows: Sequence[TableRow]) -> list[Decision]:
        """What would become of the next rows."""
        with self.store.database.reading() as session:
            if self._reader is None:
                custom = people.custom_fields(session, SYSTEM)
                self._reader = Reader(self.header, self.choices.fields, people.colleagues(session, SYSTEM), custom)
            read = [self._reader.read(row) for row in rows]
            people.add_companies_to(self._picture, session, *companies_in(read))
            people.add_contacts_to(self._picture, session, *named_in(read), run_id=None)
        decisions = [decide(values, self._picture, self.choices.known, self.choices.responsible_id) for values in read]
        for decision in decisions:
            self.counts = self.counts.with_row(decision.outcome, company=decision.company is not None)
        return decisions


def named_in(read: Iterable[object]) -> tuple[dict[ChannelKey, set[str]], set[int]]:
    """Channels, with what rows call those who have them, and ids by which these rows name people."""
    told = [values for values in read if isinstance(values, Values)]
    channels: dict[ChannelKey, set[str]] = {}
    for values in told:
        for key in values.channels:
            channels.setdefault(key, set()).add(values.called)
    return channels, {values.id for values in told if values.id}


def companies_in(read: Iterable[object]) -> tuple[set[str], set[str]]:
    """Names and domains by which these rows find companies."""
    told = [values for values in read if isinstance(values, Values)]
    domains = {domain for values in told for domain in (values.domain, values.mail_domain)}
    return {values.company for values in told} - {""}, domains - {""}


def try_rows(
    store: Store,
    header: Sequence[str],
    choices: Choices,
    rows: Iterator[TableRow],
) -> tuple[Counts, list[RowError]]:
    """What would become of all rows of a file, and those that would be refused."""
    trial = Trial(store, header, choices)
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
        custom = people.custom_fields(session, SYSTEM)
    if run is None or run.state is not ImportState.TRYING:
        return
    asked = _asked(run)
    trial = Trial(store, run.header, Choices(known(run.fields, custom), OnKnown(run.known), run.responsible_id))
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


def _asked(run: ImportRun) -> tuple[list[str], str, int | None]:
    return run.fields, run.known, run.responsible_id


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
