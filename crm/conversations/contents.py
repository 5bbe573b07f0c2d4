"""What a message says: raw bytes from the store, parsed when they are shown.

`MessageContent.text` is what its author newly wrote; what is quoted and the signature stand apart, to be folded.
"""

from dataclasses import dataclass

from core.errors import NotFound
from crm.access.mail import read_message
from crm.access.viewer import Viewer
from crm.conversations.repository.messages import message_view
from parsers.attachments import attachment_content
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
    return content_of(parse_message(read_message(session, store.blobs, viewer, message_id).raw))


def content_of(parsed: ParsedMessage) -> MessageContent:
    """The pieces of a parsed message; a reply that is nothing but a quote shows the whole text."""
    reply = parsed.reply
    text = reply.text if reply.text.strip() else parsed.text
    quoted = reply.quoted if reply.text.strip() else ""
    pictures = any(part.inline and part.content_type.startswith("image/") for part in parsed.attachments)
    designed = parsed.html is not None and (parsed.kind in DESIGNED or pictures or not text.strip())
    return MessageContent(text.strip(), quoted.strip(), reply.signature.strip(), parsed.html, designed)


def read_part(store: Store, session: ReadSession, viewer: Viewer, message_id: int, index: int) -> PartContent:
    """One attachment. Raises `NotFound` when the message has no such part, and as `read_content` does."""
    message = message_view(session, viewer, message_id)
    part = next((part for part in message.parts if part.index == index), None)
    if part is None:
        raise NotFound("This message has no such attachment.")
    raw = read_message(session, store.blobs, viewer, message_id).raw
    return PartContent(part.filename, part.content_type, attachment_content(raw, index))
