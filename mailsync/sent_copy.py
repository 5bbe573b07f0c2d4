"""After a mail was sent: its copy in the Sent folder, once, and the mark on the one that it answers.

Some servers (Gmail, Microsoft 365) file what they send themselves. So the folder is searched for our Message-ID before
anything is appended, and once more is never appended after a crash: the search would find it.
"""

import asyncio

from core.clock import utcnow
from core.errors import Permanent
from crm.access.viewer import Viewer
from crm.outgoing.views import MailKind
from mailsync import repository
from mailsync.account import open_connection
from mailsync.actions.asking import About, Wish, ask
from mailsync.imap.quoting import quote
from storage.models import FolderRole, Mailbox, Outgoing
from storage.running import JobRun

ANSWERS = (MailKind.REPLY.value, MailKind.REPLY_ALL.value)


def store_in_sent(run: JobRun) -> None:
    """Handler of `mailbox.store_in_sent`."""
    with run.store.database.reading() as session:
        outgoing = session.get(Outgoing, run.args.outgoing_id)
        if outgoing is None or outgoing.raw_blob_id is None:
            raise Permanent("The sent mail is not stored any more.")
        mailbox = repository.mailbox(session, outgoing.mailbox_id)
        folder = next((one for one in repository.folders(session, mailbox.id) if one.role is FolderRole.SENT), None)
        raw = run.store.blobs.read(session, outgoing.raw_blob_id)
    if outgoing.stored_in_sent_at is None and folder is not None:
        asyncio.run(_append_once(run, mailbox, folder.name, outgoing.message_id or "", raw))
    with run.completing() as session:
        session.get_one(Outgoing, outgoing.id).stored_in_sent_at = utcnow()
        if outgoing.in_reply_to_id is not None and outgoing.kind in ANSWERS:
            about = About(message_ids=(outgoing.in_reply_to_id,), mailbox_id=mailbox.id)
            ask(session, Viewer.system(), Wish.ANSWERED, about)
        repository.ask_for_pass(session, mailbox.id)


async def _append_once(run: JobRun, mailbox: Mailbox, folder: str, message_id: str, raw: bytes) -> None:
    connection = await open_connection(run.store, run.settings, mailbox)
    try:
        await connection.select(folder)
        if await connection.uid_search(f"HEADER Message-ID {quote(message_id)}"):
            return
        await connection.append(folder, raw, flags=["\\Seen"], date=utcnow())
    finally:
        await connection.close()
