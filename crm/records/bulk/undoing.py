"""Undoing what was done to many records: what still stands as that left it is put back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from core.clock import utcnow
from core.errors import Conflict, MailsyncError, Transient, UsageError
from core.logging import get_logger
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.bulk import repository
from crm.records.bulk.acts import Made, hold_stages, take_back
from crm.records.bulk.editing import AT_ONCE, ODD, demand_odd_one
from crm.records.fields.editing import put_back
from crm.records.fields.values import Value
from crm.records.merge_fields import MONEY
from storage import jobs
from storage.jobs import OfBulkEdit, enqueue
from storage.models import BulkAct, BulkEdit, RecordChange
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

UNDONE_WITHIN = timedelta(days=30)

log = get_logger(__name__)


def ask_for_undo(session: WriteSession, viewer: Viewer, bulk_edit_id: int) -> None:
    """Have what was done to many records taken back. Raises `NotFound`, and `Conflict` where it goes on still, was undone,
    or is too old."""
    viewer.require_write()
    repository.bulk_edit(session, viewer, bulk_edit_id)
    row = repository.held(session, bulk_edit_id)
    if row is not None and row.act is BulkAct.HAND_OVER:
        viewer.require_administrator()
    if row is None or row.ended_at is None:
        raise Conflict("It goes on still: undo it when it is through, or stop it first.")
    if row.undo_asked_at is not None:
        raise Conflict("This was undone already.")
    if utcnow() - row.ended_at > UNDONE_WITHIN:
        raise Conflict(f"What was done to many can be undone for {UNDONE_WITHIN.days} days.")
    row.undo_asked_at, row.stopped = utcnow(), ""
    record_act(session, viewer, "records.undo_edit", bulk_edit_id=bulk_edit_id)
    key = f"undo-edit:{bulk_edit_id}:{row.undo_asked_at.timestamp()}"  # One that was given up is asked for anew.
    job = jobs.UNDO_HAND_OVER if row.act is BulkAct.HAND_OVER else jobs.UNDO_EDIT_OF_MANY
    enqueue(session, job, OfBulkEdit(bulk_edit_id), key=key)


def undo_in_job(run: JobRun) -> None:
    """The job: all that is left to put back."""
    undo_all(run.store, run.args.bulk_edit_id)
    with run.completing():
        pass


def undo_all(store: Store, bulk_edit_id: int) -> None:
    """Put back change after change until none is left."""
    ended = False
    while not ended:
        with store.database.unit_of_work(Urgency.BULK) as session:
            ended = _undo_some(session, bulk_edit_id)


def _undo_some(session: WriteSession, bulk_edit_id: int) -> bool:
    row = repository.held(session, bulk_edit_id)
    if row is None or row.undo_asked_at is None or row.undone_at is not None:
        return True
    viewer = repository.viewer_of(session, row)
    if row.act is not BulkAct.EDIT:
        return _take_some_back(session, viewer, row)
    if put_some_back(session, viewer, row):
        row.undone_at = utcnow()
        log.info("records.edit_undone", bulk_edit_id=row.id, undone=row.undone, kept=row.kept)
    return row.undone_at is not None


def _take_some_back(session: WriteSession, viewer: Viewer, row: BulkEdit) -> bool:
    """Of records that were deleted or moved."""
    some, passed = repository.next_made(session, row, AT_ONCE)
    hold_stages(session, row, some)
    for made in some:
        _take_back(session, viewer, row, made)
    row.undone += len(some)
    row.undone_to = passed
    if passed >= row.done:
        row.undone_at = utcnow()
        log.info("records.act_undone", bulk_edit_id=row.id, undone=row.undone, kept=row.kept)
    return row.undone_at is not None


def _take_back(session: WriteSession, viewer: Viewer, row: BulkEdit, made: Made) -> None:
    try:
        with session.begin_nested():
            take_back(session, viewer, row, made)
            session.flush()
    except Transient:
        raise
    except MailsyncError:
        row.kept += 1
    except ODD as error:
        demand_odd_one(error)
        log.warning("records.not_taken_back", record_id=made["id"], error=type(error).__name__)
        row.kept += 1


def put_some_back(session: WriteSession, viewer: Viewer, row: BulkEdit) -> bool:
    """Of the fields of records; whether that was the last of them. What was a person's before a hand-over is theirs again, also
    when they have left."""
    some = repository.changes_made(session, row.id, row.undone_to, AT_ONCE)
    left = [_undo_one(session, viewer, change, also_gone=row.act is BulkAct.HAND_OVER) for change in some]
    row.kept += sum(kept for kept, _ in left)
    row.unfit += sum(unfit for _, unfit in left)
    row.undone += len(some)
    row.undone_to = some[-1].id if some else row.undone_to
    return len(some) < AT_ONCE


def _undo_one(session: WriteSession, viewer: Viewer, change: RecordChange, *, also_gone: bool) -> tuple[int, int]:
    """How many fields of one record stay as they are: somebody changed them since, or the record is gone, another one, or not
    theirs to change; and how many because what had stood there can not stand there any more."""
    if change.edited_id not in (None, change.record_id):
        return len(change.changes), 0  # It was merged: what stands there is the survivor's own.
    number, each = len(change.changes), _each(change.changes)
    together = _put_back(session, viewer, change, change.changes, also_gone=also_gone)
    if len(each) == 1 or together not in (None, number):
        return (0, number) if together is None else (together, 0)
    alone = [(len(some), _put_back(session, viewer, change, some, also_gone=also_gone)) for some in each]
    return sum(kept for _, kept in alone if kept is not None), sum(unfit for unfit, kept in alone if kept is None)


def _each(changes: Mapping[str, Sequence[Value]]) -> list[dict[str, Sequence[Value]]]:
    """What is put back by itself: each field, but amount and currency as one."""
    money = {key: values for key, values in changes.items() if key in MONEY}
    return [*([money] if money else []), *({key: values} for key, values in changes.items() if key not in MONEY)]


def _put_back(
    session: WriteSession, viewer: Viewer, change: RecordChange, some: Mapping[str, Sequence[Value]], *, also_gone: bool
) -> int | None:
    """How many of these fields stay as they are; None, and none is put back, where one can not stand there any more."""
    try:
        with session.begin_nested():
            record = (change.record_type, change.record_id)
            return put_back(session, viewer, record, some, since=change.id, also_gone=also_gone)
    except UsageError:
        return None
    except Transient:
        raise
    except MailsyncError:
        return len(some)
    except ODD as error:
        demand_odd_one(error)
        log.warning("records.not_put_back", change_id=change.id, error=type(error).__name__)
        return len(some)
