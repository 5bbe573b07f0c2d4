"""What people ask of an import: a trial, the run, its undoing. Each is a job; what is not possible now is refused in words.

ready ──▶ trying ──▶ ready ──▶ running ──▶ done ──▶ undoing ──▶ undone      What is at work can be stopped (`stopping`).
                                  ▲    stop │
                                  └─ go on ─┘
"""

from collections.abc import Sequence

from core.clock import utcnow
from core.errors import Conflict
from crm.access.audit import record_act
from crm.access.repository import require_active
from crm.access.viewer import Viewer
from crm.records.importing.choices import Choices, checked, require_possible
from crm.records.importing.fields import BuiltIn, Meaning
from crm.records.importing.kinds import KINDS
from crm.records.importing.repository import runs
from crm.records.importing.repository.runs import UNDO_FOR
from crm.records.importing.stopping import AT_WORK
from crm.records.importing.uploading import require_mode
from storage import jobs
from storage.jobs import Job, OfImport, enqueue
from storage.models import ImportRun, ImportState
from storage.sessions import WriteSession

BUSY = "The import is at work: wait until it has ended."
RUN_ALREADY = "This file was imported already: upload it again for another import."
NOTHING_TO_UNDO = "There is nothing to undo: this import has not ended, or was undone already."
NOTHING_LEFT = "There is nothing to go on with: the import was not stopped, or was undone."
TOO_LATE = "An import can be undone for 30 days: these are over."
LAST = 2_147_483_647
"""Beyond every row number."""


def ask_for_trial(session: WriteSession, viewer: Viewer, run_id: int, choices: Choices) -> None:
    """Choose how the file is read, and have it tried. Raises `NotFound`, `Forbidden`, `Conflict`, `UsageError`."""
    run = _own(session, viewer, run_id)
    _must_be_ready(run)
    _choose(session, run, choices)
    run.trial = None
    _begin(session, run, ImportState.TRYING, jobs.TRY_IMPORT)


def ask_to_run(session: WriteSession, viewer: Viewer, run_id: int, choices: Choices | None = None) -> None:
    """Import the file, by what was chosen last or is chosen now. Raises as `ask_for_trial`."""
    run = _own(session, viewer, run_id)
    _must_be_ready(run)
    require_mode(session, run.record_type)
    _choose(session, run, choices or runs.choices_of(run))
    run.began_at = utcnow()
    run.counts = {}
    _begin(session, run, ImportState.RUNNING, jobs.RUN_IMPORT)
    record_act(session, viewer, "import.run", run_id=run_id, rows=run.rows, known=run.known)


def ask_to_go_on(session: WriteSession, viewer: Viewer, run_id: int) -> None:
    """Go on with a run that was stopped, behind the last row that was imported. Raises `NotFound`, `Forbidden`, `Conflict`."""
    run = _own(session, viewer, run_id)
    if run.state in AT_WORK:
        raise Conflict(BUSY)
    if run.state is not ImportState.DONE or not run.unfinished:
        raise Conflict(NOTHING_LEFT)
    require_mode(session, run.record_type)
    run.state, run.stopped, run.unfinished, run.ended_at = ImportState.RUNNING, "", False, None
    enqueue(session, jobs.RUN_IMPORT, OfImport(run.id))
    record_act(session, viewer, "import.go_on", run_id=run_id, dealt_with=run.dealt_with)


def ask_to_undo(session: WriteSession, viewer: Viewer, run_id: int) -> None:
    """Undo an import that has ended. Raises `NotFound`, `Forbidden`, `Conflict`."""
    run = _own(session, viewer, run_id)
    if run.state in (ImportState.RUNNING, ImportState.UNDOING):
        raise Conflict(BUSY)
    if run.state is ImportState.FORGOTTEN or (run.ended_at and run.ended_at + UNDO_FOR < utcnow()):
        raise Conflict(TOO_LATE)
    if run.state is not ImportState.DONE:
        raise Conflict(NOTHING_TO_UNDO)
    _begin(session, run, ImportState.UNDOING, jobs.UNDO_IMPORT)
    run.position = LAST
    record_act(session, viewer, "import.undo", run_id=run_id)


def _own(session: WriteSession, viewer: Viewer, run_id: int) -> ImportRun:
    viewer.require_import()
    run = runs.own_for_change(session, viewer, run_id)
    viewer.require_import(run.record_type)
    return run


def _choose(session: WriteSession, run: ImportRun, choices: Choices) -> None:
    """Raises `UsageError` for columns of which nobody could be made, and for a responsible person who is not here."""
    if choices.responsible_id is not None:
        require_active(session, choices.responsible_id)
    kind = KINDS[run.record_type]
    require_possible(kind, choices.known)
    run.fields = list(checked(_as_many(run, choices.fields), kind))
    run.known, run.responsible_id, run.missing = choices.known.value, choices.responsible_id, choices.missing.value


def _must_be_ready(run: ImportRun) -> None:
    if run.state is ImportState.READING or run.state in AT_WORK:
        raise Conflict(BUSY)
    if run.state is not ImportState.READY:
        raise Conflict(RUN_ALREADY)


def _as_many(run: ImportRun, fields: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """A field for each column of the file; what is not said of the last ones leaves them out."""
    return (*fields[: len(run.header)], *[BuiltIn.SKIP] * (len(run.header) - len(fields)))


def _begin(session: WriteSession, run: ImportRun, state: ImportState, job: Job[OfImport]) -> None:
    run.state, run.stopped, run.unfinished = state, "", False
    run.position = run.dealt_with = 0
    enqueue(session, job, OfImport(run.id))
