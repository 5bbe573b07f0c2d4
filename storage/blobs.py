"""Raw bytes of mail, compressed with zstd, written so that the row that names them never outlives them.

Two steps: `prepare` (`storage/packing.py`: no lock held), then `record` inside the unit of work.
A blob prepared and never recorded, because the process died between, is some dead bytes in a pack and nothing worse.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import Protocol

import zstandard
from sqlalchemy import Column, ColumnElement, delete, exists, or_, select

from core.errors import Permanent, Transient
from storage.bulk import insert_rows
from storage.ids import reserve_ids
from storage.models import Base, Blob
from storage.packing import ZSTD, BlobWriter, PackWriter, PreparedBlob, RowWriter
from storage.sessions import ReadSession, WriteSession


class BlobStore(BlobWriter, Protocol):
    """Where raw bytes live. Handed to another process, it only writes there."""

    def read(self, session: ReadSession, blob_id: int) -> bytes:
        """The bytes as received. Raises `Permanent` when they are missing or damaged."""


def read_ahead(session: ReadSession, blob_ids: Sequence[int]) -> list[Blob]:
    """Rows of blobs that are to be read one by one, by one statement: whoever holds them reads without another."""
    return list(session.execute(select(Blob).where(Blob.id.in_(blob_ids))).scalars()) if blob_ids else []


def record(session: WriteSession, prepared: Sequence[PreparedBlob]) -> list[int]:
    """Insert the rows of prepared blobs; ids in the same order."""
    ids = list(reserve_ids(session, Blob, len(prepared)))
    rows = [
        {
            "id": blob_id,
            "sha256": blob.sha256,
            "size": blob.size,
            "codec": blob.codec,
            "data": blob.data,
            "pack": blob.pack,
            "offset": blob.offset,
            "length": blob.length,
        }
        for blob_id, blob in zip(ids, prepared, strict=True)
    ]
    insert_rows(session, Blob, rows)
    return ids


def forget_unnamed(session: WriteSession, blob_ids: Collection[int]) -> int:
    """Delete those of the blobs that no row names any more; how many. Bytes in packs stay there, dead.

    Files of mails to be sent are named inside JSON: who deletes such a mail passes theirs, nobody else may.
    """
    if not blob_ids:
        return 0
    statement = delete(Blob).where(Blob.id.in_(blob_ids), is_unnamed()).returning(Blob.id)
    return len(session.execute(statement.execution_options(synchronize_session=False)).all())


def is_unnamed() -> ColumnElement[bool]:
    """Of `Blob`: whether no foreign key of any table names it."""
    return ~or_(*(exists().where(column == Blob.id) for column in _columns_that_name_blobs()))


def _columns_that_name_blobs() -> list[Column[int]]:
    """Every foreign key to a blob, in whatever table."""
    tables = Base.metadata.tables.values()
    return [key.parent for table in tables for key in table.foreign_keys if key.column.table is Blob.__table__]


class TableBlobStore(RowWriter):
    """Blobs as rows of the database itself: one file, one transaction, one backup. For SQLite."""

    def read(self, session: ReadSession, blob_id: int) -> bytes:
        """See `BlobStore.read`."""
        row = _row(session, blob_id)
        if row.data is None:
            raise Permanent("A raw message lies in a pack that this installation does not have.")
        return _checked(row, row.data)


class PackBlobStore(PackWriter):
    """Blobs in pack files of a shared folder. For many machines."""

    def read(self, session: ReadSession, blob_id: int) -> bytes:
        """See `BlobStore.read`."""
        row = _row(session, blob_id)
        if row.pack is None or row.offset is None or row.length is None:
            return _checked(row, row.data or b"")
        try:
            with (self.folder / row.pack).open("rb") as file:
                file.seek(row.offset)
                return _checked(row, file.read(row.length))
        except FileNotFoundError:
            raise Permanent("A pack of raw mail is missing from the blob directory.") from None
        except OSError as error:
            raise Transient(f"The blob directory cannot be read ({error.strerror}): see whether it is there.") from None


def _row(session: ReadSession, blob_id: int) -> Blob:
    row = session.get(Blob, blob_id)
    if row is None:
        raise Permanent("A raw message is missing from the store.")
    return row


def _checked(row: Blob, stored: bytes) -> bytes:
    try:
        content = zstandard.decompress(stored, max_output_size=row.size) if row.codec == ZSTD else stored
    except zstandard.ZstdError:
        raise Permanent("A raw message in the store is damaged.") from None
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Permanent("A raw message in the store is damaged.")
    return content
