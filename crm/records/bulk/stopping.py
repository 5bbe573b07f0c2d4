"""An act on many records, or its undoing, that was given up or that somebody stops: it ends where it is, and people go on from
there."""

from core.clock import utcnow
from core.errors import Conflict
from core.logging import get_logger
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.bulk import repository
from crm.records.bulk.editing import tell_of_end
from storage.models import BulkEdit
from storage.running import JobRun
from storage.sessions import WriteSession

GIVEN_UP = "it failed again and again, which is in the log"

log = get_logger(__name__)


def ask_to_stop(session: WriteSession, viewer: Viewer, bulk_edit_id: int) -> None:
    """End an act, or its undoing, where it is: what was done stays, and can be undone. Raises `NotFound`, and `Conflict` where
    it has ended already."""
    viewer.require_write()
    repository.bulk_edit(session, viewer, bulk_edit_id)
    row = repository.held(session, bulk_edit_id)  # Between two of its units.
    if row is None or not _goes_on(row):
        raise Conflict("This has ended already.")
    if row.ended_at is None:
        row.ended_at, row.stopped = utcnow(), "It was stopped: the rest is as it was."
        tell_of_end(session, repository.viewer_of(session, row), row)
    else:
        row.undo_asked_at, row.stopped = None, "The undoing was stopped. Undo it again for the rest."
    record_act(session, viewer, "records.stop_many", bulk_edit_id=row.id)


def leave_in_job(run: JobRun) -> None:
    """The job that is asked for when an edit, or its undoing, was given up: what was changed can be undone, also a rest."""
    with run.completing() as session:
        row = repository.held(session, run.args.bulk_edit_id)
        if row is not None:
            _leave(row)


def _goes_on(row: BulkEdit) -> bool:
    return row.ended_at is None or (row.undo_asked_at is not None and row.undone_at is None)


def _leave(row: BulkEdit) -> None:
    """`row` is held, so that no unit of it goes on."""
    if row.ended_at is None:
        row.ended_at, row.stopped = utcnow(), f"Not all records were looked at: {GIVEN_UP}. Change the rest again."
    elif row.undo_asked_at is not None and row.undone_at is None:
        row.undo_asked_at, row.stopped = None, f"Not all was undone: {GIVEN_UP}. Undo it again for the rest."
    else:
        return
    log.warning("records.edit_stopped", bulk_edit_id=row.id, done=row.done, undone=row.undone)
