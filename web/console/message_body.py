"""What a stranger wrote, shown without giving them anything: HTML in a frame that runs nothing.

The frame's policy allows pictures from ourselves (inline parts) and, only when the reader asks, from elsewhere; no
script, no form, no frame, no font. It is sandboxed twice: by the page that shows it and by its own header.
"""

from fastapi import Request
from fastapi.responses import Response

from core.errors import NotFound
from crm.conversations.contents import read_content
from crm.conversations.reading import open_message
from crm.conversations.repository.messages import message_view
from crm.conversations.views.messages import MessageView
from parsers.html.sanitize import SanitizedHtml, sanitize_html
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>html{{color-scheme:light}}body{{margin:16px;font:15px/1.55 system-ui,sans-serif;color:#1d2124;background:#fff;\
overflow-wrap:anywhere}}img{{max-width:100%;height:auto}}table{{max-width:100%}}blockquote{{margin:0 0 0 4px;padding-left:12px;\
border-left:2px solid #cfc9bd;color:#575d62}}pre{{white-space:pre-wrap}}a{{color:#0b6b50}}</style></head>
<body data-remote="{remote}" data-tracking="{tracking}" data-misleading="{misleading}">{body}</body></html>"""


@router.get("/mail/messages/{message_id}/body")
def message_body(request: Request, me: Me, message_id: RowId, pictures: bool = False) -> Response:
    """The HTML of a mail, made safe, for the frame that shows it."""
    store = services_of(request).store
    with store.database.reading() as session:
        message = message_view(session, me.viewer, message_id)
        content = read_content(store, session, me.viewer, message_id)
    if content.html is None:
        raise NotFound("This mail has no design of its own.")
    safe = sanitize_html(content.html, cid_urls=_inline_pictures(message), allow_remote=pictures)
    return Response(framed(safe), media_type="text/html", headers=frame_headers(pictures=pictures))


@router.get("/mail/messages/{message_id}/designed")
def designed_part(request: Request, me: Me, message_id: RowId) -> Response:
    """The frame, to stand in the place of the text; nobody need ask for it again."""
    store = services_of(request).store
    with store.database.reading() as session:
        item = open_message(store, session, me.viewer, message_id)
    return render(request, me, "mail/_designed.html", part="mail/_design_asked_for.html", message=item.message)


def _inline_pictures(message: MessageView) -> dict[str, str]:
    base = f"/mail/messages/{message.id}/parts"
    return {part.content_id: f"{base}/{part.index}?inline=1" for part in message.parts if part.content_id}


def framed(safe: SanitizedHtml) -> str:
    """The page in the frame; what its mail would have told others stands in data attributes, for the notes above it."""
    return _PAGE.format(
        remote=safe.remote_count, tracking=safe.tracking_count, misleading=safe.misleading_links, body=safe.html
    )


def frame_headers(*, pictures: bool) -> dict[str, str]:
    """The policy of a page that shows what somebody else wrote."""
    elsewhere = " https: http:" if pictures else ""
    policy = (
        f"default-src 'none'; img-src 'self' data:{elsewhere}; style-src 'unsafe-inline'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )
    return {"content-security-policy": policy, "x-frame-options": "SAMEORIGIN", "referrer-policy": "no-referrer"}
