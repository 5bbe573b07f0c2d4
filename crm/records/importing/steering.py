"""What people ask of an import: a trial, the run, its undoing. Each is a job; what is not possible now is refused in words.

ready ──▶ trying ──▶ ready ──▶ running ──▶ done ──▶ undoing ──▶ undone
"""

from collections.abc import Sequence

from core.clock import utcnow
from core.errors import Conflict, NotFound
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.importing.choices import Choices, checked
from crm.records.importing.fields import Field, Meaning
from crm.records.importing.repository import runs
from crm.records.importing.repository.runs import NOT_THERE, UNDO_FOR
from storage import jobs
from storage.jobs import Job, OfImport, enqueue
from storage.models import ImportRun, ImportState
from storage.sessions import WriteSession

BUSY = "The import is at work: wait until it has ended."
RUN_ALREADY = "This file was imported already: upload it again for another import."
NOTHING_TO_UNDO = "There is nothing to undo: this import has not ended, or was undone already."
TOO_LATE = "An import can be undone for 30 days: these are over."
LAST = 2_147_483_647
"""Beyond every row number."""


def ask_for_trial(session: WriteSession, viewer: Viewer, run_id: int, choices: Choices) -> None:
    """Choose how the file is read, and have it tried. Raises `NotFound`, `Forbidden`, `Conflict`, `UsageError`."""
    run = _own(session, viewer, run_id)
    _must_be_ready(run)
    run.fields = list(checked(_as_many(run, choices.fields)))
    run.known = choices.known.value
    run.responsible_id = choices.responsible_id
    run.trial = None
    _begin(session, run, ImportState.TRYING, jobs.TRY_IMPORT)


def ask_to_run(session: WriteSession, viewer: Viewer, run_id: int, choices: Choices | None = None) -> None:
    """Import the file, by what was chosen last or is chosen now. Raises as `ask_for_trial`."""
    run = _own(session, viewer, run_id)
    _must_be_ready(run)
    if choices is not None:
        run.fields = list(_as_many(run, choices.fields))
        run.known, run.responsible_id = choices.known.value, choices.responsible_id
    checked(tuple(run.fields))
    run.began_at = utcnow()
    run.counts = {}
    _begin(session, run, ImportState.RUNNING, jobs.RUN_IMPORT)
    record_act(session, viewer, "import.run", run_id=run_id, rows=run.rows, known=run.known)


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
    viewer.require_write()
    run = runs.run_for_change(session, run_id)
    if not runs.may_see(viewer, run):
        raise NotFound(NOT_THERE)
    return run


def _must_be_ready(run: ImportRun) -> None:
    if run.state in (ImportState.READING, ImportState.TRYING, ImportState.RUNNING, ImportState.UNDOING):
        raise Conflict(BUSY)
    if run.state is not ImportState.READY:
        raise Conflict(RUN_ALREADY)


def _as_many(run: ImportRun, fields: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """A field for each column of the file; what is not said of the last ones leaves them out."""
    return (*fields[: len(run.header)], *[Field.SKIP] * (len(run.header) - len(fields)))


def _begin(session: WriteSession, run: ImportRun, state: ImportState, job: Job[OfImport]) -> None:
    run.state = state
    run.position = run.dealt_with = 0
    enqueue(session, job, OfImport(run.id))
