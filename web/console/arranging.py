"""Arranging conversations by hand: split, merge, put on other records; each is told on the next page, with Undo."""

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from crm.conversations.arranging.bindings import change_records
from crm.conversations.arranging.threads import merge, split, undo
from crm.conversations.reading import open_thread
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.records import bindings_of_thread
from crm.conversations.repository.threads import threads_page
from crm.conversations.searching import search_threads
from crm.conversations.views.threads import MailView, ThreadFilter, ThreadRow
from crm.posting.addressing import Field
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.picking import picked, records_picked
from web.forms import RowId
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router(prefix="/mail")
SHOWN = 12


@router.post("/messages/{message_id}/split")
def split_here(request: Request, me: Me, message_id: RowId) -> Response:
    """The message and all later ones become a conversation of their own."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change = split(session, me.viewer, message_id)
    return RedirectResponse(f"/mail/messages/{message_id}?done=split:{change}", 303)


@router.get("/threads/{thread_id}/merge")
def merge_form(
    request: Request, me: Me, thread_id: RowId, words: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """Conversations to merge this one with: the newest, or those that were searched for."""
    me.viewer.require_write()
    store = services_of(request).store
    with store.database.reading() as session:
        opened = open_thread(store, session, me.viewer, thread_id).thread
        rows = [row for row in _candidates(request, me, session, words) if row.id != opened.id]
    return render_overlay(request, me, "mail/_merge.html", thread=opened, rows=rows[:SHOWN], words_asked=words)


@router.post("/threads/{thread_id}/merge")
def merge_with(request: Request, me: Me, thread_id: RowId, other: Annotated[RowId, Form()]) -> Response:
    """Make one conversation of two."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change = merge(session, me.viewer, thread_id, other)
    return RedirectResponse(f"/mail/threads/{thread_id}?done=joined:{change}", 303)


@router.get("/threads/{thread_id}/records")
def records_form(request: Request, me: Me, thread_id: RowId) -> Response:
    """The records that a conversation stands on: chips to clear, and a field to add others."""
    me.viewer.require_write()
    store = services_of(request).store
    with store.database.reading() as session:
        opened = open_thread(store, session, me.viewer, thread_id).thread
        bound = [f"{one.type.value}:{one.id}" for one in bindings_of_thread(session, me.viewer, opened.id)]
        about = picked(session, me.viewer, Field.ABOUT, bound)
    return render_overlay(request, me, "mail/_records.html", thread=opened, about=about)


@router.post("/threads/{thread_id}/records")
def put_on_records(
    request: Request,
    me: Me,
    thread_id: RowId,
    about: Annotated[list[str] | None, Form()] = None,
    about_words: Annotated[str, Form()] = "",
) -> Response:
    """Let a conversation stand on these records and on no others."""
    store = services_of(request).store
    with store.database.reading() as session:
        opened = open_thread(store, session, me.viewer, thread_id).thread
        wanted = records_picked(session, me.viewer, about or [], about_words)
        there = [(one.type, one.id) for one in bindings_of_thread(session, me.viewer, opened.id)]
    add, remove = [key for key in wanted if key not in there], [key for key in there if key not in wanted]
    if not add and not remove:
        return RedirectResponse(f"/mail/threads/{opened.id}", 303)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        change = change_records(session, me.viewer, opened.id, add=add, remove=remove)
    return RedirectResponse(f"/mail/threads/{opened.id}?done={'rebound' if wanted else 'unbound'}:{change}", 303)


@router.post("/changes/{change_id}/undo")
def take_back(request: Request, me: Me, change_id: RowId) -> Response:
    """Take one of these back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        thread_id = undo(session, me.viewer, change_id)
    return RedirectResponse(f"/mail/threads/{thread_id}?done=as-before:{change_id}", 303)


def _candidates(request: Request, me: SignedIn, session: ReadSession, words: str) -> tuple[ThreadRow, ...]:
    wanted, reach = ThreadFilter(MailView.ALL, words=words.strip()), reach_of(session, me.viewer)
    if not wanted.words:
        return threads_page(session, me.viewer, wanted, reach=reach).rows
    store = services_of(request).store
    return search_threads(store, session, me.viewer, reach, wanted, utcnow(), zone=zone_of(me)).rows
