"""After a mail was sent: its copy in the Sent folder, once, and the mark on the one that it answers.

Some servers (Gmail, Microsoft 365) file what they send themselves. So the folder is searched for our Message-ID before
anything is appended, and once more is never appended after a crash: the search would find it. Where no copy can be kept,
the mail says why: people look for it in the mailbox.
"""

import asyncio

from core.clock import utcnow
from core.errors import Permanent, Transient
from crm.access.viewer import Viewer
from crm.outgoing.views import MailKind
from mailsync import repository
from mailsync.account import open_connection
from mailsync.actions.asking import About, Wish, ask
from mailsync.imap.errors import MailboxFull, NoSuchFolder, NotPermitted
from mailsync.imap.quoting import quote
from mailsync.traffic.day import DayUsedUp
from mailsync.traffic.metering import count_moved, day_of
from storage.models import Folder, FolderRole, Mailbox, Outgoing
from storage.running import JobRun

ANSWERS = (MailKind.REPLY.value, MailKind.REPLY_ALL.value)


NO_FOLDER = "It was sent, but its mailbox has no Sent folder: make one named Sent in your mail program to keep copies."
NO_ROOM = "It was sent, but its mailbox is full, so no copy lies in the Sent folder."
NOT_ALLOWED = "It was sent, but the mail server lets nobody add to the Sent folder, so no copy lies there."
NOT_SEEN_YET = "The mailbox's folders are not known yet."


def store_in_sent(run: JobRun) -> None:
    """Handler of `mailbox.store_in_sent`. Raises `Transient` until the folders of the mailbox are known."""
    with run.store.database.reading() as session:
        outgoing = session.get(Outgoing, run.args.outgoing_id)
        if outgoing is None or outgoing.raw_blob_id is None:
            raise Permanent("The sent mail is not stored any more.")
        mailbox = repository.mailbox(session, outgoing.mailbox_id)
        folders = repository.folders(session, mailbox.id)
        raw = run.store.blobs.read(session, outgoing.raw_blob_id)
    no_copy = ""
    if outgoing.stored_in_sent_at is None:
        if not folders:
            raise Transient(NOT_SEEN_YET)
        sent = next((one for one in folders if one.role is FolderRole.SENT), None)
        no_copy = run.talks.run(_keep_copy(run, mailbox, sent, outgoing.message_id or "", raw))
    with run.completing() as session:
        _note(session.get_one(Outgoing, outgoing.id), no_copy)
        if outgoing.in_reply_to_id is not None and outgoing.kind in ANSWERS:
            about = About(message_ids=(outgoing.in_reply_to_id,), mailbox_id=mailbox.id)
            ask(session, Viewer.system(), Wish.ANSWERED, about)
        repository.ask_for_pass(session, mailbox.id)


def _note(row: Outgoing, no_copy: str) -> None:
    """A copy that a pass has found meanwhile counts, whatever we were told."""
    if row.stored_in_sent_at is None:
        row.no_copy_reason = no_copy
        row.stored_in_sent_at = None if no_copy else utcnow()


async def _keep_copy(run: JobRun, mailbox: Mailbox, folder: Folder | None, message_id: str, raw: bytes) -> str:
    """Why there is no copy in `folder`; empty when there is one."""
    if folder is None:
        return NO_FOLDER
    try:
        await _append_once(run, mailbox, folder.name, message_id, raw)
    except NoSuchFolder:
        return NO_FOLDER
    except MailboxFull:
        return NO_ROOM
    except NotPermitted:
        return NOT_ALLOWED
    return ""


async def _append_once(run: JobRun, mailbox: Mailbox, folder: str, message_id: str, raw: bytes) -> None:
    connection = await open_connection(run.store, run.settings, mailbox)
    try:
        await connection.select(folder)
        if await connection.uid_search(f"HEADER Message-ID {quote(message_id)}"):
            return
        _demand_room(run, mailbox, len(raw))
        await connection.append(folder, raw, flags=["\\Seen"], date=utcnow())
    finally:
        await connection.close()
        await asyncio.to_thread(count_moved, run.store, connection, mailbox)


def _demand_room(run: JobRun, mailbox: Mailbox, size: int) -> None:
    """Raise `DayUsedUp` where the provider lets no more be appended today."""
    with run.store.database.reading() as session:
        moment = day_of(session, mailbox).upload_from(size)
    if moment is not None:
        raise DayUsedUp(moment)
