"""What a page or the API is given about the stream, and what it gives to add to it: plain frozen values, complete."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.cursors import Cursor
from crm.access.handles import Mention
from crm.access.mail import ReadLevel
from crm.access.receipts import Receipt
from crm.records.views import Named, Person
from storage.models import ActivityKind, Direction, RecordType, SendState

RecordKey = tuple[RecordType, int]

MESSAGES = frozenset({ActivityKind.POST, ActivityKind.COMMENT})
"""What people say here: the filter "messages" of the stream; "activities" are the next."""
ACTIVITIES = frozenset({ActivityKind.TASK, ActivityKind.MAIL, ActivityKind.CALL, ActivityKind.MEETING})


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What an entry tells of its mail. `level` says how much of it the viewer may read; the rest is empty."""

    message_id: int
    thread_id: int | None
    level: ReadLevel
    from_name: str
    from_address: str
    snippet: str
    attachments: int
    gone: bool = False
    """Whether it was deleted in every mailbox and its original was not kept."""
    doubted: bool = False
    """Whether the mailbox's server found that it is not from whom it says to be (DMARC)."""
    receipt: Receipt | None = None
    """What readers did with it, where we sent it with receipts and the viewer may read it."""


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file that somebody put on a record."""

    id: int
    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity with all that a line of a timeline shows. `records` begins with the one that owns it."""

    id: int
    kind: ActivityKind
    direction: Direction | None
    title: str
    text: str
    at: datetime
    author: Person | None
    responsible: Person | None
    mail: MailFacts | None
    task_id: int | None
    post_id: int | None
    deadline: datetime | None
    completed_at: datetime | None
    planned: bool
    comments: int
    records: tuple[Named, ...]
    post: "PostView | None" = None
    """What was posted, where the entry is that: to whom, with which files."""
    minutes: int | None = None
    """How long a call or meeting lasts."""
    place: str = ""
    remind_minutes: int | None = None
    edited_at: datetime | None = None
    files: tuple[AddedFile, ...] = ()
    """What was put on the record, where the entry tells of that, as far as it is still there."""

    def overdue(self, now: datetime) -> bool:
        """Whether somebody has waited for too long."""
        return self.planned and self.deadline is not None and self.deadline < now


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, newest first, and where the next page begins."""

    entries: tuple[Entry, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """One record's story: what is planned, the most urgent first, above what happened (its first page)."""

    planned: tuple[Entry, ...]
    past: EntryPage
    following: bool


@dataclass(frozen=True, slots=True)
class StreamFilter:
    """Which entries are shown. `mine`: made by me, for or to me, on records that I am responsible for or follow.

    `kinds` empty: all of them. `since` and `until` bound the moment it happened (until is exclusive).
    """

    mine: bool = True
    kinds: frozenset[ActivityKind] = frozenset()
    author_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """My planned entries: all, those that are late, those of the next 24 hours, and mail that waits for an answer."""

    planned: int
    overdue: int
    due_soon: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A comment, call or meeting on records, the first of which owns it.

    With a `deadline` a call or meeting is planned for then; without one it has happened, at `at` or now.
    """

    kind: ActivityKind
    title: str
    records: tuple[RecordKey, ...]
    text: str = ""
    at: datetime | None = None
    deadline: datetime | None = None
    responsible_id: int | None = None
    minutes: int | None = None
    place: str = ""
    remind_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What a call or meeting is to be. `at`: when it is planned, or when it happened; `remind_minutes` None: no reminder."""

    title: str
    text: str
    at: datetime
    responsible_id: int
    minutes: int | None = None
    place: str = ""
    remind_minutes: int | None = None


class SubjectType(StrEnum):
    """What comments stand under."""

    TASK = "task"
    POST = "post"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class CommentView:
    """Somebody's word. One that was deleted says nothing any more; it stands only where others answered it."""

    id: int
    author: Person
    text: str
    created_at: datetime
    mentions: tuple[Mention, ...] = ()
    edited_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose bytes are stored."""

    filename: str
    content_type: str
    size: int
    blob_id: int


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a post, by its place among them."""

    position: int
    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class MailReader:
    """A contact or lead to whom a post goes by mail; `state` None: it does not leave any more.

    `address` is empty for who may not see it.
    """

    record: RecordKey
    name: str
    address: str
    state: SendState | None = None
    thread_id: int | None = None
    """The conversation, once the mail's copy has come back."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A message to colleagues; `about` puts it and its comments on the pages of records too.

    To `everyone`, or to `readers` and whoever may see its records. `in_stream`: it stands there even about no record.
    """

    title: str
    text: str
    tags: tuple[str, ...] = ()
    message_id: int | None = None
    about: tuple[RecordKey, ...] = ()
    everyone: bool = True
    readers: tuple[int, ...] = ()
    in_stream: bool = False
    files: tuple[StoredFile, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as the feed shows it. `message_id` leads to the mail that it was.

    One that was deleted says nothing any more; it stands only where others answered it.
    """

    id: int
    author: Person
    title: str
    text: str
    tags: tuple[str, ...]
    message_id: int | None
    created_at: datetime
    attachments: int
    comments: int
    about: tuple[Named, ...]
    everyone: bool = True
    readers: tuple[Person, ...] = ()
    mails: tuple[MailReader, ...] = ()
    files: tuple[FileView, ...] = ()
    mentions: tuple[Mention, ...] = ()
    edited_at: datetime | None = None
    deleted: bool = False
