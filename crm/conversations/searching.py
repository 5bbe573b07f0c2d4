"""Search as a page shows it: conversations with a message that meets every condition, and the words marked in it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from core.errors import MailsyncError
from core.logging import get_logger
from crm.access.viewer import Viewer
from crm.conversations.contents import content_of
from crm.conversations.excerpts import excerpt, holds_all
from crm.conversations.repository.finding import Match, first_behind, matches
from crm.conversations.repository.found_mail import FoundMail, found_mail
from crm.conversations.repository.reach import own_folders
from crm.conversations.repository.threads import PAGE, thread_rows
from crm.conversations.search_plan import SearchPlan, asks_something, plan_search
from crm.conversations.search_query import Operator, SearchQuery, Term, parse_query
from crm.conversations.views.reach import Reach
from crm.conversations.views.threads import Cursor, FoundMessage, MailView, ThreadFilter, ThreadPage, ThreadRow
from parsers.message import parse_message
from storage.sessions import ReadSession
from storage.store import Store

log = get_logger(__name__)

LONGEST_QUERY = 500
LARGEST_LOOKED_INTO = 256 * 1024
"""Bytes of a mail whose text is looked through for an excerpt; of larger ones the beginning is shown."""


def search_threads(
    store: Store,
    session: ReadSession,
    viewer: Viewer,
    reach: Reach,
    wanted: ThreadFilter,
    now: datetime,
    *,
    zone: ZoneInfo,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> ThreadPage:
    """Conversations of the viewer's own mailboxes in which `wanted.words` find something, the newest find first.

    Days are those of `zone`. `after` is `next` of the page before.
    """
    query = parse_query(wanted.words[:LONGEST_QUERY])
    if not asks_something(query):
        return ThreadPage((), None)
    folders, today = own_folders(session, reach), now.astimezone(zone).date()
    plan = plan_search(_narrowed(query, wanted), reach, folders, today, zone, mailbox_id=wanted.mailbox_id)
    found = _page(session, viewer, plan, after, limit)
    shown = found[:limit]
    rows = thread_rows(session, viewer, reach, [match.thread_id for match in shown])
    said = _said(store, session, viewer, reach, plan, shown)
    following = Cursor(shown[-1].date, shown[-1].message_id) if len(found) > limit else None
    rows = tuple(replace(row, found=said.get(match.message_id)) for row, match in zip(rows, shown, strict=True))
    return ThreadPage(rows, following, _remarks(query, plan))


def suggestions(query: SearchQuery, rows: tuple[ThreadRow, ...], now: datetime) -> list[tuple[str, SearchQuery]]:
    """Ways to narrow a search, in words, each with the search that it leads to."""
    found = []
    names = [row.people[0] for row in rows if row.people and row.people[0]]
    if names and not query.has(Operator.FROM):
        name = max(names, key=names.count)
        found.append((f"From {name}", query.and_(Operator.FROM, name)))
    if not query.has(Operator.HAS) and any(row.attachments for row in rows):
        found.append(("With files", query.and_(Operator.HAS, "attachment")))
    if not query.has(Operator.IS) and any(row.unread for row in rows):
        found.append(("Unread", query.and_(Operator.IS, "unread")))
    if not query.has(Operator.AFTER) and any(row.last_at.year < now.year for row in rows):
        found.append((f"Since {now.year}", query.and_(Operator.AFTER, str(now.year))))
    if not query.has(Operator.IN):
        found.append(("In the inbox", query.and_(Operator.IN, "inbox")))
        found.append(("Also in Junk and Trash", query.and_(Operator.IN, "anywhere")))
    return found


def _narrowed(query: SearchQuery, wanted: ThreadFilter) -> SearchQuery:
    """The list's own filters hold for its search too; Junk and Trash are searched from their lists."""
    terms = list(query.terms)
    if wanted.unread:
        terms.insert(0, Term(Operator.IS, "unread"))
    if wanted.view in (MailView.JUNK, MailView.TRASH) and not query.has(Operator.IN):
        terms.insert(0, Term(Operator.IN, wanted.view.value))
    return SearchQuery(tuple(terms), query.misread)


def _page(session: ReadSession, viewer: Viewer, plan: SearchPlan, after: Cursor | None, limit: int) -> list[Match]:
    """The newest match of each of `limit` conversations and one more; conversations of earlier pages do not come again."""
    seen: set[int] = set()

    def fresh() -> Iterator[Match]:
        for match in matches(session, viewer, plan):
            if match.thread_id not in seen:
                seen.add(match.thread_id)
                if after is None or first_behind(match, after):
                    yield match

    return list(islice(fresh(), limit + 1))


def _said(
    store: Store, session: ReadSession, viewer: Viewer, reach: Reach, plan: SearchPlan, shown: list[Match]
) -> dict[int, FoundMessage]:
    dates = {match.message_id: match.date for match in shown}
    mails = found_mail(session, viewer, reach, list(dates))
    return {mail.message_id: _marked(store, session, plan, mail, dates[mail.message_id]) for mail in mails}


def _marked(store: Store, session: ReadSession, plan: SearchPlan, mail: FoundMail, date: datetime) -> FoundMessage:
    """The excerpt is of the snippet where that holds the words, for it is at hand; else of the mail itself."""
    in_text = [phrase for phrase in plan.phrases if phrase.field is None]
    subject = excerpt(mail.subject, plan.phrases, length=len(mail.subject) + 1)
    missing = [phrase for phrase in in_text if not holds_all(subject, [phrase])]
    pieces = excerpt(mail.snippet, in_text)
    if not holds_all(pieces, missing) and mail.size <= LARGEST_LOOKED_INTO:
        whole = excerpt(_text_of(store, session, mail), in_text)
        pieces = whole if any(piece.hit for piece in whole) else pieces
    return FoundMessage(mail.message_id, date, subject, pieces)


def _text_of(store: Store, session: ReadSession, mail: FoundMail) -> str:
    """What a mail says; nothing where its bytes are missing or damaged, for the other finds are shown all the same."""
    try:
        raw = store.blobs.read(session, mail.head_blob_id) + store.blobs.read(session, mail.body_blob_id)
        return content_of(parse_message(raw, limits=store.limits)).text
    except MailsyncError as error:
        log.warning("search.excerpt_failed", message_id=mail.message_id, error=type(error).__name__)
        return ""


def _remarks(query: SearchQuery, plan: SearchPlan) -> tuple[str, ...]:
    misread = [f"“{typed}” makes no sense as a condition: its words were searched." for typed in query.misread]
    unknown = [
        f"None of your folders or mailboxes is called “{name}”: it was searched as a word."
        for name in plan.unknown_folders
    ]
    return (*misread, *unknown)
