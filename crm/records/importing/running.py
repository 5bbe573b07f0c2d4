"""The run of an import: some rows a unit of work, and how far it is in the same commit.

    rows are read and understood ──▶ one unit of work: the import's row is held, people are looked up, decided, written
         ▲                                                                             │
         └──────────────────────── killed, or another process was faster ◀────────────┘

Whoever comes next goes on behind the last row, so any number of processes may do it at once. A unit takes as many rows as
fit into `GOAL` seconds on this machine: on SQLite others wait for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from time import perf_counter

from core.clock import utcnow
from core.errors import NotFound
from core.logging import get_logger
from crm.access.roles.viewers import viewer_of
from crm.access.viewer import Viewer
from crm.records.importing.deciding import decide
from crm.records.importing.kinds import KINDS
from crm.records.importing.named import named_in
from crm.records.importing.picture import Picture
from crm.records.importing.repository import knowing, runs
from crm.records.importing.stopping import NO_LEADS, NO_RIGHTS, stop
from crm.records.importing.storing import Storing
from crm.records.importing.trying import reader_of
from crm.records.importing.values import ChannelKey, Reader, Refusal, Values
from crm.records.importing.views import ImportView
from crm.records.modes import read_mode
from crm.records.repository.standing import keep_records
from storage.held_keys import hold_keys
from storage.models import ImportRow, ImportRun, ImportState, RecordType
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

GOAL = 0.025
FEWEST, MOST = 5, 200
SYSTEM = Viewer.system()
Progress = Callable[[ImportView], None]

log = get_logger(__name__)


def run_in_job(run: JobRun) -> None:
    """The job: all rows that are left."""
    run_all(run.store, run.args.run_id)
    with run.completing():
        pass


def run_all(store: Store, run_id: int, on_progress: Progress = lambda _: None) -> ImportView:
    """Import row after row until none is left. Raises `NotFound` where there is no such import."""
    running = Running(store, run_id)
    while (view := running.step()).state is ImportState.RUNNING:
        on_progress(view)
    return view


@dataclass(slots=True)
class Running:
    """One process's share of a run."""

    store: Store
    run_id: int
    at_once: int = 25
    _crowded: set[ChannelKey] = field(default_factory=set)
    """Phones that were a switchboard's in earlier units: that is not asked again."""

    def step(self) -> ImportView:
        """One unit of work more, if there is any to do."""
        with self.store.database.reading() as session:
            run = runs.run_row(session, self.run_id)
            if run is None:
                raise NotFound(runs.NOT_THERE)
            if run.state is not ImportState.RUNNING:
                return runs.view_of(run)
            rows = runs.rows_after(session, SYSTEM, self.run_id, run.position, self.at_once)
            reader = reader_of(session, KINDS[run.record_type], run.header, run.fields, run.user_id)
        read = [reader.read(row) for row in runs.table_rows(rows)]
        with self.store.database.unit_of_work(Urgency.BULK) as session:
            began = perf_counter()
            view = self._take(session, run.position, rows, read, reader)
            took = perf_counter() - began
        self._pace(len(rows), took)
        return view

    def _take(
        self,
        session: WriteSession,
        position: int,
        rows: list[ImportRow],
        read: Sequence[Values | Refusal],
        reader: Reader,
    ) -> ImportView:
        keep_records(session)
        kind = reader.kind
        knowing.hold_stages(session, kind.type)
        is_classic = kind.type is not RecordType.LEAD or read_mode(session, held=True).is_classic
        run = runs.run_for_change(session, self.run_id)
        if run.state is not ImportState.RUNNING or run.position != position:
            return runs.view_of(run)  # Another process was faster.
        if not viewer_of(session, run.user_id).may_import_all(kind.type):
            stop(run, NO_RIGHTS)
        elif not is_classic:
            stop(run, NO_LEADS)
        elif not rows:
            run.state, run.ended_at = ImportState.DONE, utcnow()
            log.info("import.done", run_id=self.run_id, rows=run.dealt_with)
        elif knowing.stages_of(session, SYSTEM, kind.type) == reader.stages:  # Else they are read again.
            self._write(session, run, rows, read, reader)
        return runs.view_of(run)

    def _write(
        self,
        session: WriteSession,
        run: ImportRun,
        rows: list[ImportRow],
        read: Sequence[Values | Refusal],
        reader: Reader,
    ) -> None:
        named = named_in(read, reader.kind)
        hold_keys(session, named.keys)
        picture = Picture(reader.kind, stages=reader.stages, crowded=self._crowded)
        knowing.add_known_to(picture, session, named, run_id=self.run_id)
        choices = runs.choices_of(run)
        decisions = [decide(values, picture, choices) for values in read]
        storing = Storing(session, reader.kind.type, reader.stages, run.user_id)
        storing.store([row.id for row in rows], decisions)
        counts = runs.counts_of(run.counts)
        for decision in decisions:
            counts = counts.with_row(decision)
        run.counts = asdict(counts)
        run.position, run.dealt_with = rows[-1].number, run.dealt_with + len(rows)

    def _pace(self, rows: int, seconds: float) -> None:
        """Half as many or twice as many rows at most, towards the goal."""
        if rows:
            fitting = int(rows * GOAL / max(seconds, 0.0001))
            self.at_once = max(FEWEST, min(MOST, fitting, self.at_once * 2))
