"""What came with a mail: files to be kept, pictures and PDFs looked at in place, the mail as it was received.

Nothing of it is run in our origin: a browser shows only what it can not be tricked into running, by our word for what it
is (nosniff), and everything else is a download.
"""

import html
import re
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from core.errors import NotFound
from crm.conversations.contents import PartContent, read_original, read_part
from crm.conversations.repository.messages import message_view
from web.byte_ranges import NoSuchRange, asked_range
from web.forms import Place, RowId
from web.rendering import render_overlay
from web.routers import page_router
from web.shown_files import DOCUMENT, media_type_shown, shown_in_place
from web.signed_in import Me, services_of

router = page_router()
NOTHING_RUNS = "default-src 'none'; sandbox"
DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
"""A browser's own viewer of PDFs does not work in a sandbox; it is one itself."""


@router.get("/mail/messages/{message_id}/parts/{index}")
def message_file(request: Request, me: Me, message_id: RowId, index: Place, inline: bool = False) -> Response:
    """An attachment as a download; `inline` shows pictures and PDFs in place."""
    store = services_of(request).store
    with store.database.reading() as session:
        part = read_part(store, session, me.viewer, message_id, index)
    shown = media_type_shown(part.content_type, part.filename, part.data) if inline else None
    return in_place(part, shown) if shown else download(part.data, part.filename or "attachment")


@router.get("/mail/messages/{message_id}/parts/{index}/preview")
def message_file_preview(request: Request, me: Me, message_id: RowId, index: Place) -> Response:
    """A picture or document in the overlay of the page; another kind is a download."""
    with services_of(request).store.database.reading() as session:
        message = message_view(session, me.viewer, message_id)
    part = next((part for part in message.parts if part.index == index), None)
    if part is None:
        raise NotFound("This message has no such attachment.")
    kind = shown_in_place(part)
    if kind is None:
        return RedirectResponse(f"/mail/messages/{message_id}/parts/{index}", 303)
    address = f"/mail/messages/{message_id}/parts/{index}"
    return render_overlay(request, me, "mail/_preview.html", address=address, attached=part, kind=kind)


@router.get("/mail/messages/{message_id}/raw")
def message_raw(request: Request, me: Me, message_id: RowId) -> Response:
    """The mail as it was received."""
    store = services_of(request).store
    with store.database.reading() as session:
        raw = read_original(store, session, me.viewer, message_id)
    return download(raw, f"message-{message_id}.eml")


def in_place(part: PartContent, media_type: str) -> Response:
    """A file that is shown where it was asked for, as what we say it is."""
    headers = {
        "content-disposition": _disposition("inline", part.filename or "attachment"),
        "cache-control": "private, max-age=86400",
        "content-security-policy": DOCUMENT_POLICY if media_type == DOCUMENT else NOTHING_RUNS,
        "x-frame-options": "SAMEORIGIN",
    }
    return Response(part.data, media_type=media_type, headers=headers)


def playing(part: PartContent, media_type: str, wanted: str | None) -> Response:
    """A video, or the part of it that a Range header wants."""
    size, headers = len(part.data), {**in_place(part, media_type).headers, "accept-ranges": "bytes"}
    del headers["content-length"]
    try:
        asked = asked_range(wanted, size)
    except NoSuchRange:
        return Response(status_code=416, headers={"accept-ranges": "bytes", "content-range": f"bytes */{size}"})
    if asked is None:
        return Response(part.data, media_type=media_type, headers=headers)
    headers["content-range"] = f"bytes {asked.start}-{asked.stop - 1}/{size}"
    return Response(part.data[asked.start : asked.stop], 206, headers, media_type)


def download(data: bytes, filename: str) -> Response:
    """Bytes to be saved, never opened in our origin."""
    headers = {"content-disposition": _disposition("attachment", filename), "content-security-policy": NOTHING_RUNS}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _disposition(kind: str, filename: str) -> str:
    """The name in both spellings of RFC 6266."""
    clean = re.sub(r"[\x00-\x1f\x7f/\\]+", "_", html.unescape(filename)).strip(". ") or "attachment"
    plain = clean.encode("ascii", "replace").decode().replace("?", "_").replace('"', "'")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"
