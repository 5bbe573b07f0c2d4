"""Telling Gmail about labels: where All Mail holds every message once, moving between folders is changing labels there.

To or from Junk and Trash, which lie outside All Mail, messages are moved as anywhere else (`moves`). May be repeated.
"""

from collections.abc import Sequence

from mailsync.actions.reasons import GONE
from mailsync.actions.repository.queue import Due, mark_sent, settle
from mailsync.actions.repository.results import drop_unplaced, end_moves
from mailsync.actions.same_messages import open_folder, still_the_same
from mailsync.labels.names import label_of
from mailsync.sync_context import SyncContext
from storage.models import ActionState, Folder, FolderRole
from storage.sessions import WriteSession


def shows_all_mail(folder: Folder) -> bool:
    """Whether a folder is a label of All Mail, or All Mail itself."""
    return folder.labels_of_id is not None or folder.role is FolderRole.ALL


async def tell_labels(
    context: SyncContext, all_mail: Folder, source: Folder, target: Folder, actions: Sequence[Due]
) -> None:
    """Take the label of `source` away and give that of `target`; All Mail itself has none. Raises `NoSuchFolder`, and
    `FolderRestored` where a pass has to look at All Mail first.
    """
    connection = context.connection
    selected = await open_folder(context, all_mail)
    there = await still_the_same(context, [one for one in actions if one.uidvalidity == selected.uidvalidity])
    gone = [one for one in actions if one.uid not in there]
    ids = [one.id for one in actions if one.uid in there]
    taken = await context.write(lambda session: mark_sent(session, ids))
    moved = [one for one in actions if one.id in taken]
    if moved:
        uids = [one.uid for one in moved]
        await connection.store_labels(uids, add=_labels(target), remove=_labels(source))

    def end(session: WriteSession) -> None:
        settle(session, [one.id for one in gone], ActionState.OVERTAKEN, GONE)
        drop_unplaced(session, gone)
        new_uids = {} if target.role is FolderRole.ALL else {one.id: one.uid for one in moved}
        end_moves(session, moved, target, new_uids)
        drop_unplaced(session, moved)  # What All Mail has a place for already.

    await context.write(end)


def _labels(folder: Folder) -> list[str]:
    return [] if folder.role is FolderRole.ALL else [label_of(folder)]
