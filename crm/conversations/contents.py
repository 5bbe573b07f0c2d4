"""What a message says: raw bytes from the store, parsed when they are shown.

`MessageContent.text` is what its author newly wrote; what is quoted and the signature stand apart, to be folded.
"""

from dataclasses import dataclass

from core.errors import NotFound
from crm.access.mail import read_message
from crm.access.viewer import Viewer
from crm.conversations.repository.mailboxes import is_personal
from crm.conversations.repository.messages import message_view
from delivery.tokens import mask_tokens
from parsers.content.attachments import attachment_content
from parsers.message import parse_message
from parsers.model import Kind, ParsedMessage
from storage.sessions import ReadSession
from storage.store import Store

DESIGNED = frozenset({Kind.BULK, Kind.LIST, Kind.RECEIPT})
"""Kinds whose sender meant them to be looked at; the rest are read as text first."""


@dataclass(frozen=True, slots=True)
class MessageContent:
    """A message in the pieces that a reader wants. `designed`: its HTML says more than its text."""

    text: str
    quoted: str
    signature: str
    html: str | None
    designed: bool


@dataclass(frozen=True, slots=True)
class PartContent:
    """One attached file with its bytes."""

    filename: str
    content_type: str
    data: bytes


def read_content(store: Store, session: ReadSession, viewer: Viewer, message_id: int) -> MessageContent:
    """What a message says. Raises as `crm.access.mail.read_message` does."""
    return content_of(parse_message(read_message(session, store.blobs, viewer, message_id).raw, limits=store.limits))


def content_of(parsed: ParsedMessage) -> MessageContent:
    """The pieces of a parsed message; a reply that is nothing but a quote shows the whole text.

    Secret addresses are masked, whoever reads: a member of a shared mailbox must not learn a colleague's.
    """
    reply = parsed.reply
    text = reply.text if reply.text.strip() else parsed.text
    quoted = reply.quoted if reply.text.strip() else ""
    pictures = any(part.inline and part.content_type.startswith("image/") for part in parsed.attachments)
    designed = parsed.html is not None and (parsed.kind in DESIGNED or pictures or not text.strip())
    html = mask_tokens(parsed.html) if parsed.html is not None else None
    said, cited, signed = (mask_tokens(piece).strip() for piece in (text, quoted, reply.signature))
    return MessageContent(said, cited, signed, html, designed)


def read_original(store: Store, session: ReadSession, viewer: Viewer, message_id: int) -> bytes:
    """The message as it was received. Secret addresses in it are shown to the owner of its mailbox alone.

    Raises as `crm.access.mail.read_message` does.
    """
    mail = read_message(session, store.blobs, viewer, message_id)
    text = mail.raw.decode("latin-1")
    masked = mask_tokens(text)
    if masked == text or is_personal(session, viewer, mail.mailbox_id):
        return mail.raw
    return masked.encode("latin-1", "replace")


def read_part(store: Store, session: ReadSession, viewer: Viewer, message_id: int, index: int) -> PartContent:
    """One attachment. Raises `NotFound` when the message has no such part, and as `read_content` does."""
    message = message_view(session, viewer, message_id)
    part = next((part for part in message.parts if part.index == index), None)
    if part is None:
        raise NotFound("This message has no such attachment.")
    raw = read_message(session, store.blobs, viewer, message_id).raw
    return PartContent(part.filename, part.content_type, attachment_content(raw, index, limits=store.limits))
