"""Telling the server to delete messages for ever: \\Deleted, and EXPUNGE of those UIDs alone (UIDPLUS, RFC 4315).

A server without UIDPLUS can only remove everything that anybody marked; there the messages stay, marked as deleted,
until a mail program tidies the folder up.
"""

from collections.abc import Sequence

from mailsync.actions.reasons import NOT_REMOVED
from mailsync.actions.repository.queue import Due, mark_sent, settle
from mailsync.actions.repository.results import refuse
from mailsync.imap.errors import NotPermitted
from mailsync.sync_context import SyncContext
from storage.models import ActionState, Folder
from storage.sessions import WriteSession


async def tell_removals(context: SyncContext, folder: Folder, actions: Sequence[Due]) -> None:
    """Delete messages of one folder. Raises `NotPermitted`, `NoSuchFolder`. May be repeated."""
    connection = context.connection
    selected = await connection.select(folder.name, read_only=False)
    taken = await context.write(lambda session: mark_sent(session, [one.id for one in actions]))
    mine = [one for one in actions if one.id in taken]
    wanted = [one.uid for one in mine if one.uidvalidity == selected.uidvalidity]
    there = await connection.existing(wanted) if wanted else []
    if there:
        if selected.read_only:
            raise NotPermitted
        await connection.store_flags(there, add=["\\Deleted"])
        if connection.has("UIDPLUS"):
            await connection.expunge(there)
    left = set(await connection.existing(there)) if there else set()
    by_name = connection.has("UIDPLUS")

    def end(session: WriteSession) -> None:
        stayed = [one for one in mine if one.uid in left]
        if by_name:
            refuse(session, stayed, NOT_REMOVED)
        settle(session, [one.id for one in stayed], ActionState.DONE, left_behind=True)
        settle(session, [one.id for one in mine], ActionState.DONE)

    await context.write(end)
