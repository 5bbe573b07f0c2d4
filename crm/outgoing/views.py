"""What a page or the API is given about single mails, and what it gives to have one sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.access.receipts import Receipt
from storage.models import SendState
from storage.packing import PreparedBlob


class MailKind(StrEnum):
    """Why a mail is written."""

    NEW = "new"
    REPLY = "reply"
    REPLY_ALL = "reply_all"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to write to."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment of a stored message that goes along, by the index of its part."""

    message_id: int
    index: int
    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file that somebody added, ready to be stored with the mail."""

    filename: str
    content_type: str
    blob: PreparedBlob


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are stored already, by whoever else goes on naming them."""

    filename: str
    content_type: str
    blob_id: int


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that was added to a mail which has not left: its place among the mail's attachments."""

    outgoing_id: int
    position: int
    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Composition:
    """A mail as the form holds it: prefilled by `composing`, edited by a person, handed to `queue_mail`."""

    kind: MailKind
    mailbox_id: int
    to: tuple[Recipient, ...]
    subject: str
    text: str
    cc: tuple[Recipient, ...] = ()
    bcc: tuple[Recipient, ...] = ()
    html: str | None = None
    in_reply_to_id: int | None = None
    """The stored message that is answered."""
    stored_files: tuple[StoredFile, ...] = ()
    receipts: bool | None = None
    """Whether to tell when it is read; None: as its mailbox, or the installation, says."""
    own_files: tuple[OwnFile, ...] = ()
    """Files of the mail that this one takes the place of; read them by `reopening.files_of_mail`."""


@dataclass(frozen=True, slots=True)
class OutgoingView:
    """A single mail and how it fares; `reason` is a sentence for people."""

    id: int
    kind: str
    mailbox_id: int
    user_id: int | None
    in_reply_to_id: int | None
    to: tuple[Recipient, ...]
    cc: tuple[Recipient, ...]
    bcc: tuple[Recipient, ...]
    subject: str
    text: str
    state: SendState
    reason: str
    tries: int
    due_at: datetime
    created_at: datetime
    sent_at: datetime | None
    receipt: Receipt | None = None
    """What readers did with it, where it was asked for and the mail has receipts."""

    @property
    def can_be_cancelled(self) -> bool:
        """Whether no byte of it has left."""
        return self.state in (SendState.PENDING, SendState.RETRY)
