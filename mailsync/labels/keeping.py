"""Folders become labels where Gmail shows All Mail, and folders again where it does not; new labels are filled."""

from collections.abc import Mapping, Sequence
from functools import partial

from core.logging import get_logger
from mailsync.imap.uidset import MAX_UID
from mailsync.labels import repository as labels
from mailsync.labels.names import is_label
from mailsync.repository.uids import stored_uids
from mailsync.sync_context import SyncContext
from storage.models import Folder, FolderRole, FolderState
from storage.sessions import WriteSession

GMAIL = "X-GM-EXT-1"
CLEARED_AT_ONCE = 2000
LABELS_AT_ONCE = 2000
"""Messages whose labels are asked for by one command, and written in one transaction."""

log = get_logger(__name__)


async def adopt_labels(context: SyncContext, folders: Sequence[Folder]) -> bool:
    """See that the labels among a mailbox's folders are known as such. Returns whether some folder has changed."""
    shown = context.connection.has(GMAIL)
    all_mail = next((one for one in folders if shown and one.role is FolderRole.ALL and one.chosen), None)
    changed = False
    for folder in folders:
        owner = all_mail if all_mail is not None and is_label(folder) else None
        if folder.labels_of_id != (owner.id if owner else None):
            await _hand_over(context, folder, owner)
            changed = True
        elif owner is not None and not folder.chosen and folder.state is FolderState.LIVE:
            await context.write(partial(labels.mark_lacking, folder_id=folder.id))
    return changed


async def _hand_over(context: SyncContext, folder: Folder, all_mail: Folder | None) -> None:
    log.info("folder.label", mailbox_id=context.mailbox_id, folder_id=folder.id, is_label=all_mail is not None)
    while await context.write(lambda session: labels.clear_places(session, folder.id, CLEARED_AT_ONCE)):
        context.on_stored(0)
    # Messages of an All Mail that was not begun yet will bring their labels with them.
    filled = all_mail is not None and all_mail.uidvalidity is None
    state = FolderState.LIVE if filled else FolderState.INITIAL
    owner_id = all_mail.id if all_mail else None
    await context.write(lambda session: labels.hand_over(session, folder.id, owner_id, state))


async def fill_labels(context: SyncContext, all_mail: Folder) -> None:
    """Where a label is new to us, ask for the labels of every message that is stored."""
    if not await context.read(lambda session: labels.is_to_be_filled(session, all_mail.id)):
        return
    uids = sorted(await context.read(lambda session: stored_uids(session, all_mail.id, 1, MAX_UID)))
    for start in range(0, len(uids), LABELS_AT_ONCE):
        found = await context.connection.fetch_labels(uids[start : start + LABELS_AT_ONCE])
        await context.write(partial(_set, all_mail_id=all_mail.id, found=found))
        context.on_stored(0)
    await context.write(lambda session: labels.mark_filled(session, all_mail.id))


def _set(session: WriteSession, all_mail_id: int, found: Mapping[int, frozenset[str]]) -> None:
    labels.set_labels(session, all_mail_id, found)
