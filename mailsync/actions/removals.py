"""Telling the server to delete messages for ever: \\Deleted, and EXPUNGE of those UIDs alone (UIDPLUS, RFC 4315).

A server without UIDPLUS can only remove everything that anybody marked; there the messages stay, marked as deleted,
until a mail program tidies the folder up.
"""

from collections.abc import Sequence

from mailsync.actions.reasons import GONE, NOT_REMOVED
from mailsync.actions.repository.queue import Due, mark_sent, settle
from mailsync.actions.repository.results import refuse
from mailsync.actions.same_messages import open_folder, still_the_same
from mailsync.imap.errors import NotPermitted
from mailsync.sync_context import SyncContext
from storage.models import ActionState, Folder
from storage.sessions import WriteSession


async def tell_removals(context: SyncContext, folder: Folder, actions: Sequence[Due]) -> None:
    """Delete messages of one folder. Raises `NotPermitted`, `NoSuchFolder`. May be repeated."""
    connection = context.connection
    selected = await open_folder(context, folder)
    taken = await context.write(lambda session: mark_sent(session, [one.id for one in actions]))
    mine = [one for one in actions if one.id in taken]
    valid = [one for one in mine if one.uidvalidity == selected.uidvalidity]
    there = await still_the_same(context, valid)
    gone = {one.uid for one in valid}.difference(await connection.existing([one.uid for one in valid]) if valid else ())
    overtaken = [one for one in mine if one not in valid or one.uid not in there | gone]
    if there:
        if selected.read_only:
            raise NotPermitted
        await connection.store_flags(there, add=["\\Deleted"])
        if connection.has("UIDPLUS"):
            await connection.expunge(there)
    left = set(await connection.existing(there)) if there else set()
    by_name = connection.has("UIDPLUS")

    def end(session: WriteSession) -> None:
        settle(session, [one.id for one in overtaken], ActionState.OVERTAKEN, GONE)
        stayed = [one for one in mine if one.uid in left]
        if by_name:
            refuse(session, stayed, NOT_REMOVED)
        settle(session, [one.id for one in stayed], ActionState.DONE, left_behind=True)
        settle(session, [one.id for one in mine], ActionState.DONE)

    await context.write(end)
