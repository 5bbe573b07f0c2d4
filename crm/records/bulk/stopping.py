"""An edit of many records, or its undoing, that was given up: it ends as far as it is, and people can go on from there."""

from core.clock import utcnow
from core.logging import get_logger
from crm.records.bulk import repository
from storage.models import BulkEdit
from storage.running import JobRun

GIVEN_UP = "it failed again and again, which is in the log"

log = get_logger(__name__)


def leave_in_job(run: JobRun) -> None:
    """The job that is asked for when an edit, or its undoing, was given up: what was changed can be undone, also a rest."""
    with run.completing() as session:
        row = repository.held(session, run.args.bulk_edit_id)
        if row is not None:
            _leave(row)


def _leave(row: BulkEdit) -> None:
    """`row` is held, so that no unit of it goes on."""
    if row.ended_at is None:
        row.ended_at, row.stopped = utcnow(), f"Not all records were looked at: {GIVEN_UP}. Change the rest again."
    elif row.undo_asked_at is not None and row.undone_at is None:
        row.undo_asked_at, row.stopped = None, f"Not all was undone: {GIVEN_UP}. Undo it again for the rest."
    else:
        return
    log.warning("records.edit_stopped", bulk_edit_id=row.id, done=row.done, undone=row.undone)
