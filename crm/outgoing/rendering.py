"""From an outgoing row to the bytes that are sent: composed once, with our signed Message-ID, and kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.addresses import domain_of
from core.errors import NotFound, Permanent
from core.limits import Limits
from crm.access.mail import read_message
from crm.access.viewer import Viewer
from crm.outgoing.receipts.linking import Linked, ReceiptTokens, with_receipts
from crm.outgoing.repository import SendingMailbox
from delivery.compose import Attachment, Draft, compose
from delivery.header_text import Mailbox
from delivery.message_ids import MessageIds
from delivery.reply_addresses import reply_address
from delivery.replying import Original, reply_headers
from parsers.content.attachments import attachment_content
from parsers.message import parse_message
from storage.models import Outgoing
from storage.sessions import ReadSession
from storage.store import Store

OWN_ID = "X-Mailsync-Id"
"""Repeats the Message-ID, because some relays replace that one."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a mail is made of, read from the store; composing it needs no database any more."""

    row: Outgoing
    mailbox: SendingMailbox
    answered: bytes | None
    files: tuple[tuple[dict[str, Any], bytes], ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The bytes of a mail; its Message-ID without angle brackets."""

    message_id: str
    raw: bytes
    links: tuple[str, ...] = ()
    """Where the links lead of a mail with receipts."""


def gather(session: ReadSession, store: Store, row: Outgoing, mailbox: SendingMailbox) -> Gathered:
    """Read all that a mail is made of. Raises `Permanent` when an attachment is gone."""
    files = tuple((file, _stored_bytes(session, store, file)) for file in row.attachments)
    return Gathered(row, mailbox, _answered(session, store, row), files)


def render(store: Store, gathered: Gathered, now: datetime, base_url: str) -> Rendered:
    """Compose the mail; what it asks for leads to `base_url`. Raises `UsageError` for what can not stand in one."""
    row, mailbox = gathered.row, gathered.mailbox
    message_id = MessageIds(store.keys).make(row.id, domain_of(mailbox.email.lower()) or "localhost")
    in_reply_to, references = _thread(gathered, store.limits)
    linked = _linked(store, row, now, base_url) if row.receipts else None
    draft = Draft(
        from_=Mailbox(mailbox.email, mailbox.name),
        reply_to=_reply_to(mailbox, message_id),
        to=_mailboxes(row.to),
        cc=_mailboxes(row.cc),
        bcc=_mailboxes(row.bcc),
        subject=row.subject,
        text=row.text,
        html=linked.html if linked else row.html,
        message_id=message_id,
        date=now,
        attachments=tuple(_attachment(file, content, store.limits) for file, content in gathered.files),
        in_reply_to=in_reply_to,
        references=references,
        headers=((OWN_ID, f"<{message_id}>"),),
    )
    return Rendered(message_id, compose(draft), linked.links if linked else ())


def _linked(store: Store, row: Outgoing, now: datetime, base_url: str) -> Linked:
    return with_receipts(row.text, row.html, base_url, ReceiptTokens(store.keys).make(row.id, now))


def _reply_to(mailbox: SendingMailbox, message_id: str) -> tuple[Mailbox, ...]:
    """Where answers go, if not to the mailbox as such."""
    address = reply_address(mailbox.email, message_id) if mailbox.signed_answers else None
    return (Mailbox(address, mailbox.name),) if address else ()


def recipients_of(row: Outgoing) -> tuple[str, ...]:
    """Everybody the mail goes to, hidden ones too."""
    return tuple(each["address"] for each in (*row.to, *row.cc, *row.bcc))


def _answered(session: ReadSession, store: Store, row: Outgoing) -> bytes | None:
    if row.in_reply_to_id is None:
        return None
    try:
        return read_message(session, store.blobs, Viewer.system(), row.in_reply_to_id).raw
    except NotFound:
        return None  # Deleted on the server meanwhile: the reply goes out all the same, in no thread.


def _stored_bytes(session: ReadSession, store: Store, file: dict[str, Any]) -> bytes:
    """The uploaded file, or the whole message out of which `_attachment` cuts its part."""
    if "blob_id" in file:
        return store.blobs.read(session, file["blob_id"])
    try:
        return read_message(session, store.blobs, Viewer.system(), file["message_id"]).raw
    except NotFound:
        raise Permanent("A file that was to be passed on was deleted meanwhile: attach it again.") from None


def _attachment(file: dict[str, Any], content: bytes, limits: Limits) -> Attachment:
    if "message_id" in file:
        content = attachment_content(content, file["index"], limits=limits)
    return Attachment(file["filename"], content, file["content_type"])


def _thread(gathered: Gathered, limits: Limits) -> tuple[str | None, tuple[str, ...]]:
    if gathered.answered is None:
        return None, ()
    parsed = parse_message(gathered.answered, limits=limits)
    original = Original(parsed.message_id, from_=(), in_reply_to=parsed.in_reply_to, references=parsed.references)
    headers = reply_headers(original, (), to_all=False)
    return headers.in_reply_to, headers.references


def _mailboxes(stored: list[dict[str, Any]]) -> tuple[Mailbox, ...]:
    return tuple(Mailbox(each["address"], each["name"]) for each in stored)
