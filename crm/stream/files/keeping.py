"""Putting files on a record, calling them otherwise, taking them away and bringing them back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.viewer import Viewer
from crm.records.gone import KEPT_FOR
from crm.records.repository import writing
from crm.records.repository.files import forget_deleted_files
from crm.records.repository.reading import names_of
from crm.records.repository.recycling import why_gone
from crm.stream.files.repository import kept
from crm.stream.files.repository.kept import KeptFile
from crm.stream.files.repository.terms import write_terms
from crm.stream.views import RecordKey
from parsers.mime.filenames import UNKNOWN, safe_filename, type_of
from storage import blobs as blob_rows
from storage.models import Activity, ActivityKind, FileTerm, RecordFile, RecordFilePiece
from storage.sessions import ReadSession, WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

LARGEST: Final = 25 * 1024 * 1024
MOST_AT_ONCE: Final = 20
PIECE_BYTES: Final = 1024 * 1024
"""SQLite stores so many in 20 ms, while others wait for it."""
LONGEST_TYPE: Final = 127


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as somebody sends it; it is read when its turn comes."""

    filename: str
    content_type: str
    file: BinaryIO
    size: int


def add_files(store: Store, viewer: Viewer, record: RecordKey, files: Sequence[Incoming]) -> list[int]:
    """Put files on a record, and an entry that tells of them into its timeline; their ids.

    None is added where one can not be. What a killed process has added by then stays; of one that it was at nobody sees
    anything. Raises `UsageError`, `NotFound` for a record that is gone, `Forbidden` for who may not change it.
    """
    viewer.require_write()
    with store.database.reading() as session:
        _require_record(session, viewer, record)
    _require_sizes(files)
    at, ids, entry_id = utcnow(), [], None
    for count, each in enumerate(files, 1):
        file_id = _store(store, viewer, each, at)
        with store.database.unit_of_work(Urgency.PERSON) as session:
            _require_record(session, viewer, record)
            entry_id = _entry(session, viewer, record, entry_id, each, count, at)
            kept.change_file(session, file_id, activity_id=entry_id, deleted_at=None)
        ids.append(file_id)
    return ids


def rename_file(session: WriteSession, viewer: Viewer, file_id: int, name: str) -> KeptFile:
    """Call a file otherwise; without an ending it keeps its own. Raises `UsageError`, `NotFound`, `Forbidden`."""
    viewer.require_write()
    file = kept.file_for_change(session, viewer, file_id)
    if not name.strip(" ._/\\"):
        raise UsageError("Write a name for the file.")
    clean = safe_filename(name.replace("/", "-").replace("\\", "-"), file.content_type)
    ending = file.filename.rpartition(".")[2] if "." in file.filename else ""
    kept.change_file(session, file_id, filename=clean if "." in clean or not ending else f"{clean}.{ending}")
    return file


def delete_file(session: WriteSession, viewer: Viewer, file_id: int) -> KeptFile:
    """Take a file away from wherever it stands; for 30 days it can be brought back. Raises `NotFound`, `Forbidden`."""
    viewer.require_write()
    file = kept.file_for_change(session, viewer, file_id)
    kept.change_file(session, file_id, deleted_at=utcnow(), deleted_by_id=viewer.user_id)
    return file


def restore_file(session: WriteSession, viewer: Viewer, file_id: int) -> KeptFile:
    """Bring a deleted file back; one that is there stays. Raises `NotFound` when it is gone for good, `Forbidden`."""
    viewer.require_write()
    try:
        file = kept.file_for_change(session, viewer, file_id, deleted=True)
    except NotFound:
        return kept.file_for_change(session, viewer, file_id)
    kept.change_file(session, file_id, deleted_at=None, deleted_by_id=None)
    return file


def forget_old_files(store: Store) -> None:
    """Forget the files that were deleted thirty days ago, with their bytes. Killed in the middle, it goes on where it was."""
    gone = 1
    while gone:
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone = forget_deleted_files(session, utcnow() - KEPT_FOR)


def _require_record(session: ReadSession, viewer: Viewer, record: RecordKey) -> None:
    if not names_of(session, viewer, [record]):
        raise why_gone(session, viewer, record)
    require(session, viewer, Act.EDIT, record)


def _require_sizes(files: Sequence[Incoming]) -> None:
    if not files:
        raise UsageError("Choose a file first.")
    if len(files) > MOST_AT_ONCE:
        raise UsageError(f"At most {MOST_AT_ONCE} files are added at once: add some, then the rest.")
    for each in files:
        if not each.size:
            raise UsageError(f"{_name(each)} is empty: there is nothing to keep. Nothing was added.")
        if each.size > LARGEST:
            raise UsageError(
                f"{_name(each)} is larger than {LARGEST // 1024 // 1024} MB, the most that a file may have. Nothing was added."
            )


def _entry(
    session: WriteSession,
    viewer: Viewer,
    record: RecordKey,
    entry_id: int | None,
    file: Incoming,
    count: int,
    at: datetime,
) -> int:
    """The entry that tells of the first file, or of so many by now."""
    if entry_id is not None and kept.entry_is_there(session, entry_id, record):
        kept.retitle_entry(session, entry_id, f"Added {count} files")
        return entry_id
    entry = Activity(
        kind=ActivityKind.FILE,
        title=f"Added {_name(file)}",
        at=at,
        created_at=at,
        author_id=viewer.user_id,
        responsible_id=viewer.user_id,
        completed_at=at,
    )
    new_id = writing.add(session, entry)
    writing.bind(session, new_id, [record])
    return new_id


def _store(store: Store, viewer: Viewer, file: Incoming, at: datetime) -> int:
    """Store the bytes, a piece a unit, so that nobody waits for all of them; the id of the file, which stands nowhere yet."""
    with store.database.unit_of_work(Urgency.PERSON) as session:
        row = RecordFile(
            filename=_name(file),
            content_type=_type(file),
            size=file.size,
            author_id=viewer.user_id,
            created_at=at,
            deleted_at=at,
        )
        session.add(row)
        session.flush()
        file_id = row.id
        write_terms(session, FileTerm.record_file_id, [(file_id, row.filename)])
    position = 0
    while piece := file.file.read(PIECE_BYTES):
        prepared = store.blobs.prepare([piece])
        with store.database.unit_of_work(Urgency.PERSON) as session:
            blob_id = blob_rows.record(session, prepared)[0]
            session.add(RecordFilePiece(file_id=file_id, position=position, blob_id=blob_id))
        position += 1
    return file_id


def _name(file: Incoming) -> str:
    return safe_filename(file.filename, file.content_type)


def _type(file: Incoming) -> str:
    """What the browser says it is, where that can be a type; else what the name promises."""
    said = file.content_type.partition(";")[0].strip().lower()
    plain = said.isascii() and said.isprintable() and said.count("/") == 1 and len(said) <= LONGEST_TYPE
    return said if plain and said != UNKNOWN else type_of(file.filename)
