"""Beginning a mail: the form of a reply, a forward or a new mail, filled in as far as can be known."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.clock import utcnow
from crm.access.mail import read_message
from crm.access.viewer import Viewer
from crm.intake.understanding import hashed_id
from crm.outgoing import repository
from crm.outgoing.quoting import forward_subject, forward_text, new_text, reply_subject, reply_text
from crm.outgoing.repository import SendingMailbox
from crm.outgoing.views import Composition, MailKind, Recipient, StoredFile
from delivery.header_text import Mailbox
from delivery.replying import Original, reply_headers
from parsers.message import parse_message
from parsers.model import Address, ParsedMessage
from storage.store import Store


def start_new(store: Store, viewer: Viewer, mailbox_id: int, *, to: tuple[Recipient, ...] = ()) -> Composition:
    """An empty mail with the mailbox's signature. Raises `NotFound` for a mailbox the viewer does not work in."""
    with store.database.reading() as session:
        mailbox = repository.mailbox(session, viewer, mailbox_id)
    return Composition(MailKind.NEW, mailbox_id, to, "", new_text(mailbox.signature))


def start_reply(
    store: Store,
    viewer: Viewer,
    mailbox_id: int,
    message_id: int,
    *,
    to_all: bool = False,
    time_zone: str | None = None,
) -> Composition:
    """An answer: to Reply-To or From (to whom we wrote, where the message is ours), with the original quoted.

    Raises `NotFound` or `Forbidden` when the viewer may not read the message or does not work in the mailbox.
    """
    mailbox, original = _read(store, viewer, mailbox_id, message_id)
    headers = reply_headers(_original(original), mailbox.own_keys, to_all=to_all)
    return Composition(
        kind=MailKind.REPLY_ALL if to_all else MailKind.REPLY,
        mailbox_id=mailbox_id,
        to=_recipients(headers.to),
        cc=_recipients(headers.cc),
        subject=reply_subject(original.subject),
        text=reply_text(original, _moment(original, time_zone), mailbox.signature),
        in_reply_to_id=message_id,
    )


def start_forward(
    store: Store, viewer: Viewer, mailbox_id: int, message_id: int, *, time_zone: str | None = None
) -> Composition:
    """The message to be passed on, with its attachments. Raises as `start_reply`."""
    mailbox, original = _read(store, viewer, mailbox_id, message_id)
    with store.database.reading() as session:
        files = repository.files_of_message(session, viewer, message_id)
    return Composition(
        kind=MailKind.FORWARD,
        mailbox_id=mailbox_id,
        to=(),
        subject=forward_subject(original.subject),
        text=forward_text(original, _moment(original, time_zone), mailbox.signature),
        stored_files=tuple(StoredFile(message_id, *file) for file in files),
    )


def open_draft(store: Store, viewer: Viewer, mailbox_id: int, message_id: int) -> Composition:
    """A draft as it was written, by whatever program; one that answers a stored message still does. Raises as above."""
    _, written = _read(store, viewer, mailbox_id, message_id)
    with store.database.reading() as session:
        files = repository.files_of_message(session, viewer, message_id)
        named = hashed_id(written.in_reply_to[0]) if written.in_reply_to else None
        answered = repository.message_named(session, viewer, named) if named else None
    return Composition(
        kind=MailKind.NEW if answered is None else MailKind.REPLY,
        mailbox_id=mailbox_id,
        to=_recipients(_mailboxes(written.to)),
        cc=_recipients(_mailboxes(written.cc)),
        bcc=_recipients(_mailboxes(written.bcc)),
        subject=written.subject,
        text=written.text,
        in_reply_to_id=answered,
        stored_files=tuple(StoredFile(message_id, *file) for file in files),
    )


def _read(store: Store, viewer: Viewer, mailbox_id: int, message_id: int) -> tuple[SendingMailbox, ParsedMessage]:
    with store.database.reading() as session:
        mailbox = repository.mailbox(session, viewer, mailbox_id)
        raw = read_message(session, store.blobs, viewer, message_id).raw
    return mailbox, parse_message(raw, limits=store.limits)


def _original(parsed: ParsedMessage) -> Original:
    return Original(
        message_id=parsed.message_id,
        from_=_mailboxes(parsed.from_),
        to=_mailboxes(parsed.to),
        cc=_mailboxes(parsed.cc),
        reply_to=_mailboxes(parsed.reply_to),
        in_reply_to=parsed.in_reply_to,
        references=parsed.references,
    )


def _mailboxes(addresses: tuple[Address, ...]) -> tuple[Mailbox, ...]:
    return tuple(Mailbox(each.address, each.name) for each in addresses if each.address)


def _recipients(mailboxes: tuple[Mailbox, ...]) -> tuple[Recipient, ...]:
    return tuple(Recipient(each.address, each.name) for each in mailboxes)


def _moment(original: ParsedMessage, time_zone: str | None) -> datetime:
    return (original.date or utcnow()).astimezone(ZoneInfo(time_zone) if time_zone else UTC)
