"""One conversation that is opened: its messages, where they lie, and what is attached to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.access.mail import ReadLevel
from crm.conversations.views.records import RecordLink
from storage.models import Direction, FolderRole


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
class ThreadFile:
    """A file that came with a message of a conversation."""

    message_id: int
    at: datetime
    from_name: str
    part: PartView


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
    files: tuple[ThreadFile, ...] = ()
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
class Window:
    """A stretch of a long conversation: its newest `size` messages, those before one, or those around one."""

    size: int
    before_id: int | None = None
    around_id: int | None = None
