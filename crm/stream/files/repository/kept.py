"""Files that people put on records, in the database: found by their number, with the records that they stand on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import NotFound
from crm.access.rights import Act
from crm.access.rights.repository import reaches, require
from crm.access.viewer import Viewer
from crm.records.gone import KEPT_FOR
from crm.records.repository.reading import names_of
from crm.records.views import Named
from crm.stream.files.repository.terms import write_terms
from crm.stream.views import AddedFile, RecordKey
from storage.blobs import BlobStore
from storage.models import Activity, ActivityBinding, FileTerm, RecordFile, RecordFilePiece
from storage.sessions import ReadSession, WriteSession

NO_FILE = "There is no such file, or it was deleted."


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file; `records` are those that it stands on and that the viewer may know of."""

    id: int
    filename: str
    content_type: str
    size: int
    records: tuple[Named, ...]


def file_seen(session: ReadSession, viewer: Viewer, file_id: int) -> KeptFile:
    """A file that stands on a record which the viewer may know of. Raises `NotFound`."""
    return _found(session, viewer, file_id, deleted=False)


def content_of(session: ReadSession, blobs: BlobStore, file: KeptFile) -> bytes:
    """All bytes of a file that somebody was found to see. Raises `Permanent` when the store is damaged."""
    pieces = select(RecordFilePiece.blob_id).where(RecordFilePiece.file_id == file.id)
    ids = session.execute(pieces.order_by(RecordFilePiece.position)).scalars()
    return b"".join([blobs.read(session, blob_id) for blob_id in ids])


def file_for_change(session: WriteSession, viewer: Viewer, file_id: int, *, deleted: bool = False) -> KeptFile:
    """A file, deleted or not, that stands on a record which the viewer may change. Raises `NotFound`, `Forbidden`."""
    session.execute(select(RecordFile.id).where(RecordFile.id == file_id).with_for_update())
    file = _found(session, viewer, file_id, deleted=deleted)
    keys = [(named.type, named.id) for named in file.records]
    if not any(reaches(session, viewer, Act.EDIT, key) for key in keys):
        require(session, viewer, Act.EDIT, keys[0])
    return file


def change_file(session: WriteSession, file_id: int, **values: object) -> None:
    """Write these columns of a file."""
    statement = update(RecordFile).where(RecordFile.id == file_id).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
    if "filename" in values:
        write_terms(session, FileTerm.record_file_id, [(file_id, str(values["filename"]))])


def retitle_entry(session: WriteSession, entry_id: int, title: str) -> None:
    """Let the entry of some files say how many they are."""
    statement = update(Activity).where(Activity.id == entry_id).values(title=title)
    session.execute(statement.execution_options(synchronize_session=False))


def files_of_entries(session: ReadSession, entry_ids: Sequence[int]) -> Mapping[int, tuple[AddedFile, ...]]:
    """The files of entries that the viewer was found to see, without deleted ones."""
    if not entry_ids:
        return {}
    here = (RecordFile.activity_id.in_(entry_ids), RecordFile.deleted_at.is_(None))
    found: dict[int, tuple[AddedFile, ...]] = {}
    for row in session.execute(select(RecordFile).where(*here).order_by(RecordFile.id)).scalars():
        file = AddedFile(row.id, row.filename, row.content_type, row.size)
        entry_id = row.activity_id or 0
        found[entry_id] = (*found.get(entry_id, ()), file)
    return found


def entry_is_there(session: WriteSession, activity_id: int, record: RecordKey) -> bool:
    """Whether an entry stands on the record still, and does until this unit ends."""
    held = select(ActivityBinding.id).join(Activity, Activity.id == ActivityBinding.activity_id)
    on_record = (ActivityBinding.record_type == record[0], ActivityBinding.record_id == record[1])
    query = held.where(Activity.id == activity_id, *on_record).with_for_update(key_share=True)
    return session.execute(query).first() is not None


def _found(session: ReadSession, viewer: Viewer, file_id: int, *, deleted: bool) -> KeptFile:
    # Of one whose time is over pieces may have gone.
    such = RecordFile.deleted_at > utcnow() - KEPT_FOR if deleted else RecordFile.deleted_at.is_(None)
    row = session.execute(select(RecordFile).where(RecordFile.id == file_id, such)).scalar()
    if row is None or row.activity_id is None:
        raise NotFound(NO_FILE)
    standing = select(ActivityBinding.record_type, ActivityBinding.record_id)
    standing = standing.where(ActivityBinding.activity_id == row.activity_id)
    keys = [(kind, record_id) for kind, record_id in session.execute(standing.order_by(ActivityBinding.owner.desc()))]
    named = {(one.type, one.id): one for one in names_of(session, viewer, keys)}
    if not named:
        raise NotFound(NO_FILE)
    records = tuple(named[key] for key in keys if key in named)
    return KeptFile(row.id, row.filename, row.content_type, row.size, records)
