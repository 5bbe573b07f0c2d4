"""After 30 days the rows of an import go: they are copies of people's data, and nothing is undone by then."""

from core.clock import utcnow
from core.errors import NotYet
from crm.records.importing.repository import runs
from crm.records.importing.repository.runs import UNDO_FOR
from crm.records.importing.stopping import AT_WORK
from crm.records.importing.uploading import forget
from storage.models import ImportState
from storage.running import JobRun

DAY = 86_400.0


def forget_in_job(run: JobRun) -> None:
    """The job. Raises `NotYet` while the import is at work, or can still be undone. One that never ran goes as a whole."""
    run_id: int = run.args.run_id
    with run.store.database.reading() as session:
        row = runs.run_row(session, run_id)
    if row is not None:
        if row.state in AT_WORK:
            raise NotYet("The import is at work.", retry_after=DAY)
        left = (row.ended_at + UNDO_FOR - utcnow()).total_seconds() if row.ended_at else 0.0
        if left > 0:
            raise NotYet("The import can still be undone.", retry_after=left)
        forget(run.store, run_id, whole=row.ended_at is None)
    with run.completing() as session:
        if row is not None and row.ended_at is not None:
            runs.run_for_change(session, run_id).state = ImportState.FORGOTTEN
