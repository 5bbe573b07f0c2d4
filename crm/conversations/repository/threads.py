"""The list of conversations: which ones, in which order, and what each line says. Five statements a page, whatever its length."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select

from core.cursors import Cursor
from crm.access.viewer import Viewer
from crm.conversations.repository.reach import own_folders, reach_of
from crm.conversations.repository.records import Key, record_links
from crm.conversations.views.reach import Reach
from crm.conversations.views.records import RecordLink
from crm.conversations.views.threads import MailView, ThreadFilter, ThreadPage, ThreadRow
from storage.models import Activity, ActivityBinding, Direction, FolderRole, Message, Place, Thread
from storage.sessions import ReadSession
from storage.unindexed import unindexed

PAGE = 50
NO_MAIL = datetime.min.replace(tzinfo=UTC)
FEW = 10_000
"""Places whose conversations are all looked at, rather than all conversations for such places."""
Placed = Row[Any]
"""One place of one message, with what a line of the list says of it."""
HIDDEN_ROLES = frozenset({FolderRole.JUNK, FolderRole.TRASH})
ROLES: dict[MailView, frozenset[FolderRole]] = {
    MailView.INBOX: frozenset({FolderRole.INBOX}),
    MailView.WAITING: frozenset(FolderRole) - HIDDEN_ROLES,
    MailView.SENT: frozenset({FolderRole.SENT}),
    MailView.DRAFTS: frozenset({FolderRole.DRAFTS}),
    MailView.ARCHIVE: frozenset({FolderRole.ARCHIVE, FolderRole.OTHER}),
    MailView.ALL: frozenset(FolderRole) - HIDDEN_ROLES,
    MailView.JUNK: frozenset({FolderRole.JUNK}),
    MailView.TRASH: frozenset({FolderRole.TRASH}),
}


def threads_page(
    session: ReadSession,
    viewer: Viewer,
    wanted: ThreadFilter,
    *,
    after: Cursor | None = None,
    limit: int = PAGE,
    reach: Reach | None = None,
) -> ThreadPage:
    """Conversations in the viewer's own mailboxes, the one with the newest message first, whatever words are wanted."""
    reach = reach or reach_of(session, viewer)
    chosen = [wanted.mailbox_id] if wanted.mailbox_id is not None else None
    folders = own_folders(session, reach, roles=ROLES[wanted.view], mailbox_ids=chosen)
    folder_ids = [folder.id for folder in folders]
    if not folder_ids:
        return ThreadPage((), None)
    # Said so that no index is used for it: nearly all of them are, and the way along their dates ends soon.
    survives = func.coalesce(Thread.merged_into_id, 0) == 0
    conditions = [survives, _lies_in(session, folder_ids, wanted)]
    if wanted.view is MailView.WAITING:
        conditions.append(exists().where(Activity.thread_id == Thread.id, waits()))
    if after is not None:
        behind = and_(Thread.last_at == after.at, Thread.id < after.id)
        conditions.append(or_(Thread.last_at < after.at, behind))
    statement = select(Thread.id, Thread.last_at).where(*conditions)
    found = list(session.execute(statement.order_by(Thread.last_at.desc(), Thread.id.desc()).limit(limit + 1)))
    shown = found[:limit]
    rows = thread_rows(session, viewer, reach, [row.id for row in shown])
    following = Cursor(shown[-1].last_at, shown[-1].id) if len(found) > limit else None
    return ThreadPage(rows, following)


def thread_rows(session: ReadSession, viewer: Viewer, reach: Reach, ids: Sequence[int]) -> tuple[ThreadRow, ...]:
    """The lines of these conversations, in the order given; each has mail within `reach`."""
    lines: dict[int, _Line] = {thread_id: _Line() for thread_id in ids}
    own_keys = frozenset(mailbox.email_key for mailbox in reach.mailboxes)
    for placed in _messages(session, reach, ids):
        lines[placed.thread_id].add_place(placed, own_keys)
    _add_activities(session, lines, ids)
    owners = [line.owner for line in lines.values() if line.owner is not None]
    links = record_links(session, viewer, owners)
    return tuple(_row(thread_id, line, links) for thread_id, line in lines.items())


