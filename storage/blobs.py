"""Raw bytes of mail, compressed with zstd, written so that the row that names them never outlives them.

Two steps: `prepare` (no lock held: hash, compress, and for packs append and fsync), then `record` inside the unit of work.
A blob prepared and never recorded, because the process died between, is some dead bytes in a pack and nothing worse.
"""

import hashlib
import os
import threading
import uuid
from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import zstandard
from sqlalchemy import Column, delete, exists, or_, select
from typing_extensions import override

from core.errors import Permanent, Transient, UsageError
from storage.bulk import insert_rows
from storage.ids import reserve_ids
from storage.models import Base, Blob
from storage.sessions import ReadSession, WriteSession

STORED, ZSTD = 0, 1
ZSTD_LEVEL = 3
PACK_BYTES = 64 * 1024 * 1024


class PreparedBlob(NamedTuple):
    """Bytes ready to be named by a row: either carried along (`data`) or already durable in a pack."""

    sha256: str
    size: int
    codec: int
    data: bytes | None
    pack: str | None
    offset: int | None
    length: int | None


class BlobStore(Protocol):
    """Where raw bytes live."""

    def prepare(self, contents: Sequence[bytes]) -> list[PreparedBlob]:
        """Hash and compress `contents`, in order; make durable what is kept outside the database. Takes no lock."""

    def read(self, session: ReadSession, blob_id: int) -> bytes:
        """The bytes as received. Raises `Permanent` when they are missing or damaged."""


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
    named = [exists().where(column == Blob.id) for column in _columns_that_name_blobs()]
    statement = delete(Blob).where(Blob.id.in_(blob_ids), ~or_(*named)).returning(Blob.id)
    return len(session.execute(statement.execution_options(synchronize_session=False)).all())


def _columns_that_name_blobs() -> list[Column[int]]:
    """Every foreign key to a blob, in whatever table."""
    tables = Base.metadata.tables.values()
    return [key.parent for table in tables for key in table.foreign_keys if key.column.table is Blob.__table__]


class TableBlobStore:
    """Blobs as rows of the database itself: one file, one transaction, one backup. For SQLite."""

    def prepare(self, contents: Sequence[bytes]) -> list[PreparedBlob]:
        """See `BlobStore.prepare`."""
        compress = zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress
        return [_in_row(content, compress(content)) for content in contents]

    def read(self, session: ReadSession, blob_id: int) -> bytes:
        """See `BlobStore.read`."""
        row = _row(session, blob_id)
        if row.data is None:
            raise Permanent("A raw message lies in a pack that this installation does not have.")
        return _checked(row, row.data)


class PackBlobStore:
    """Blobs appended to pack files of about 64 MB in a shared folder, one fsync a batch. For many machines.

    Every process writes packs of its own, so that no two ever append to one file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"The folder {folder} cannot hold raw mail ({error.strerror}): set MAILSYNC_BLOB_DIR to one that can."
            ) from None
        self._guard = threading.Lock()
        self._name = ""
        self._size = PACK_BYTES
        self._process = os.getpid()

    @override
    def __reduce__(self) -> tuple[Callable[[Path], "PackBlobStore"], tuple[Path]]:
        """Another process writes packs of its own into the same folder, one after the other."""
        return _packs_in, (self._folder,)

    def prepare(self, contents: Sequence[bytes]) -> list[PreparedBlob]:
        """See `BlobStore.prepare`. Raises `Transient` when the folder takes nothing now."""
        compress = zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress
        rows = [_in_row(content, compress(content)) for content in contents]
        with self._guard:
            try:
                self._open_next()
                return self._append(rows)
            except OSError as error:  # What was written in part is dead bytes: the next blob is put behind them.
                raise Transient(
                    f"The blob directory takes no raw mail ({error.strerror}): see whether its disk is full or away."
                ) from None

    def read(self, session: ReadSession, blob_id: int) -> bytes:
        """See `BlobStore.read`."""
        row = _row(session, blob_id)
        if row.pack is None or row.offset is None or row.length is None:
            return _checked(row, row.data or b"")
        try:
            with (self._folder / row.pack).open("rb") as file:
                file.seek(row.offset)
                return _checked(row, file.read(row.length))
        except FileNotFoundError:
            raise Permanent("A pack of raw mail is missing from the blob directory.") from None
        except OSError as error:
            raise Transient(f"The blob directory cannot be read ({error.strerror}): see whether it is there.") from None

    def _append(self, rows: Sequence[PreparedBlob]) -> list[PreparedBlob]:
        placed = []
        with (self._folder / self._name).open("ab") as file:
            for row in rows:
                data = row.data or b""
                placed.append(PreparedBlob(row.sha256, row.size, row.codec, None, self._name, file.tell(), len(data)))
                file.write(data)
            file.flush()
            os.fdatasync(file.fileno())
            self._size = file.tell()
        return placed

    def _open_next(self) -> None:
        """Begin another pack when this one is full, or when it is that of the process we were forked from."""
        if self._size < PACK_BYTES and self._process == os.getpid():
            return
        name = f"{uuid.uuid4().hex}.pack"
        (self._folder / name).touch()
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)  # The name itself must survive, not only the bytes.
        finally:
            os.close(descriptor)
        self._name, self._size, self._process = name, 0, os.getpid()


@cache
def _packs_in(folder: Path) -> PackBlobStore:
    return PackBlobStore(folder)


def _in_row(content: bytes, compressed: bytes) -> PreparedBlob:
    digest = hashlib.sha256(content).hexdigest()
    if len(compressed) < len(content):
        return PreparedBlob(digest, len(content), ZSTD, compressed, None, None, None)
    return PreparedBlob(digest, len(content), STORED, content, None, None, None)


def _row(session: ReadSession, blob_id: int) -> Blob:
    row = session.execute(select(Blob).where(Blob.id == blob_id)).scalar_one_or_none()
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
