"""Conversations, messages, attachments and mailboxes, as far as the token's person may read them."""

from dataclasses import asdict
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from core.clock import utcnow
from crm.access.receipts import Happening, happenings_of_message
from crm.conversations.contents import read_content, read_original, read_part
from crm.conversations.reading import finish_thread
from crm.conversations.repository.messages import message_view, readable_thread, thread_view
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.threads import threads_page
from crm.conversations.searching import LONGEST_QUERY, search_threads
from crm.conversations.views.messages import MessageView, ThreadView
from crm.conversations.views.threads import MailView, ThreadFilter, ThreadRow
from mailsync.actions.asking import About, Wish, ask
from parsers.html.sanitize import sanitize_html
from storage.writer_lock import Urgency
from web.api.callers import MailReader, MailSender
from web.api.paging import After, Limit, Listing, after_id, id_behind
from web.forms import Place, RowId
from web.paging import read_cursor, write_cursor
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["mail"])
WORDS = (
    'As in the search field: words, "phrases", -exclusions, and from: to: cc: subject: filename: has:attachment is:unread '
    "is:flagged in: before: after: on: larger: smaller:. Days are those of UTC. `found` tells which message meets them all."
)


class MessageText(BaseModel):
    """What a message says: the new text apart from what is quoted; `html` is sanitised, without remote content."""

    text: str
    quoted: str
    signature: str
    html: str | None
    remote_count: int = 0
    """Remote pictures and backgrounds that `html` left out."""
    tracking_count: int = 0
    """How many of these only tell who has read the mail."""
    misleading_links: int = 0
    """Links that show the address of one host and lead to another."""


class ThreadMarks(BaseModel):
    """What to say of a conversation; what is left out stays."""

    seen: bool | None = None
    done: bool | None = None


@router.get("/threads")
def threads(
    request: Request,
    viewer: MailReader,
    view: MailView = MailView.INBOX,
    mailbox_id: RowId | None = None,
    unread: bool = False,
    words: Annotated[str, Query(description=WORDS, max_length=LONGEST_QUERY)] = "",
    after: After = None,
    limit: Limit = 50,
) -> Listing[ThreadRow]:
    """Conversations in the person's own mailboxes, newest first."""
    wanted, cursor = ThreadFilter(view, mailbox_id, unread, words.strip()), read_cursor(after)
    store = services_of(request).store
    with store.database.reading() as session:
        if not wanted.words:
            page = threads_page(session, viewer, wanted, after=cursor, limit=limit)
        else:
            reach, zone = reach_of(session, viewer), ZoneInfo("UTC")
            page = search_threads(store, session, viewer, reach, wanted, utcnow(), zone=zone, after=cursor, limit=limit)
    return Listing(items=list(page.rows), next=write_cursor(page.next))


@router.get("/threads/{thread_id}")
def thread(request: Request, viewer: MailReader, thread_id: RowId) -> ThreadView:
    """One conversation with its messages, without what they say."""
    with services_of(request).store.database.reading() as session:
        return thread_view(session, viewer, thread_id)


@router.patch("/threads/{thread_id}", status_code=204)
def change_thread(request: Request, viewer: MailSender, thread_id: RowId, marks: ThreadMarks) -> None:
    """Mark a conversation read, unread, or done."""
    store = services_of(request).store
    with store.database.reading() as session:
        readable_thread(session, viewer, thread_id)
    if marks.done is not None:
        finish_thread(store, viewer, thread_id, done=marks.done)
    seen = marks.seen if marks.seen is not None else (marks.done or None)
    if seen is not None:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            ask(session, viewer, Wish.READ if seen else Wish.UNREAD, About(thread_ids=(thread_id,)))


@router.get("/messages/{message_id}")
def message(request: Request, viewer: MailReader, message_id: RowId) -> MessageView:
    """One message: people, places, attachments, and why it is where it is."""
    with services_of(request).store.database.reading() as session:
        return message_view(session, viewer, message_id)


@router.get("/messages/{message_id}/content")
def message_content(request: Request, viewer: MailReader, message_id: RowId) -> MessageText:
    """What a message says."""
    store = services_of(request).store
    with store.database.reading() as session:
        content = read_content(store, session, viewer, message_id)
    said = MessageText(text=content.text, quoted=content.quoted, signature=content.signature, html=None)
    if content.html is None:
        return said
    safe = sanitize_html(content.html, cid_urls={}, allow_remote=False)
    return said.model_copy(update=asdict(safe))


@router.get("/messages/{message_id}/events")
def message_events(
    request: Request, viewer: MailReader, message_id: RowId, after: After = None, limit: Limit = 50
) -> Listing[Happening]:
    """When a mail of ours with receipts was opened and which links were followed, newest first; nothing of other mails."""
    with services_of(request).store.database.reading() as session:
        found = happenings_of_message(session, viewer, message_id, before_id=after_id(after), limit=limit)
    return Listing(items=found, next=id_behind(found, limit))


@router.get("/messages/{message_id}/raw", response_class=Response)
def message_raw(request: Request, viewer: MailReader, message_id: RowId) -> Response:
    """The message as it was received."""
    store = services_of(request).store
    with store.database.reading() as session:
        raw = read_original(store, session, viewer, message_id)
    return Response(raw, media_type="message/rfc822", headers={"content-disposition": "attachment"})


@router.get("/messages/{message_id}/parts/{index}", response_class=Response)
def message_part(request: Request, viewer: MailReader, message_id: RowId, index: Place) -> Response:
    """The bytes of an attachment."""
    store = services_of(request).store
    with store.database.reading() as session:
        part = read_part(store, session, viewer, message_id, index)
    return Response(part.data, media_type="application/octet-stream", headers={"content-disposition": "attachment"})
