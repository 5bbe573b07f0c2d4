"""What a page or the API is given about conversations: plain frozen values, complete, without a way back to rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from crm.access.mail import ReadLevel
from crm.conversations.excerpts import Piece
from storage.models import Direction, FolderRole, MailboxState, OAuthProvider, RecordType, ShareLevel


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
class Cursor:
    """Where the next page of a list begins: behind this moment and id."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class ThreadFilter:
    """Which conversations are asked for. `words` are for `crm.conversations.searching`, which searches every folder."""

    view: MailView = MailView.INBOX
    mailbox_id: int | None = None
    unread: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """A folder of a mailbox that the viewer works in."""

    id: int
    mailbox_id: int
    name: str
    role: FolderRole


@dataclass(frozen=True, slots=True)
class OwnMailbox:
    """A mailbox that the viewer works in: their own, or a shared one."""

    id: int
    name: str
    email: str
    email_key: str
    shared: bool
    state: MailboxState
    signature: str
    can_send: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The mailboxes whose mail a viewer sees as their own, with their folders."""

    mailboxes: tuple[OwnMailbox, ...]
    folders: tuple[OwnFolder, ...]

    @property
    def mailbox_ids(self) -> list[int]:
        """Ids of all of them."""
        return [mailbox.id for mailbox in self.mailboxes]


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A CRM record by name."""

    type: RecordType
    id: int
    name: str


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
    found: "FoundMessage | None" = None
    """In a search, the newest message of it that was found."""


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message that was searched for; the words that were asked for are marked in its subject and its text."""

    id: int
    date: datetime
    subject: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some lines and where the next page begins. `remarks`: what of a search was understood otherwise than typed."""

    rows: tuple[ThreadRow, ...]
    next: Cursor | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a header."""

    role: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class PartView:
    """An attachment or inline picture."""

    index: int
    filename: str
    content_type: str
    size: int
    content_id: str | None
    inline: bool


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where a message lies, and the steps that decided what became of it there."""

    place_id: int
    mailbox_id: int
    mailbox_name: str
    folder_name: str
    role: FolderRole
    own: bool
    seen: bool
    flagged: bool
    decision: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as far as the viewer may read it; `subject` and `snippet` are empty where they may not."""

    id: int
    thread_id: int
    level: ReadLevel
    direction: Direction
    kind: str
    date: datetime
    subject: str
    snippet: str
    from_name: str
    from_address: str
    people: tuple[Person, ...]
    parts: tuple[PartView, ...]
    places: tuple[PlaceView, ...]
    authenticated: bool | None
    outgoing_id: int | None
    message_id: str | None
    gone: bool = False
    """Whether it was deleted in every mailbox and its original was not kept: what it said can not be read by anybody."""

    @property
    def readable(self) -> bool:
        """Whether the viewer may read all of it."""
        return self.level is ReadLevel.EVERYTHING

    @property
    def is_draft(self) -> bool:
        """Whether it lies in Drafts of a mailbox of the viewer's own, to be continued."""
        return any(place.own and place.role is FolderRole.DRAFTS for place in self.places)

    @property
    def unread(self) -> bool:
        """Whether no place of the viewer's own has been read."""
        own = [place for place in self.places if place.own]
        return bool(own) and not any(place.seen for place in own)


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A conversation: the messages the viewer may read, oldest first, and how many they may not."""

    id: int
    subject: str
    messages: tuple[MessageView, ...]
    hidden: int
    records: tuple[RecordLink, ...]
    waiting_since: datetime | None
    deadline: datetime | None
    earlier: int = 0
    """How many of them come before those that are given."""
    later: int = 0
    files: "tuple[ThreadFile, ...]" = ()
    """What is attached to any of its messages, newest first, pictures inside the text left out."""
    file_count: int = 0
    """How many files there are; of a conversation that is given piece by piece `files` are the newest ones."""

    @property
    def flagged(self) -> bool:
        """Whether a message of it is flagged in a mailbox of the viewer's own."""
        return any(place.flagged for message in self.messages for place in message.places if place.own)

    @property
    def own(self) -> bool:
        """Whether any of it lies in a mailbox of the viewer's own."""
        return any(place.own for message in self.messages for place in message.places)


@dataclass(frozen=True, slots=True)
class ThreadFile:
    """A file that came with a message of a conversation."""

    message_id: int
    at: datetime
    from_name: str
    part: PartView


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a long conversation: its newest `size` messages, those before one, or those around one."""

    size: int
    before_id: int | None = None
    around_id: int | None = None


@dataclass(frozen=True, slots=True)
class Counters:
    """What needs attention, per section of the navigation."""

    mail: int
    waiting: int
    tasks: int
    leads: int
    deals: int
    contacts: int
    companies: int
    settings: int
    notifications: int

    @property
    def today(self) -> int:
        """What the Today page counts: answers owed and tasks due."""
        return self.waiting + self.tasks


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that somebody waits to have answered."""

    thread_id: int | None
    who: str
    subject: str
    snippet: str
    at: datetime
    deadline: datetime | None
    record: RecordLink | None


@dataclass(frozen=True, slots=True)
class MailboxView:
    """How a mailbox fares. `on_server` and `stored` count messages in the chosen folders.

    `may_steer`: the viewer may pause it, and change its password and what colleagues see of it.
    """

    id: int
    name: str
    email: str
    shared: bool
    owner: str
    state: MailboxState
    state_reason: str
    retry_at: datetime | None
    last_new_at: datetime | None
    last_pass_at: datetime | None
    share_level: ShareLevel
    imap_host: str
    can_send: bool
    on_server: int
    stored: int
    gaps: int
    quarantined: int
    may_steer: bool
    oauth_provider: OAuthProvider | None = None
    """With whom it is signed in to; None: it has a password."""

    @property
    def in_trouble(self) -> bool:
        """Whether a person has to look."""
        return self.state in (MailboxState.AUTH_FAILED, MailboxState.UNREACHABLE, MailboxState.THROTTLED)
