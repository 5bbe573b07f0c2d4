"""The list of conversations: which ones, in which order, and what each line says. Five statements a page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.records import Key, record_links
from crm.conversations.views import Cursor, MailView, Reach, RecordLink, ThreadFilter, ThreadPage, ThreadRow
from storage.models import Activity, ActivityBinding, Direction, FolderRole, Message, Place, Thread
from storage.search import find_messages
from storage.sessions import ReadSession

PAGE = 50
SEARCH_LIMIT = 2000
Placed = tuple[Message, bool, bool, int]
"""A message, whether one place of it is seen and flagged, and the mailbox of that place."""
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
    """Conversations in the viewer's own mailboxes, the one with the newest message first."""
    reach = reach or reach_of(session, viewer)
    folder_ids = _folders(reach, wanted)
    conditions = [Thread.merged_into_id.is_(None), _lies_in(folder_ids, wanted)]
    if wanted.view is MailView.WAITING:
        conditions.append(exists().where(Activity.thread_id == Thread.id, waits()))
    if wanted.words:
        found = find_messages(session, wanted.words, limit=SEARCH_LIMIT)
        conditions.append(Thread.id.in_(select(Message.thread_id).where(Message.id.in_(found))))
    if after is not None:
        behind = and_(Thread.last_at == after.at, Thread.id < after.id)
        conditions.append(or_(Thread.last_at < after.at, behind))
    statement = select(Thread).where(*conditions).order_by(Thread.last_at.desc(), Thread.id.desc()).limit(limit + 1)
    threads = list(session.execute(statement).scalars())
    shown = threads[:limit]
    rows = _rows(session, viewer, reach, shown)
    following = Cursor(shown[-1].last_at, shown[-1].id) if len(threads) > limit else None
    return ThreadPage(rows, following)


def waits() -> ColumnElement[bool]:
    """The condition that an activity still waits for us."""
    return and_(Activity.deadline.is_not(None), Activity.completed_at.is_(None))


def _folders(reach: Reach, wanted: ThreadFilter) -> list[int]:
    roles = ROLES[MailView.ALL if wanted.words else wanted.view]
    return [
        folder.id for folder in reach.folders if folder.role in roles and wanted.mailbox_id in (None, folder.mailbox_id)
    ]


def _lies_in(folder_ids: Sequence[int], wanted: ThreadFilter) -> ColumnElement[bool]:
    conditions = [Message.thread_id == Thread.id, Place.message_id == Message.id, Place.folder_id.in_(folder_ids)]
    if wanted.unread:
        conditions.append(Place.seen.is_(False))
    return exists().where(*conditions)


@dataclass(slots=True)
class _Line:
    """What is gathered about one thread before its line is written."""

    people: dict[str, None] = field(default_factory=dict)
    messages: set[int] = field(default_factory=set)
    mailboxes: dict[int, None] = field(default_factory=dict)
    last_at: datetime | None = None
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
        message, seen, flagged, mailbox_id = placed
        ours = message.direction is not Direction.INCOMING and message.from_key in own_keys
        self.people[("" if ours else message.from_name or message.from_address)] = None
        self.messages.add(message.id)
        self.mailboxes[mailbox_id] = None
        self.last_at, self.snippet = message.date, message.snippet
        self.subject = self.subject or message.subject
        self.unread |= not seen
        self.flagged |= flagged
        self.attachments |= message.attachment_count > 0


def _rows(session: ReadSession, viewer: Viewer, reach: Reach, threads: Sequence[Thread]) -> tuple[ThreadRow, ...]:
    lines: defaultdict[int, _Line] = defaultdict(_Line)
    ids = [thread.id for thread in threads]
    own_keys = frozenset(mailbox.email_key for mailbox in reach.mailboxes)
    for placed in _messages(session, reach, ids):
        lines[placed[0].thread_id].add_place(placed, own_keys)
    _add_activities(session, lines, ids)
    owners = [line.owner for line in lines.values() if line.owner is not None]
    links = record_links(session, viewer, owners)
    return tuple(_row(thread, lines[thread.id], links) for thread in threads)


def _messages(session: ReadSession, reach: Reach, thread_ids: Sequence[int]) -> Iterable[Placed]:
    statement = (
        select(Message, Place.seen, Place.flagged, Place.mailbox_id)
        .join(Place, Place.message_id == Message.id)
        .where(Message.thread_id.in_(thread_ids), Place.mailbox_id.in_(reach.mailbox_ids))
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


def _row(thread: Thread, line: _Line, links: dict[Key, RecordLink]) -> ThreadRow:
    return ThreadRow(
        thread.id,
        line.subject or thread.subject,
        tuple(line.people),
        line.snippet,
        line.last_at or thread.last_at,
        len(line.messages),
        line.unread,
        line.flagged,
        line.attachments,
        line.waiting_since,
        line.deadline,
        links.get(line.owner) if line.owner else None,
        tuple(line.mailboxes),
    )
