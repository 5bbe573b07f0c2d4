"""An import that does not go on: somebody stopped it, it failed again and again, or whoever began it lost the right to.

What it is at ends in a state from which people can go on: a trial can be tried again, a run goes on behind its last row when it
is asked to (or what was done is undone), and undoing goes on where it was when it is asked for again.
"""

from collections.abc import Mapping
from typing import Final

from core.clock import utcnow
from core.errors import Conflict
from core.logging import get_logger
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.importing.repository import runs
from storage.models import ImportRun, ImportState
from storage.running import JobRun
from storage.sessions import WriteSession

AT_WORK: Final = frozenset({ImportState.TRYING, ImportState.RUNNING, ImportState.UNDOING})
BY_HAND = "somebody stopped it"
GIVEN_UP = "it failed again and again, which is in the log"
NO_RIGHTS = "whoever began it may not change records any more"
NO_LEADS = "there are no leads in Simple mode (Settings, CRM mode)"
NOT_AT_WORK = "There is nothing to stop: the import is not at work."
_WHAT: Final[Mapping[ImportState, str]] = {
    ImportState.TRYING: "The trial has not ended: {}. Try it again.",
    ImportState.RUNNING: "Not all rows were imported: {}. Go on with the rest, or undo what is in.",
    ImportState.UNDOING: "Not all was taken back: {}. Undo it again for the rest.",
}

log = get_logger(__name__)


def ask_to_stop(session: WriteSession, viewer: Viewer, run_id: int) -> None:
    """Stop an import that is at work. Raises `NotFound`, `Forbidden`, and `Conflict` for one that is not."""
    viewer.require_write()
    run = runs.own_for_change(session, viewer, run_id)
    if run.state not in AT_WORK:
        raise Conflict(NOT_AT_WORK)
    record_act(session, viewer, "import.stop", run_id=run_id, state=run.state.value)
    stop(run, BY_HAND)


def leave_in_job(run: JobRun) -> None:
    """The job that is asked for when a trial, a run or an undoing was given up."""
    with run.completing() as session:
        if runs.run_row(session, run.args.run_id) is not None:
            held = runs.run_for_change(session, run.args.run_id)
            if held.state in AT_WORK:
                stop(held, GIVEN_UP)


def stop(run: ImportRun, why: str) -> None:
    """Leave what the import is at; `run` is held, so that no unit of it goes on."""
    log.warning("import.stopped", run_id=run.id, state=run.state.value, dealt_with=run.dealt_with)
    run.stopped = _WHAT[run.state].format(why)
    if run.state is ImportState.TRYING:
        run.state = ImportState.READY
        return
    if run.state is ImportState.RUNNING:
        run.ended_at, run.unfinished = utcnow(), True
    run.state = ImportState.DONE
