"""The lists of conversations: what is asked for, their lines, and where a page of them ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.cursors import Cursor
from crm.conversations.excerpts import Piece
from crm.conversations.views.records import RecordLink


class MailView(StrEnum):
    """The lists of the Mail page. `waiting`: somebody outside waits for our answer."""

    INBOX = "inbox"
    WAITING = "waiting"
    SENT = "sent"
    DRAFTS = "drafts"
    ARCHIVE = "archive"
    ALL = "all"
    JUNK = "junk"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class ThreadFilter:
    """Which conversations are asked for. `words` are for `crm.conversations.searching`, which searches every folder."""

    view: MailView = MailView.INBOX
    mailbox_id: int | None = None
    unread: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message that was searched for; the words that were asked for are marked in its subject and its text.

    `sender` is empty where it is one's own.
    """

    id: int
    thread_id: int
    date: datetime
    sender: str
    subject: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FoundMail:
    """The newest messages that a search found, one of a conversation, and what is to be said about the search."""

    messages: tuple[FoundMessage, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One line of the list. `waiting_since` is set while somebody waits for an answer of ours."""

    id: int
    subject: str
    people: tuple[str, ...]
    """Names of the authors in order of appearance; an empty name stands for the viewer's own side."""
    snippet: str
    last_at: datetime
    message_count: int
    unread: bool
    flagged: bool
    attachments: bool
    waiting_since: datetime | None
    deadline: datetime | None
    record: RecordLink | None
    mailbox_ids: tuple[int, ...]
    found: FoundMessage | None = None
    """In a search, the newest message of it that was found."""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some lines and where the next page begins. `remarks`: what of a search was understood otherwise than typed."""

    rows: tuple[ThreadRow, ...]
    next: Cursor | None
    remarks: tuple[str, ...] = ()
