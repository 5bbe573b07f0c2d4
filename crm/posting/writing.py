"""Writing a message in the stream, taking it away, and taking that back. Each call belongs into the caller's unit of work."""

from dataclasses import dataclass, replace

from core.errors import Conflict, UsageError
from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.outgoing.queueing import cancel, queue_mail, send_again
from crm.outgoing.quoting import with_signature
from crm.outgoing.repository import SendingMailbox, mailbox
from crm.outgoing.views import Composition, KeptFile, MailKind, PreparedFile, Recipient
from crm.posting import repository
from crm.posting.repository import MailTo
from crm.stream.feed.posting import create_post_once, delete_post, restore_post
from crm.stream.feed.repository import post
from crm.stream.views import NewPost, RecordKey, StoredFile
from storage import blobs as blob_rows
from storage.models import RecordType, SendState
from storage.sessions import ReadSession, WriteSession

MOST_MAILS = 20
"""More are a campaign."""
MAILED = (RecordType.CONTACT, RecordType.LEAD)
STAYED = (SendState.SKIPPED, SendState.FAILED)
"""How mails fare that have not left, and will not by themselves."""
WITH_ITS_POST = "the message was deleted"
"""Why a mail was taken back; one that somebody cancelled by itself stays so, whatever becomes of the post."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A post; `by_mail` are the contacts and leads to whom it goes as a mail, from `mailbox_id` or one's first mailbox."""

    post: NewPost
    by_mail: tuple[RecordKey, ...] = ()
    mailbox_id: int | None = None
    files: tuple[PreparedFile, ...] = ()


def post_message(session: WriteSession, viewer: Viewer, new: NewMessage) -> int:
    """Post it, and have its mails sent after the time in which they can be taken back; the id of the post.

    The same `key` from the same person twice is one post with one mail to each. It stands on the records of those who get it
    by mail too. Raises as `create_post_once` and `queue_mail`, and `UsageError` for somebody without an address.
    """
    viewer.require_write()
    mails = _addressed(session, viewer, new.by_mail)
    sender = _sender(session, viewer, new.mailbox_id) if mails else None
    files = _stored(session, new.files)
    about = tuple(dict.fromkeys((*new.post.about, *(one.record for one in mails))))
    post_id, is_new = create_post_once(session, viewer, replace(new.post, about=about, files=files))
    if is_new and sender is not None:
        for one in mails:
            repository.insert_mail(session, post_id, one, _send(session, viewer, sender, post_id, one, files))
    return post_id


def delete_message(session: WriteSession, viewer: Viewer, post_id: int) -> int:
    """Take a post away, and its mails as far as they have not left; how many have. Raises as `delete_post`."""
    delete_post(session, viewer, post_id)
    mails = repository.mails_of(session, post_id)
    return sum(mail.state not in STAYED and not _taken_back(session, mail.outgoing_id) for mail in mails)


def restore_message(session: WriteSession, viewer: Viewer, post_id: int) -> None:
    """Take back that a post was deleted; the mails that were taken back with it leave now, and no others.

    Raises as `restore_post`.
    """
    if not restore_post(session, viewer, post_id):
        return
    for mail in repository.mails_of(session, post_id):
        if mail.state is SendState.SKIPPED and mail.reason == WITH_ITS_POST:
            send_again(session, Viewer.system(), mail.outgoing_id)


def _addressed(session: ReadSession, viewer: Viewer, records: tuple[RecordKey, ...]) -> list[MailTo]:
    wanted = tuple(dict.fromkeys(records))
    if len(wanted) > MOST_MAILS:
        raise UsageError(f"A message goes to at most {MOST_MAILS} people by mail: use a campaign.")
    if any(kind not in MAILED for kind, _ in wanted):
        raise UsageError("Only contacts and leads get a message by mail: put companies and deals into About.")
    found = repository.mail_addresses(session, viewer, wanted)
    without = [one.name for one in found if not one.address]
    if without:
        raise UsageError(f"{', '.join(without)} has no e-mail address: add one first, or take them out of To.")
    if len(found) < len(wanted):
        raise UsageError("One of those it is to does not exist any more: choose others.")
    return found


def _sender(session: ReadSession, viewer: Viewer, mailbox_id: int | None) -> SendingMailbox:
    if mailbox_id is not None:
        return mailbox(session, viewer, mailbox_id)
    boxes = [box for box in reach_of(session, viewer).mailboxes if box.can_send]
    if not boxes:
        raise UsageError("You have no mailbox to send from yet: connect one in Settings, or leave out those by mail.")
    return mailbox(session, viewer, boxes[0].id)


def _stored(session: WriteSession, files: tuple[PreparedFile, ...]) -> tuple[StoredFile, ...]:
    ids = blob_rows.record(session, [file.blob for file in files])
    return tuple(
        StoredFile(file.filename, file.content_type, file.blob.size, blob_id)
        for blob_id, file in zip(ids, files, strict=True)
    )


def _send(
    session: WriteSession,
    viewer: Viewer,
    sender: SendingMailbox,
    post_id: int,
    to: MailTo,
    files: tuple[StoredFile, ...],
) -> int:
    """One mail for each: whom else it went to is nobody's business outside."""
    said = post(session, viewer, post_id)
    mail = Composition(
        MailKind.NEW,
        sender.id,
        (Recipient(to.address, to.name),),
        said.title,
        with_signature(said.text or said.title, sender.signature),
    )
    kept = [KeptFile(file.filename, file.content_type, file.blob_id) for file in files]
    return queue_mail(session, viewer, mail, kept=kept)


def _taken_back(session: WriteSession, outgoing_id: int) -> bool:
    try:
        cancel(session, Viewer.system(), outgoing_id, reason=WITH_ITS_POST)
    except Conflict:
        return False
    return True
