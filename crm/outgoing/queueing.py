"""Handing a mail over to be sent, taking it back within the undo time, and deciding about one that failed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.addresses import address_key
from core.clock import utcnow
from core.errors import Conflict, UsageError
from crm.access.mail import require_readable
from crm.access.viewer import Viewer
from crm.outgoing import repository
from crm.outgoing.receipts.switching import of_mail
from crm.outgoing.views import Composition, KeptFile, PreparedFile, Recipient
from delivery.envelope import wire_address
from delivery.errors import SmtpPermanent
from storage import blobs as blob_rows
from storage.blobs import BlobStore
from storage.jobs import SEND_OUTGOING, OfOutgoing, enqueue
from storage.models import SendState
from storage.sessions import WriteSession

UNDO_SECONDS = 10
MOST_RECIPIENTS = 100
"""More are a campaign."""
WAITING = (SendState.PENDING, SendState.RETRY)
NOT_SENT = (SendState.FAILED, SendState.SKIPPED, SendState.IN_DOUBT)


def prepare_files(blobs: BlobStore, files: Sequence[tuple[str, str, bytes]]) -> tuple[PreparedFile, ...]:
    """Files (name, type, content) made ready for `queue_mail`; outside of any unit of work."""
    prepared = blobs.prepare([content for _, _, content in files])
    return tuple(PreparedFile(name, kind, blob) for (name, kind, _), blob in zip(files, prepared, strict=True))


def queue_mail(
    session: WriteSession,
    viewer: Viewer,
    mail: Composition,
    *,
    files: Sequence[PreparedFile] = (),
    kept: Sequence[KeptFile] = (),
    undo_seconds: int = UNDO_SECONDS,
    send_at: datetime | None = None,
    key: str | None = None,
) -> int:
    """Have `mail` sent, after the undo time or at `send_at`; the id of the outgoing mail.

    The same `key` from the same person twice is one mail. Raises `UsageError` for a mail without recipients, with an
    address that is none or from a mailbox that can not send, `NotFound` for a mailbox that the viewer does not work in
    or a message that they may not read, `Forbidden` for guests.
    """
    viewer.require_write()
    mailbox = repository.mailbox(session, viewer, mail.mailbox_id)
    if mailbox.smtp_url is None:
        raise UsageError("This mailbox has no outgoing server: add its SMTP server in Settings.")
    now = utcnow()
    due = max(send_at or now, now + timedelta(seconds=undo_seconds))
    values = _addressed(mail) | {
        "kind": mail.kind.value,
        "user_id": viewer.user_id,
        "mailbox_id": mail.mailbox_id,
        "in_reply_to_id": mail.in_reply_to_id,
        "subject": " ".join(mail.subject.split()),
        "text": mail.text,
        "html": mail.html,
        "attachments": _attachments(session, viewer, mail, files, kept),
        "receipts": of_mail(session, mailbox.receipts, mail.receipts),
        "key": None if key is None else f"{viewer.user_id}:{key}",
        "state": SendState.PENDING,
        "due_at": due,
        "created_at": now,
    }
    outgoing_id, is_new = repository.insert_once(session, values)
    if is_new:
        enqueue_sending(session, outgoing_id, 0, due)
    return outgoing_id


def cancel(session: WriteSession, viewer: Viewer, outgoing_id: int, *, reason: str = "cancelled") -> None:
    """Take a mail back. Raises `Conflict` when it has left, `NotFound` when there is none for this viewer."""
    viewer.require_write()
    repository.outgoing(session, viewer, outgoing_id)
    if repository.move(session, outgoing_id, WAITING, SendState.SKIPPED, values={"reason": reason}) is None:
        raise Conflict("It is too late: this mail is being sent, or was sent.")


def send_again(session: WriteSession, viewer: Viewer, outgoing_id: int) -> None:
    """Try a mail again that failed, was cancelled or is in doubt: with the same bytes, under the same Message-ID.

    Raises `Conflict` in any other state.
    """
    viewer.require_write()
    mail = repository.outgoing(session, viewer, outgoing_id)
    now = utcnow()
    tries = mail.tries + 1
    values = {"reason": "", "due_at": now, "tries": tries}
    if repository.move(session, outgoing_id, NOT_SENT, SendState.PENDING, values=values) is None:
        raise Conflict("This mail waits to be sent, or was sent.")
    enqueue_sending(session, outgoing_id, tries, now)


def settle_as_sent(session: WriteSession, viewer: Viewer, outgoing_id: int) -> None:
    """Somebody knows that a mail in doubt arrived. Raises `Conflict` when it is not in doubt."""
    viewer.require_write()
    repository.outgoing(session, viewer, outgoing_id)
    doubt = (SendState.IN_DOUBT,)
    values = {"reason": "", "sent_at": utcnow()}
    if repository.move(session, outgoing_id, doubt, SendState.SENT, values=values) is None:
        raise Conflict("This mail is not in doubt.")


def enqueue_sending(session: WriteSession, outgoing_id: int, tries: int, due: datetime) -> None:
    """The job of the next try; one a try, whoever asks for it."""
    enqueue(session, SEND_OUTGOING, OfOutgoing(outgoing_id), key=job_key(outgoing_id, tries), due=due)


def job_key(outgoing_id: int, tries: int) -> str:
    """The key of the job that sends a mail which has been tried `tries` times."""
    return f"{SEND_OUTGOING.name}:{outgoing_id}:{tries}"


def _addressed(mail: Composition) -> dict[str, object]:
    """The three lists as they are stored, each address once."""
    seen: set[str] = set()
    lists = {
        name: [{"address": each.address.strip(), "name": each.name} for each in people if _is_first(each, seen)]
        for name, people in (("to", mail.to), ("cc", mail.cc), ("bcc", mail.bcc))
    }
    if not seen:
        raise UsageError("The mail has no recipient: add one.")
    if len(seen) > MOST_RECIPIENTS:
        raise UsageError(f"A single mail goes to at most {MOST_RECIPIENTS} people: use a campaign.")
    return dict(lists)


def _is_first(recipient: Recipient, seen: set[str]) -> bool:
    address = recipient.address.strip()
    try:
        wire_address(address)
    except SmtpPermanent:
        address = ""
    if not address:
        raise UsageError("One of the addresses is not an address mail can be sent to: correct it.")
    key = address_key(address)
    if key in seen:
        return False
    seen.add(key)
    return True


def _attachments(
    session: WriteSession,
    viewer: Viewer,
    mail: Composition,
    files: Sequence[PreparedFile],
    stored: Sequence[KeptFile],
) -> list[dict[str, object]]:
    for message_id in {file.message_id for file in mail.stored_files}:
        require_readable(session, viewer, message_id)
    if mail.in_reply_to_id is not None:
        require_readable(session, viewer, mail.in_reply_to_id)
    ids = blob_rows.record(session, [file.blob for file in files])
    kept: list[dict[str, object]] = [
        {
            "message_id": file.message_id,
            "index": file.index,
            "filename": file.filename,
            "content_type": file.content_type,
        }
        for file in mail.stored_files
    ]
    kept += [
        {"blob_id": blob_id, "filename": file.filename, "content_type": file.content_type}
        for blob_id, file in zip(ids, files, strict=True)
    ]
    kept += [{"blob_id": file.blob_id, "filename": file.filename, "content_type": file.content_type} for file in stored]
    return kept
