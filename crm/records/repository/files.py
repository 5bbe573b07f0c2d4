"""Files of records in the database: how many there are, and their going for good, bytes and all, some at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import aliased

from crm.records.gone import Record
from storage.blobs import forget_unnamed
from storage.models import ActivityBinding, Blob, RecordFile, RecordFilePiece, RecordType
from storage.sessions import ReadSession, WriteSession

ROWS_AT_ONCE: Final = 50
BYTES_AT_ONCE: Final = 1024 * 1024
"""What one unit takes away: SQLite writes over such bytes in 45 ms, and others wait for it."""


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
    """Forget some of what stands in files on these records and on no other; 0 when nothing is left of them."""
    elsewhere = aliased(ActivityBinding)
    these = (ActivityBinding.record_type == kind, ActivityBinding.record_id.in_(ids))
    others = ~((elsewhere.record_type == kind) & elsewhere.record_id.in_(ids))
    on_them = RecordFile.activity_id.in_(select(ActivityBinding.activity_id).where(*these))
    return _forget(session, on_them, ~exists().where(elsewhere.activity_id == RecordFile.activity_id, others))


def forget_deleted_files(session: WriteSession, before: datetime) -> int:
    """Forget some of what stands in files that were deleted by then; 0 when nothing is left of them."""
    return _forget(session, RecordFile.deleted_at <= before)


def _forget(session: WriteSession, *such: ColumnElement[bool]) -> int:
    """Some of the pieces, and the files of which none is left; how many rows went."""
    columns: Any = (RecordFilePiece.id, RecordFilePiece.blob_id, Blob.size)
    pieces = select(*columns).join(Blob, Blob.id == RecordFilePiece.blob_id)
    pieces = pieces.join(RecordFile, RecordFile.id == RecordFilePiece.file_id).where(*such)
    rows: list[Any] = []
    room = BYTES_AT_ONCE
    for row in session.execute(pieces.order_by(RecordFilePiece.id).limit(ROWS_AT_ONCE)):
        if rows and row.size > room:
            break
        rows.append(row)
        room -= row.size
    _delete(session, RecordFilePiece, [row.id for row in rows])
    forget_unnamed(session, [row.blob_id for row in rows])
    empty = ~exists().where(RecordFilePiece.file_id == RecordFile.id)
    files = session.execute(select(RecordFile.id).where(*such, empty).limit(ROWS_AT_ONCE)).scalars().all()
    _delete(session, RecordFile, files)
    return len(rows) + len(files)


def _delete(session: WriteSession, table: type[RecordFile] | type[RecordFilePiece], ids: Sequence[int]) -> None:
    if ids:
        session.execute(delete(table).where(table.id.in_(ids)).execution_options(synchronize_session=False))
