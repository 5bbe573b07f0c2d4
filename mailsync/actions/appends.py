"""Telling the server about drafts: APPEND to the Drafts folder, once.

As with the copy in Sent, a crash leaves open whether the server has it; then the folder is searched for the draft's
Message-ID, which is of our making and no other message's.
"""

from collections.abc import Sequence
from email.parser import BytesHeaderParser

from core.errors import Permanent
from mailsync.actions.moves import target_status
from mailsync.actions.reasons import DAMAGED
from mailsync.actions.repository.queue import Due, mark_sent, put_off
from mailsync.actions.repository.results import end_moves, refuse
from mailsync.imap.folder_status import FolderStatus
from mailsync.imap.quoting import quote
from mailsync.sync_context import SyncContext
from storage.models import ActionState, Folder


async def tell_appends(context: SyncContext, folder: Folder, actions: Sequence[Due]) -> None:
    """Store drafts in `folder`; those for which the provider's day has no room wait for another.

    Raises `NoSuchFolder`, `NotPermitted`, `MailboxFull`.
    """
    await context.connection.leave_folder()
    status = await target_status(context.connection, folder)
    for one in actions:
        await _tell_one(context, folder, status, one)


async def _tell_one(context: SyncContext, folder: Folder, status: FolderStatus, one: Due) -> None:
    try:
        raw = await context.read(lambda session: context.store.blobs.read(session, one.blob_id or 0))
    except Permanent:
        await context.write(lambda session: refuse(session, [one], DAMAGED))
        return
    uid = await _find(context, folder, raw) if one.state is ActionState.SENT else None
    if uid is None:
        await context.read(context.meter.read)
        if (moment := context.meter.day.upload_from(len(raw))) is not None:
            await context.write(lambda session: put_off(session, [one], moment))
            return
        taken = await context.write(lambda session: mark_sent(session, [one.id], target_uidnext=status.uidnext))
        if not taken:
            return
        flags = ["\\Draft", "\\Seen"]
        stored = await context.connection.append(folder.name, raw, flags=flags, date=one.created_at)
        uid = stored.uid if stored and stored.uidvalidity == status.uidvalidity else None
    new_uids = {one.id: uid} if uid is not None and folder.uidvalidity == status.uidvalidity else {}
    await context.write(lambda session: end_moves(session, [one], folder, new_uids))


async def _find(context: SyncContext, folder: Folder, raw: bytes) -> int | None:
    message_id = str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "").strip()
    await context.connection.select(folder.name)
    found = await context.connection.uid_search(f"HEADER Message-ID {quote(message_id)}")
    await context.connection.leave_folder()
    return found[-1] if found else None
