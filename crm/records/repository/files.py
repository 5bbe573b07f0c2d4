"""Files of records in the database: how many there are, and their going for good, bytes and all, some at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import aliased

from crm.records.gone import Record
from storage.blobs import forget_unnamed
from storage.models import ActivityBinding, RecordFile, RecordType
from storage.sessions import ReadSession, WriteSession

ROWS_AT_ONCE: Final = 50
BYTES_AT_ONCE: Final = 16 * 1024 * 1024
"""What one unit takes away: SQLite gives the pages of such bytes back in some ms, and others wait for it."""


def files_on(session: ReadSession, record: Record) -> int:
    """How many files people put on a record."""
    here = exists().where(
        ActivityBinding.activity_id == RecordFile.activity_id,
        ActivityBinding.record_type == record[0],
        ActivityBinding.record_id == record[1],
    )
    query = select(func.count()).select_from(RecordFile).where(RecordFile.deleted_at.is_(None), here)
    return session.execute(query).scalar_one()


def forget_files_of(session: WriteSession, kind: RecordType, ids: Sequence[int]) -> int:
    """Forget some of the files that stand on these records and on no other; how many."""
    elsewhere = aliased(ActivityBinding)
    these = (ActivityBinding.record_type == kind, ActivityBinding.record_id.in_(ids))
    others = ~((elsewhere.record_type == kind) & elsewhere.record_id.in_(ids))
    on_them = RecordFile.activity_id.in_(select(ActivityBinding.activity_id).where(*these))
    return _forget(session, on_them, ~exists().where(elsewhere.activity_id == RecordFile.activity_id, others))


def forget_deleted_files(session: WriteSession, before: datetime) -> int:
    """Forget some of the files that were deleted by then; how many."""
    return _forget(session, RecordFile.deleted_at <= before)


def _forget(session: WriteSession, *such: ColumnElement[bool]) -> int:
    columns: Any = (RecordFile.id, RecordFile.blob_id, RecordFile.size)
    some = select(*columns).where(*such).order_by(RecordFile.id).limit(ROWS_AT_ONCE)
    rows: list[Any] = []
    room = BYTES_AT_ONCE
    for row in session.execute(some):
        if rows and row.size > room:
            break
        rows.append(row)
        room -= row.size
    if rows:
        going = delete(RecordFile).where(RecordFile.id.in_([row.id for row in rows]))
        session.execute(going.execution_options(synchronize_session=False))
        forget_unnamed(session, [row.blob_id for row in rows])
    return len(rows)
