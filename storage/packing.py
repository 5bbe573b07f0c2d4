"""Raw bytes of mail made ready to be stored: hashed, compressed, and for packs appended and on the disk. No lock is held.

What a second process needs of the blob stores, and no database with it: `storage/blobs.py` records and reads.
"""

import hashlib
import os
import threading
import uuid
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import zstandard
from typing_extensions import override

from core.errors import Transient, UsageError

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


class BlobWriter(Protocol):
    """Whatever makes bytes ready to be recorded."""

    def prepare(self, contents: Sequence[bytes]) -> list[PreparedBlob]:
        """Hash and compress `contents`, in order; make durable what is kept outside the database. Takes no lock."""


class RowWriter:
    """Carries the bytes along, for a row of the database."""

    @override
    def __reduce__(self) -> tuple[Callable[[], "RowWriter"], tuple[()]]:
        """Another process writes, and reads nothing."""
        return RowWriter, ()

    def prepare(self, contents: Sequence[bytes]) -> list[PreparedBlob]:
        """See `BlobWriter.prepare`."""
        compress = zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress
        return [_in_row(content, compress(content)) for content in contents]


class PackWriter:
    """Appends to pack files of about 64 MB in a shared folder, one fsync a batch.

    Every process writes packs of its own, so that no two ever append to one file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"The folder {folder} cannot hold raw mail ({error.strerror}): set MAILSYNC_BLOB_DIR to one that can."
            ) from None
        self._guard = threading.Lock()
        self._name = ""
        self._size = PACK_BYTES
        self._process = os.getpid()

    @override
    def __reduce__(self) -> tuple[Callable[[Path], "PackWriter"], tuple[Path]]:
        """Another process writes packs of its own into the same folder, one after the other."""
        return _packs_in, (self.folder,)

    def prepare(self, contents: Sequence[bytes]) -> list[PreparedBlob]:
        """See `BlobWriter.prepare`. Raises `Transient` when the folder takes nothing now."""
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

    def _append(self, rows: Sequence[PreparedBlob]) -> list[PreparedBlob]:
        placed = []
        with (self.folder / self._name).open("ab") as file:
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
        (self.folder / name).touch()
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)  # The name itself must survive, not only the bytes.
        finally:
            os.close(descriptor)
        self._name, self._size, self._process = name, 0, os.getpid()


@cache
def _packs_in(folder: Path) -> PackWriter:
    return PackWriter(folder)


def _in_row(content: bytes, compressed: bytes) -> PreparedBlob:
    digest = hashlib.sha256(content).hexdigest()
    if len(compressed) < len(content):
        return PreparedBlob(digest, len(content), ZSTD, compressed, None, None, None)
    return PreparedBlob(digest, len(content), STORED, content, None, None, None)