def has_few(session: ReadSession, places: Sequence[ColumnElement[bool]]) -> bool:
    """Whether there are so few such places that it is quicker to look at all of them than at all mail for them."""
    some = select(Place.id).where(*places).limit(FEW + 1).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one() <= FEW


def waits() -> ColumnElement[bool]:
    """The condition that an activity still waits for us."""
    return and_(Activity.deadline.is_not(None), Activity.completed_at.is_(None))


def _lies_in(session: ReadSession, folder_ids: Sequence[int], wanted: ThreadFilter) -> ColumnElement[bool]:
    """Whether a conversation is in one of the folders: with much mail there, the newest of all is soon one of it."""
    places: list[ColumnElement[bool]] = [Place.folder_id.in_(folder_ids)]
    if wanted.unread:
        places.append(~Place.seen)
    if has_few(session, places):
        return Thread.id.in_(select(Message.thread_id).join(Place, Place.message_id == Message.id).where(*places))
    # One inside the other: a join might begin with the places, and look through the folder for each conversation.
    in_folders = exists().where(Place.message_id == Message.id, *places)
    return exists().where(Message.thread_id == Thread.id, in_folders)


@dataclass(slots=True)
class _Line:
    """What is gathered about one thread before its line is written."""

    people: dict[str, None] = field(default_factory=dict)
    messages: set[int] = field(default_factory=set)
    mailboxes: dict[int, None] = field(default_factory=dict)
    last_at: datetime = NO_MAIL
    snippet: str = ""
    subject: str = ""
    unread: bool = False
    flagged: bool = False
    attachments: bool = False
    waiting_since: datetime | None = None
    deadline: datetime | None = None
    owner: Key | None = None

    def add_place(self, placed: Placed, own_keys: frozenset[str]) -> None:
        """Take one place of one message into account; called oldest message first."""
        ours = placed.direction is not Direction.INCOMING and placed.from_key in own_keys
        self.people[("" if ours else placed.from_name or placed.from_address)] = None
        self.messages.add(placed.id)
        self.mailboxes[placed.mailbox_id] = None
        self.last_at, self.snippet = placed.date, placed.snippet
        self.subject = self.subject or placed.subject
        self.unread |= not placed.seen
        self.flagged |= placed.flagged
        self.attachments |= placed.attachment_count > 0


def _messages(session: ReadSession, reach: Reach, thread_ids: Sequence[int]) -> Iterable[Placed]:
    statement = (
        select(
            Message.id,
            Message.thread_id,
            Message.date,
            Message.subject,
            Message.snippet,
            Message.direction,
            Message.from_name,
            Message.from_address,
            Message.from_key,
            Message.attachment_count,
            Place.seen,
            Place.flagged,
            Place.mailbox_id,
        )
        .join(Place, Place.message_id == Message.id)
        .where(Message.thread_id.in_(thread_ids), unindexed(Place.mailbox_id).in_(reach.mailbox_ids))
        .order_by(Message.date, Message.id)
    )
    return session.execute(statement)


def _add_activities(session: ReadSession, lines: dict[int, _Line], thread_ids: Sequence[int]) -> None:
    rows = session.execute(
        select(
            Activity.thread_id,
            Activity.at,
            Activity.deadline,
            Activity.completed_at,
            ActivityBinding.record_type,
            ActivityBinding.record_id,
        )
        .outerjoin(ActivityBinding, and_(ActivityBinding.activity_id == Activity.id, ActivityBinding.owner))
        .where(Activity.thread_id.in_(thread_ids))
        .order_by(Activity.at)
    )
    for row in rows:
        line = lines[row.thread_id]
        if row.record_id is not None:
            line.owner = (row.record_type, row.record_id)
        if row.deadline is not None and row.completed_at is None:
            line.waiting_since = line.waiting_since or row.at
            line.deadline = line.deadline or row.deadline


def _row(thread_id: int, line: _Line, links: dict[Key, RecordLink]) -> ThreadRow:
    return ThreadRow(
        thread_id,
        line.subject,
        tuple(line.people),
        line.snippet,
        line.last_at,
        len(line.messages),
        line.unread,
        line.flagged,
        line.attachments,
        line.waiting_since,
        line.deadline,
        links.get(line.owner) if line.owner else None,
        tuple(line.mailboxes),
    )
