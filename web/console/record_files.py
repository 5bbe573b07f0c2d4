"""Files of a record: all of them on a page, the newest in a card on the record's; added, looked at, renamed, taken away."""

from typing import Annotated, Any

from fastapi import Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.access.rights import Act
from crm.access.rights.repository import acts_on
from crm.conversations.contents import PartContent
from crm.records.gone import Record
from crm.records.paths import record_path
from crm.records.repository.reading import names_of
from crm.stream.files.keeping import (
    LARGEST,
    MOST_AT_ONCE,
    Incoming,
    add_files,
    delete_file,
    rename_file,
    restore_file,
)
from crm.stream.files.repository.kept import KeptFile, content_of, file_seen
from crm.stream.files.repository.of_record import files_of
from crm.stream.files.views import FileSource
from storage.writer_lock import Urgency
from web.console.message_files import download, in_place
from web.console.recycling import record_of
from web.forms import RowId
from web.paging import read_cursor, write_cursor
from web.rendering import render, render_overlay
from web.routers import page_router
from web.shown_files import media_type_shown, shown_in_place
from web.signed_in import Me, SignedIn, services_of

router = page_router()
PAGE = 50
IN_CARD = 5


@router.get("/records/{name}/files")
def files_page(request: Request, me: Me, name: str, source: FileSource | None = None, after: str = "") -> Response:
    """All files of a record that one may read, newest first."""
    return _page(request, me, record_of(name), source, after)


@router.get("/records/{name}/files/newest")
def newest_files(request: Request, me: Me, name: str) -> Response:
    """The newest of them, for the card on the record's page."""
    record = record_of(name)
    with services_of(request).store.database.reading() as session:
        page = files_of(session, me.viewer, record, limit=IN_CARD)
        acts = acts_on(session, me.viewer, record)
    more_there = page.next is not None or len(page.files) > IN_CARD
    card = {"files": page.files[:IN_CARD], "more_there": more_there, "acts": acts, "record_name": name, **_LIMITS}
    return render_overlay(request, me, "records/_newest_files.html", **card)


@router.post("/records/{name}/files")
def upload(
    request: Request,
    me: Me,
    name: str,
    files: Annotated[list[UploadFile] | None, Form()] = None,
    back: Annotated[str, Form()] = "",
) -> Response:
    """Put files on a record. What can not be kept is said above the list, and none of them was."""
    record = record_of(name)
    try:
        add_files(services_of(request).store, me.viewer, record, incoming(files or []))
    except UsageError as error:
        return _page(request, me, record, None, "", problem=str(error))
    return RedirectResponse(record_path(record) if back == "record" else f"/records/{name}/files", 303)


@router.get("/files/{file_id}")
def one_file(request: Request, me: Me, file_id: RowId, inline: bool = False) -> Response:
    """A file as a download; `inline` shows pictures and PDFs in place."""
    store = services_of(request).store
    with store.database.reading() as session:
        file = file_seen(session, me.viewer, file_id)
        part = PartContent(file.filename, file.content_type, content_of(session, store.blobs, file))
    shown = media_type_shown(part.content_type, part.filename, part.data) if inline else None
    return in_place(part, shown) if shown else download(part.data, part.filename or "file")


@router.get("/files/{file_id}/preview")
def preview(request: Request, me: Me, file_id: RowId) -> Response:
    """A picture or document in the overlay of the page; another kind is a download."""
    with services_of(request).store.database.reading() as session:
        file = file_seen(session, me.viewer, file_id)
    kind, address = shown_in_place(file), f"/files/{file_id}"
    if kind is None:
        return RedirectResponse(address, 303)
    return render_overlay(request, me, "mail/_preview.html", address=address, attached=file, kind=kind)


@router.get("/files/{file_id}/rename")
def rename_form(request: Request, me: Me, file_id: RowId) -> Response:
    """The form of a file's name."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        file = file_seen(session, me.viewer, file_id)
    return render_overlay(request, me, "records/_rename_file.html", file=file)


@router.post("/files/{file_id}/rename")
def rename(request: Request, me: Me, file_id: RowId, filename: Annotated[str, Form()] = "") -> Response:
    """Call it otherwise."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        file = rename_file(session, me.viewer, file_id, filename)
    return RedirectResponse(_list_of(file), 303)


@router.post("/files/{file_id}/delete")
def delete(request: Request, me: Me, file_id: RowId) -> Response:
    """Take it away, with a button that takes this back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        file = delete_file(session, me.viewer, file_id)
    return RedirectResponse(f"{_list_of(file)}?done=file-deleted:{file_id}", 303)


@router.post("/files/{file_id}/restore")
def restore(request: Request, me: Me, file_id: RowId) -> Response:
    """Bring it back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        file = restore_file(session, me.viewer, file_id)
    return RedirectResponse(f"{_list_of(file)}?done=file-restored:{file_id}", 303)


def incoming(files: list[UploadFile]) -> list[Incoming]:
    """Uploaded files, those that were chosen."""
    return [
        Incoming(file.filename, file.content_type or "", file.file, file.size or 0) for file in files if file.filename
    ]


_LIMITS: dict[str, Any] = {"most_at_once": MOST_AT_ONCE, "largest_mb": LARGEST // 1024 // 1024}


def _page(
    request: Request, me: SignedIn, record: Record, source: FileSource | None, after: str, *, problem: str = ""
) -> Response:
    behind = read_cursor(after)
    with services_of(request).store.database.reading() as session:
        page = files_of(session, me.viewer, record, source=source, behind=behind, limit=PAGE)
        named = names_of(session, me.viewer, [record])[0]
        acts = acts_on(session, me.viewer, record)
    return render(
        request,
        me,
        "records/files.html",
        status=422 if problem else 200,
        files=page.files,
        next_cursor=write_cursor(page.next),
        named=named,
        record_name=f"{record[0].value}:{record[1]}",
        record_path=record_path(record),
        source=source,
        behind=after,
        may_edit=Act.EDIT in acts,
        problem=problem,
        **_LIMITS,
    )


def _list_of(file: KeptFile) -> str:
    first = file.records[0]
    return f"/records/{first.type.value}:{first.id}/files"
