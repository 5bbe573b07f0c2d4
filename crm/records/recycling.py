"""Deleting records: into the recycle bin, out of it again, and for ever.

    there ── delete ──▶ in the recycle bin ── 30 days, or an administrator ──▶ removed, some rows a unit of work
      ▲                        │
      └──────── restore ───────┘

In the bin a record keeps all that stands on it, and takes nothing more: mail of its addresses is mail of somebody unknown.
Its deals, people, mail and tasks stay, whatever becomes of it. Removed by hand, its time in the bin is over at once; what a
killed process leaves of that the scheduler ends.
"""

from core.clock import utcnow
from core.errors import Conflict, NotFound
from core.logging import get_logger
from crm.access.audit import record_act
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.viewer import Viewer
from crm.records.gone import KEPT_FOR, NOT_THERE, InRecycleBin, Record
from crm.records.repository import recycling, removing
from crm.records.repository.files import forget_files_of
from crm.records.repository.standing import change_records_alone
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 500
"""Rows that one unit of work takes away or changes: a few ms on SQLite, where others wait for it."""
EXPIRED_AT_ONCE = 100
ONLY_ADMINISTRATORS = "Only an administrator may remove records for ever."

log = get_logger(__name__)


def delete_record(session: WriteSession, viewer: Viewer, record: Record) -> None:
    """Put a record into the recycle bin. Raises `Forbidden` for guests, and `NotFound` where it is there or gone already."""
    viewer.require_write()
    row = recycling.record_for_change(session, record)
    if row is None or row.deleted_at is not None:
        raise recycling.why_gone(session, viewer, record)
    require(session, viewer, Act.DELETE, record)
    row.deleted_at, row.deleted_by_id = utcnow(), viewer.user_id
    record_act(session, viewer, "record.delete", type=record[0].value, id=record[1])


def restore_record(session: WriteSession, viewer: Viewer, record: Record) -> None:
    """Take a record out of the recycle bin: it is as it was, and takes mail again.

    Raises `Forbidden` for guests, `NotFound` when there is nothing to restore, `Conflict` when it was not deleted.
    """
    viewer.require_write()
    require(session, viewer, Act.DELETE, record)
    row = recycling.record_for_change(session, record)
    if row is not None and row.deleted_at is None:
        raise Conflict("This record was not deleted, or somebody has restored it already.")
    gone = recycling.why_gone(session, viewer, record)
    if row is None or not isinstance(gone, InRecycleBin):
        raise gone
    row.deleted_at, row.deleted_by_id = None, None
    record_act(session, viewer, "record.restore", type=record[0].value, id=record[1])


def remove_for_ever(store: Store, viewer: Viewer, record: Record) -> None:
    """Remove a record of the recycle bin, and everything that names it; nobody brings it back.

    Raises `Forbidden` for all but administrators, and `NotFound` when it is not in the bin.
    """
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        row = recycling.record_for_change(session, record)
        gone = recycling.why_gone(session, viewer, record)
        if row is None or not isinstance(gone, InRecycleBin):
            raise NotFound(NOT_THERE) if row is None or row.deleted_at is None else gone
        row.deleted_at = utcnow() - KEPT_FOR
        record_act(session, viewer, "record.remove", type=record[0].value, id=record[1])
    _remove(store, record, Urgency.PERSON)


def remove_expired(store: Store) -> None:
    """Remove all records that were deleted thirty days ago. Killed in the middle, it goes on where it was."""
    while True:
        with store.database.reading() as session:
            records = recycling.expired(session, utcnow(), EXPIRED_AT_ONCE)
        for record in records:
            _remove(store, record, Urgency.BULK)
        if not records:
            return


def _remove(store: Store, record: Record, urgency: Urgency) -> None:
    while True:
        with store.database.unit_of_work(urgency) as session:
            if _remove_some(session, record):
                return


def _remove_some(session: WriteSession, record: Record) -> bool:
    """One step of the removal; whether it was the last."""
    change_records_alone(session)
    row = recycling.record_for_change(session, record)
    if row is None or row.deleted_at is None or row.deleted_at > utcnow() - KEPT_FOR:
        return True
    kind, ids = record[0], removing.with_merged(session, record)
    if forget_files_of(session, kind, ids):
        return False
    done = removing.take_off_story(session, kind, ids, AT_ONCE)
    done += removing.take_out_of_columns(session, kind, ids, AT_ONCE - done) if done < AT_ONCE else 0
    if done >= AT_ONCE:
        return False
    session.expunge(row)
    removing.remove_rows(session, kind, ids)
    log.info("record.removed", type=kind.value, record_id=record[1])
    return True
