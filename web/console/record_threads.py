"""The conversations of a record: the newest in a card of its page, all of them on a page of their own."""

from fastapi import Request
from fastapi.responses import Response

from crm.records.paths import record_path
from crm.records.repository.reading import names_of
from crm.stream.conversations.repository import conversations
from web.console.recycling import record_of
from web.paging import read_cursor, write_cursor
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/records/{name}/conversations")
PAGE, IN_CARD = 50, 5


@router.get("")
def conversations_page(request: Request, me: Me, name: str, after: str = "") -> Response:
    """All conversations of which mail stands on the record, as far as one may know of them."""
    record, behind = record_of(name), read_cursor(after)
    with services_of(request).store.database.reading() as session:
        page = conversations(session, me.viewer, record, behind=behind, limit=PAGE)
        named = names_of(session, me.viewer, [record])[0]
    return render(
        request,
        me,
        "records/conversations.html",
        entries=page.entries,
        next_cursor=write_cursor(page.next),
        behind=behind,
        named=named,
        record_path=record_path(record),
    )


@router.get("/newest")
def newest(request: Request, me: Me, name: str) -> Response:
    """The newest of them, for the card on the record's page."""
    with services_of(request).store.database.reading() as session:
        page = conversations(session, me.viewer, record_of(name), limit=IN_CARD)
    card = {"entries": page.entries, "more_there": page.next is not None, "record_name": name}
    return render_overlay(request, me, "records/_newest_conversations.html", **card)
