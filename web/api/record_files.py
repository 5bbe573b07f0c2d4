"""Files of contacts, companies, leads and deals: listed, added, read, renamed, deleted and brought back."""

from datetime import datetime
from typing import Annotated

from fastapi import Form, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel

from crm.access.viewer import Viewer
from crm.records.gone import Record
from crm.records.paths import PLURALS
from crm.stream.files.keeping import add_files, delete_file, rename_file, restore_file
from crm.stream.files.repository.kept import content_of, file_seen
from crm.stream.files.repository.of_record import files_of
from crm.stream.files.views import FileOnRecord, FileSource
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing
from web.console.message_files import download
from web.console.record_files import incoming
from web.forms import RowId
from web.paging import read_cursor, write_cursor
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])


class FileOut(BaseModel):
    """One file of a record.

    `source`: `added` by hand (`id` is that of the file, for `/files/{id}`), of a `mail` (`id` is that of the message, `place`
    that of its part, for `/messages/{id}/parts/{place}`), or of a `post` (for `/posts/{id}/files/{place}`). `by` is
    a colleague or who wrote the mail, `of` the subject of the mail or the title of the post.
    """

    source: FileSource
    id: int
    place: int
    filename: str
    content_type: str
    size: int
    at: datetime
    by: str
    of: str


class Added(BaseModel):
    """What was added: the numbers of the files, in their order."""

    ids: list[int]


class NewName(BaseModel):
    """How a file is to be called; without an ending it keeps its own."""

    filename: str


def _add_routes(kind: RecordType, plural: str) -> None:
    @router.get(f"/{plural}/{{record_id}}/files", summary=f"Files of a {kind.value}")
    def files(
        request: Request,
        viewer: RecordReader,
        record_id: RowId,
        source: FileSource | None = None,
        after: After = None,
        limit: Limit = 50,
    ) -> Listing[FileOut]:
        """Newest first; of mails and posts as far as the token's person may read them.

        A page may hold some more than `limit` (files of one mail stay together), or fewer with `next` given.
        """
        return _listed(request, viewer, (kind, record_id), source, after, limit)

    @router.post(f"/{plural}/{{record_id}}/files", status_code=201, summary=f"Add files to a {kind.value}")
    def add(
        request: Request, viewer: RecordWriter, record_id: RowId, files: Annotated[list[UploadFile], Form()]
    ) -> Added:
        """Send them as `multipart/form-data`, each in a field `files`: at most 20 at once, and 25 MB each."""
        store = services_of(request).store
        return Added(ids=add_files(store, viewer, (kind, record_id), incoming(files)))


for _kind, _plural in PLURALS.items():
    _add_routes(_kind, _plural)


@router.get("/files/{file_id}", response_class=Response)
def file(request: Request, viewer: RecordReader, file_id: RowId) -> Response:
    """The bytes of a file that was put on a record."""
    store = services_of(request).store
    with store.database.reading() as session:
        found = file_seen(session, viewer, file_id)
        return download(content_of(session, store.blobs, found), found.filename)


@router.patch("/files/{file_id}", status_code=204)
def rename(request: Request, viewer: RecordWriter, file_id: RowId, name: NewName) -> None:
    """Call it otherwise."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        rename_file(session, viewer, file_id, name.filename)


@router.delete("/files/{file_id}", status_code=204)
def delete(request: Request, viewer: RecordWriter, file_id: RowId) -> None:
    """Take it away; it can be brought back for thirty days."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        delete_file(session, viewer, file_id)


@router.post("/files/{file_id}/restore", status_code=204)
def restore(request: Request, viewer: RecordWriter, file_id: RowId) -> None:
    """Bring it back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        restore_file(session, viewer, file_id)


def _listed(
    request: Request, viewer: Viewer, record: Record, source: FileSource | None, after: str | None, limit: int
) -> Listing[FileOut]:
    behind = read_cursor(after)
    with services_of(request).store.database.reading() as session:
        page = files_of(session, viewer, record, source=source, behind=behind, limit=limit)
    return Listing(items=[_out(each) for each in page.files], next=write_cursor(page.next))


def _out(each: FileOnRecord) -> FileOut:
    return FileOut(
        source=each.source,
        id=each.source_id,
        place=each.place,
        filename=each.filename,
        content_type=each.content_type,
        size=each.size,
        at=each.at,
        by=each.by,
        of=each.of,
    )
