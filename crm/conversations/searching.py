"""Search as a page shows it: conversations with a message that meets every condition, and the words marked in it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from core.cursors import Cursor
from core.errors import MailsyncError
from core.logging import get_logger
from crm.access.viewer import Viewer
from crm.conversations.contents import content_of
from crm.conversations.excerpts import Piece, excerpt, holds_all
from crm.conversations.repository.finding import Match, first_behind, matches
from crm.conversations.repository.found_mail import MailToShow, found_mail
from crm.conversations.repository.reach import own_folders
from crm.conversations.repository.threads import PAGE, thread_rows
from crm.conversations.search_plan import SearchPlan, asks_something, plan_search
from crm.conversations.search_query import Operator, SearchQuery, Term, parse_query
from crm.conversations.views.reach import Reach
from crm.conversations.views.threads import FoundMail, FoundMessage, MailView, ThreadFilter, ThreadPage, ThreadRow
from crm.conversations.whole_addresses import with_whole_addresses
from parsers.message import parse_message
from storage.blobs import read_ahead
from storage.models import Direction
from storage.search import Phrase
from storage.sessions import ReadSession
from storage.store import Store

log = get_logger(__name__)

Pieces = tuple[Piece, ...]

LONGEST_QUERY = 500
FOR_ONE = 8
"""Messages that are asked for at once for each conversation that is wanted."""
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
    plan = _planned(session, viewer, query, reach, wanted, now, zone)
    found = _page(session, viewer, plan, after, limit)
    shown = found[:limit]
    rows = thread_rows(session, viewer, reach, [match.thread_id for match in shown])
    said = _said(store, session, viewer, reach, plan, shown)
    following = Cursor(shown[-1].date, shown[-1].message_id) if len(found) > limit else None
    rows = tuple(replace(row, found=said.get(match.message_id)) for row, match in zip(rows, shown, strict=True))
    return ThreadPage(rows, following, _remarks(query, plan))


def search_messages(
    store: Store,
    session: ReadSession,
    viewer: Viewer,
    reach: Reach,
    words: str,
    now: datetime,
    *,
    zone: ZoneInfo,
    limit: int,
) -> FoundMail:
    """What `search_threads` finds, without the conversations around: the newest messages, one of each conversation."""
    query = parse_query(words[:LONGEST_QUERY])
    if not asks_something(query):
        return FoundMail()
    plan = _planned(session, viewer, query, reach, ThreadFilter(MailView.ALL), now, zone)
    shown = _page(session, viewer, plan, None, limit)[:limit]
    said = _said(store, session, viewer, reach, plan, shown)
    messages = tuple(said[match.message_id] for match in shown if match.message_id in said)
    return FoundMail(messages, _remarks(query, plan))


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


def _planned(
    session: ReadSession,
    viewer: Viewer,
    query: SearchQuery,
    reach: Reach,
    wanted: ThreadFilter,
    now: datetime,
    zone: ZoneInfo,
) -> SearchPlan:
    folders, today = own_folders(session, reach), now.astimezone(zone).date()
    plan = plan_search(_narrowed(query, wanted), reach, folders, today, zone, mailbox_id=wanted.mailbox_id)
    return with_whole_addresses(session, viewer, plan)


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
        for match in matches(session, viewer, plan, first=FOR_ONE * limit):
            if match.thread_id not in seen:
                seen.add(match.thread_id)
                if after is None or first_behind(match, after):
                    yield match

    return list(islice(fresh(), limit + 1))


def _said(
    store: Store, session: ReadSession, viewer: Viewer, reach: Reach, plan: SearchPlan, shown: list[Match]
) -> dict[int, FoundMessage]:
    """The excerpt is of the snippet where that holds the words, for it is at hand; else of the mail itself."""
    mails = found_mail(session, viewer, reach, [match.message_id for match in shown])
    at_hand = {mail.message_id: _in_snippet(plan, mail) for mail in mails}
    to_read = [mail for mail in mails if not at_hand[mail.message_id][1] and mail.size <= LARGEST_LOOKED_INTO]
    held = read_ahead(session, [blob for mail in to_read for blob in (mail.head_blob_id, mail.body_blob_id)])
    whole = {mail.message_id: excerpt(_text_of(store, session, mail), _in_text(plan)) for mail in to_read}
    del held
    own_keys = frozenset(mailbox.email_key for mailbox in reach.mailboxes)
    return {mail.message_id: _marked(plan, mail, own_keys, at_hand, whole) for mail in mails}


def _in_text(plan: SearchPlan) -> list[Phrase]:
    return [phrase for phrase in plan.phrases if phrase.field is None]


def _in_snippet(plan: SearchPlan, mail: MailToShow) -> tuple[Pieces, bool]:
    """The excerpt of the snippet, and whether it and the subject hold all words."""
    missing = [phrase for phrase in _in_text(plan) if not holds_all(_subject(plan, mail), [phrase])]
    pieces = excerpt(mail.snippet, _in_text(plan))
    return pieces, holds_all(pieces, missing)


def _subject(plan: SearchPlan, mail: MailToShow) -> Pieces:
    return excerpt(mail.subject, plan.phrases, length=len(mail.subject) + 1)


def _marked(
    plan: SearchPlan,
    mail: MailToShow,
    own_keys: Collection[str],
    at_hand: Mapping[int, tuple[Pieces, bool]],
    whole: Mapping[int, Pieces],
) -> FoundMessage:
    read = whole.get(mail.message_id, ())
    pieces = read if any(piece.hit for piece in read) else at_hand[mail.message_id][0]
    ours = mail.direction is not Direction.INCOMING and mail.from_key in own_keys
    sender = "" if ours else mail.from_name or mail.from_address
    return FoundMessage(mail.message_id, mail.thread_id, mail.date, sender, _subject(plan, mail), pieces)


def _text_of(store: Store, session: ReadSession, mail: MailToShow) -> str:
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
