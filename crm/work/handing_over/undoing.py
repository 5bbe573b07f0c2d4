"""Undoing a hand-over: what is still with whom it gave it to, and was not done since, is the person's again, also when they
have left."""

from core.clock import utcnow
from core.logging import get_logger
from crm.records.bulk import repository as bulk
from crm.records.bulk.undoing import put_some_back
from crm.work.handing_over import repository
from crm.work.handing_over.asking import Belonging
from crm.work.handing_over.places import put_back
from storage.models import BulkEdit, BulkEditPart
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

log = get_logger(__name__)


def undo_hand_over_in_job(run: JobRun) -> None:
    """The job: all that is left to put back."""
    undo_hand_over(run.store, run.args.bulk_edit_id)
    with run.completing():
        pass


def undo_hand_over(store: Store, bulk_edit_id: int) -> None:
    """Put back until nothing is left."""
    ended = False
    while not ended:
        with store.database.unit_of_work(Urgency.BULK) as session:
            ended = _undo_some(session, bulk_edit_id)


def _undo_some(session: WriteSession, bulk_edit_id: int) -> bool:
    """First what has a history, then what was noted, a part of it in each unit: a part that was put back is dropped."""
    row = bulk.held(session, bulk_edit_id)
    if row is None or row.undo_asked_at is None or row.undone_at is not None:
        return True
    if not put_some_back(session, bulk.viewer_of(session, row), row):
        return False
    part = repository.next_part(session, row)
    if part is None:
        row.undone_at = utcnow()
        log.info("people.hand_over_undone", bulk_edit_id=row.id, undone=row.undone, kept=row.kept)
        return True
    back = (
        _tasks_back(session, row, part) if part.made[0]["kind"] == Belonging.TASK else put_back(session, row, part.made)
    )
    row.undone += len(part.record_ids)
    row.kept += len(part.record_ids) - back
    repository.drop_part(session, part)
    return False


def _tasks_back(session: WriteSession, row: BulkEdit, part: BulkEditPart) -> int:
    some = repository.tasks_of(session, part.record_ids, row.wanted["to"])
    repository.give_tasks(session, some, row.wanted["from"])
    return len(some)
