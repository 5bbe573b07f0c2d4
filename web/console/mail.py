"""The Mail page: the list of conversations, the reading pane beside it, and what is done to a whole conversation."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from core.cursors import Cursor
from crm.access.receipts import receipts_of
from crm.conversations.reading import OpenMessage, OpenThread, finish_thread, open_message, open_thread
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.threads import threads_page
from crm.conversations.search_query import parse_query
from crm.conversations.searching import search_threads, suggestions
from crm.conversations.views.reach import Reach
from crm.conversations.views.threads import MailView, ThreadFilter, ThreadPage
from mailsync.actions.asking import About, Wish, ask
from mailsync.actions.repository.notes import notes_on
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.acting import move_targets
from web.forms import RowId
from web.paging import read_cursor, write_cursor
from web.rendering import render, wants_part
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()
VIEW_NAMES = {
    "inbox": "Inbox",
    "waiting": "Waiting",
    "sent": "Sent",
    "drafts": "Drafts",
    "archive": "Archive",
    "all": "All mail",
    "junk": "Junk",
    "trash": "Trash",
}
MAIN_VIEWS = ("inbox", "waiting", "sent")
OTHER_VIEWS = ("drafts", "archive", "all", "junk", "trash")


def wanted_threads(
    view: MailView = MailView.INBOX,
    mailbox: Annotated[RowId | None, Query()] = None,
    words: str = "",
    unread: bool = False,
) -> ThreadFilter:
    """The filter that the address carries."""
    return ThreadFilter(view, mailbox, unread, words.strip())


Wanted = Annotated[ThreadFilter, Depends(wanted_threads)]


@router.get("/mail")
def mail_page(request: Request, me: Me, wanted: Wanted, after: str = "") -> Response:
    """The list of conversations."""
    context = _list_context(request, me, wanted, after)
    return render(request, me, "mail/index.html", part="mail/_list.html", opened=None, **context)


@router.get("/mail/threads/{thread_id}")
def thread_page(
    request: Request,
    me: Me,
    thread_id: RowId,
    wanted: Wanted,
    after: str = "",
    message: RowId | None = None,
    before: RowId | None = None,
) -> Response:
    """One conversation: alone for htmx, beside its list otherwise. Opening it marks it read.

    Of a long one the newest messages, those around `message`, or, for who asks for more, those `before` one.
    """
    part = _thread_context(request, me, thread_id, wanted, message=message, before=before)
    if request.headers.get("hx-target") == "earlier":
        return render(request, me, "mail/index.html", part="mail/_earlier.html", **part)
    if request.headers.get("hx-target") == "reading":
        return render(request, me, "mail/index.html", part="mail/_thread.html", **part)
    return render(request, me, "mail/index.html", **{**_list_context(request, me, wanted, after), **part})


@router.get("/mail/messages/{message_id}")
def message_part(request: Request, me: Me, message_id: RowId) -> Response:
    """One message, opened inside its conversation; by itself the conversation."""
    store = services_of(request).store
    with store.database.reading() as session:
        item = open_message(store, session, me.viewer, message_id)
        notes = notes_on(session, me.viewer, [message_id], utcnow())
        receipts = receipts_of(session, me.viewer, _readable_mails([item]))
    if not wants_part(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/mail/threads/{item.message.thread_id}{query}#message-{message_id}", 303)
    return render(
        request, me, "mail/_message.html", part="mail/_message.html", item=item, notes=notes, receipts=receipts
    )


@router.post("/mail/threads/{thread_id}/done")
def thread_done(request: Request, me: Me, thread_id: RowId) -> Response:
    """Nobody waits here any more."""
    finish_thread(services_of(request).store, me.viewer, thread_id)
    _mark_read(request, me, About(thread_ids=(thread_id,)))
    return _thread_again(request, me, thread_id, done=True)


@router.post("/mail/threads/{thread_id}/waiting")
def thread_waiting(request: Request, me: Me, thread_id: RowId) -> Response:
    """Take back that nobody waits."""
    finish_thread(services_of(request).store, me.viewer, thread_id, done=False)
    return _thread_again(request, me, thread_id, done=False)


def _thread_context(
    request: Request,
    me: SignedIn,
    thread_id: int,
    wanted: ThreadFilter,
    *,
    message: int | None = None,
    before: int | None = None,
) -> dict[str, Any]:
    """A conversation with all that its page shows; opening it marks it read, if the person wants that."""
    opened = _open(request, me, thread_id, message, before)
    unread = tuple(item.message.id for item in opened.messages if item.message.unread)
    if me.marks_read and me.viewer.may_write and unread:
        whole = not opened.thread.earlier and not opened.thread.later
        _mark_read(request, me, About(thread_ids=(opened.thread.id,)) if whole else About(message_ids=unread))
    with services_of(request).store.database.reading() as session:
        reach = reach_of(session, me.viewer)
        shown = [item.message.id for item in opened.messages]
        notes = notes_on(session, me.viewer, shown, utcnow())
        receipts = receipts_of(session, me.viewer, _readable_mails(opened.messages))
        targets = move_targets(session, reach, _mailboxes_of(opened))
    return {
        "opened": opened,
        "wanted_message": message,
        "notes": notes,
        "receipts": receipts,
        "can_reply": _can_reply(me, reach),
        "move_targets": targets,
        "wanted": wanted,
        "list_query": _list_query(wanted),
    }


def _readable_mails(messages: Sequence[OpenMessage]) -> list[int]:
    """Those of our own that the person may read."""
    return [
        item.message.outgoing_id for item in messages if item.message.outgoing_id is not None and item.message.readable
    ]


def _mailboxes_of(opened: OpenThread) -> set[int]:
    return {place.mailbox_id for item in opened.messages for place in item.message.places if place.own}


def _open(request: Request, me: SignedIn, thread_id: int, message: int | None, before: int | None) -> OpenThread:
    store = services_of(request).store
    with store.database.reading() as session:
        return open_thread(store, session, me.viewer, thread_id, wanted=message, before=before)


def _mark_read(request: Request, me: SignedIn, about: About) -> None:
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask(session, me.viewer, Wish.READ, about)


def _can_reply(me: SignedIn, reach: Reach) -> bool:
    return me.viewer.may_write and any(mailbox.can_send for mailbox in reach.mailboxes)


def _thread_again(request: Request, me: SignedIn, thread_id: int, *, done: bool) -> Response:
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/mail/threads/{thread_id}", 303)
    context = _thread_context(request, me, thread_id, ThreadFilter())
    return render(request, me, "mail/index.html", part="mail/_thread_settled.html", done=done, **context)


def _page(
    request: Request, me: SignedIn, session: ReadSession, reach: Reach, wanted: ThreadFilter, after: Cursor | None
) -> ThreadPage:
    if not wanted.words:
        return threads_page(session, me.viewer, wanted, after=after, reach=reach)
    store = services_of(request).store
    return search_threads(store, session, me.viewer, reach, wanted, utcnow(), zone=zone_of(me), after=after)


def _list_query(wanted: ThreadFilter) -> str:
    words = {"view": wanted.view.value, "mailbox": wanted.mailbox_id, "words": wanted.words, "unread": wanted.unread}
    return urlencode({name: value for name, value in words.items() if value})


def _list_context(request: Request, me: SignedIn, wanted: ThreadFilter, after: str) -> dict[str, Any]:
    with services_of(request).store.database.reading() as session:
        reach = reach_of(session, me.viewer)
        page = _page(request, me, session, reach, wanted, read_cursor(after))
        targets = move_targets(session, reach, [wanted.mailbox_id] if wanted.mailbox_id else reach.mailbox_ids)
    cursor, query = write_cursor(page.next), _list_query(wanted)
    return {
        "page": page,
        "wanted": wanted,
        "reach": reach,
        "narrower": suggestions(parse_query(wanted.words), page.rows, utcnow()) if wanted.words else [],
        "move_targets": targets,
        "next_url": f"/mail?{query}&after={cursor}" if cursor else None,
        "list_query": query,
        "view_names": VIEW_NAMES,
        "main_views": MAIN_VIEWS,
        "other_views": OTHER_VIEWS,
    }
