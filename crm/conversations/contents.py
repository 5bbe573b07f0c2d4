"""What a message says: raw bytes from the store, parsed when they are shown.

`MessageContent.text` is what its author newly wrote; what is quoted and the signature stand apart, to be folded.
"""

from dataclasses import dataclass

from core.errors import Forbidden, NotFound
from crm.access.viewer import Viewer
from crm.conversations.repository.messages import blobs_of, message_view
from crm.conversations.views import Level, MessageView, PlaceView
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


def read_raw(store: Store, session: ReadSession, viewer: Viewer, message_id: int) -> bytes:
    """The message as it was received, preferably in a mailbox of the viewer's own.

    Raises `NotFound`, or `Forbidden` when the viewer may know of it and not read it.
    """
    message = message_view(session, viewer, message_id)
    return _raw_at(store, session, _readable_place(message))


def read_content(store: Store, session: ReadSession, message: MessageView) -> MessageContent:
    """What `message` says. Raises `Forbidden` when the viewer may not read it, `Permanent` when its bytes are lost."""
    return content_of(parse_message(_raw_at(store, session, _readable_place(message))))


def content_of(parsed: ParsedMessage) -> MessageContent:
    """The pieces of a parsed message; a reply that is nothing but a quote shows the whole text."""
    reply = parsed.reply
    text = reply.text if reply.text.strip() else parsed.text
    quoted = reply.quoted if reply.text.strip() else ""
    pictures = any(part.inline and part.content_type.startswith("image/") for part in parsed.attachments)
    designed = parsed.html is not None and (parsed.kind in DESIGNED or pictures or not text.strip())
    return MessageContent(text.strip(), quoted.strip(), reply.signature.strip(), parsed.html, designed)


def read_part(store: Store, session: ReadSession, viewer: Viewer, message_id: int, index: int) -> PartContent:
    """One attachment. Raises `NotFound` when the message has no such part, and as `read_raw` does."""
    message = message_view(session, viewer, message_id)
    part = next((part for part in message.parts if part.index == index), None)
    if part is None:
        raise NotFound("This message has no such attachment.")
    raw = _raw_at(store, session, _readable_place(message))
    return PartContent(part.filename, part.content_type, attachment_content(raw, index))


def _readable_place(message: MessageView) -> PlaceView:
    if message.level is not Level.FULL:
        raise Forbidden("This mail is in a colleague's mailbox, which does not share what it says.")
    readable = [place for place in message.places if place.readable]
    return max(readable, key=lambda place: place.own)


def _raw_at(store: Store, session: ReadSession, place: PlaceView) -> bytes:
    head, body = blobs_of(session, place.place_id)
    return store.blobs.read(session, head) + store.blobs.read(session, body)
