"""One folder, brought up to date: new mail, what did not come before, a slice of history, flags, and what vanished.

STATUS ── nothing moved? ── done, without opening it (`quiet_folders`; without CONDSTORE `unmoved`)
  │
SELECT (with QRESYNC where enabled: changed flags and deletions come with it)
  │
UIDs mean what they did? ── no ── places are set aside, and wait to be found again (`matching`)
  │
new mail ── gaps ── a slice of history ── flags and deletions, once no history is left that may come now
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from mailsync import differences, repository, transfer
from mailsync.actions.repository.results import overtake_all_from, with_loose_places
from mailsync.imap.folder_status import FolderStatus
from mailsync.imap.reading import Changes
from mailsync.imap.selected import Known, Selected
from mailsync.imap.uidset import UidSet
from mailsync.labels.keeping import fill_labels
from mailsync.labels.repository import to_be_filled
from mailsync.matching import repository as matching
from mailsync.matching.places import agree, begin_again, forget_rest, set_aside, was_restored
from mailsync.repository.gaps import with_due_gaps
from mailsync.repository.marks import begin_folder, finish_folder_pass
from mailsync.repository.uids import remove_uids
from mailsync.sync_context import SyncContext
from storage.models import Folder, FolderState
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Progress:
    """What a pass of one folder did. `history_left` is how many older messages are still to come, at most.

    `close` is to be called once the other folders were looked into: it removes what is gone, and ends the folder's
    pass. A message that was moved is then found in its new folder before it leaves the old one.
    """

    stored: int
    history_left: int
    close: Callable[[WriteSession], None] | None = None


async def sync_folder(context: SyncContext, folder: Folder, status: FolderStatus | None) -> Progress:
    """Bring `folder` up to date; at most a slice of history. `status` is from before the pass, None where it was not asked."""
    known = _known(context, folder, status)
    selected = await context.connection.select(folder.name, condstore=True, known=known)
    told = Changes(selected.changed, selected.vanished) if known is not None else None
    if not await _means_the_same(context, folder, selected):
        folder, told = await _begin(context, folder, selected), None
    if status is None:  # There is no CONDSTORE, whatever SELECT tells: Cyrus counts all the same.
        now = replace(_status_of(selected), highestmodseq=None)
    else:
        now = status if status.uidvalidity == selected.uidvalidity else _status_of(selected)
    await differences.look_after_left_behind(context, folder)
    stored = 0 if _has_no_new_mail(folder, selected) else await transfer.fetch_new(context, folder)
    stored += await transfer.close_gaps(context, folder)
    past, left = await transfer.fetch_history(context, folder)
    if left and not _history_waits(context, folder):
        return Progress(stored + past, left)
    if folder.state is FolderState.RESYNC:
        await forget_rest(context, folder)
    if not await agree(context, folder):
        await begin_again(context, folder)
        return Progress(stored + past, 1)  # So that another pass follows at once.
    gone = await differences.take_over(context, folder, now, told, exists=selected.exists)
    await fill_labels(context, folder)
    await transfer.settle_moved(context, folder, all_is_stored=not left)
    return Progress(stored + past, left, partial(_finish, folder=folder, now=now, gone=gone, is_loaded=not left))


def _history_waits(context: SyncContext, folder: Folder) -> bool:
    """Whether what is here is kept in step meanwhile: not in a folder whose places wait for their new UIDs."""
    return context.meter.history_from is not None and folder.state is not FolderState.RESYNC


def resting(context: SyncContext, folder: Folder) -> Progress:
    """What a pass does in a folder that need not be opened: nothing, though history may still be to come."""
    return Progress(0, transfer.history_to_come(context, folder))


async def bring_news(context: SyncContext, folder: Folder) -> None:
    """New mail of a folder that is up to date, and nothing else; whatever is out of order there is left to its pass."""
    if folder.state is not FolderState.LIVE or not folder.chosen or folder.refusals:
        return
    selected = await context.connection.select(folder.name)
    if folder.uidvalidity == selected.uidvalidity and not was_restored(folder, selected):
        await transfer.fetch_new(context, folder)


def quiet_folders(
    context: SyncContext, asked: Sequence[tuple[Folder, FolderStatus | None]], owed: Collection[int]
) -> set[int]:
    """Which of these, by id, need not be opened: the server's snapshots say that nothing moved since ours, and nothing is
    `owed`."""
    return {
        folder.id
        for folder, status in asked
        if status
        and _is_unmoved(folder, status)
        and folder.id not in owed
        and (_history_waits(context, folder) or not transfer.history_to_come(context, folder))
    }


def _is_unmoved(folder: Folder, status: FolderStatus) -> bool:
    return (
        folder.uidvalidity == status.uidvalidity
        and folder.uidnext == status.uidnext
        and folder.server_messages == status.messages
        and status.highestmodseq is not None
        and folder.highestmodseq == status.highestmodseq
    )


def owed_folders(session: ReadSession, folder_ids: Sequence[int]) -> set[int]:
    """Those of the folders in which something is to be done whatever the server says."""
    return (
        with_due_gaps(session, folder_ids) | with_loose_places(session, folder_ids) | to_be_filled(session, folder_ids)
    )


def _known(context: SyncContext, folder: Folder, status: FolderStatus | None) -> Known | None:
    """What to tell the server that we know, so that it answers with what changed since; None where that gains nothing."""
    if status is None:
        return None
    since, now = folder.highestmodseq, status.highestmodseq
    if "QRESYNC" not in context.connection.enabled or folder.state is not FolderState.LIVE or folder.refusals:
        return None
    if since is None or now is None or now <= since or folder.uidvalidity != status.uidvalidity:
        return None
    low = folder.oldest_uid or 1
    if folder.newest_uid < low:
        return None
    return Known(status.uidvalidity, since, UidSet(((low, folder.newest_uid),)))


async def _means_the_same(context: SyncContext, folder: Folder, selected: Selected) -> bool:
    """Whether our UIDs still name the messages that they did."""
    if folder.uidvalidity != selected.uidvalidity or was_restored(folder, selected):
        return False
    if folder.state is not FolderState.LIVE or (folder.highestmodseq and selected.highestmodseq):
        return True
    return await differences.recent_agree(context, folder)


async def _begin(context: SyncContext, folder: Folder, selected: Selected) -> Folder:
    """Set the marks of a folder that is seen for the first time, or whose UIDs mean something else now."""
    await set_aside(context, folder)
    return await context.write(partial(_set_marks, folder_id=folder.id, selected=selected))


def _set_marks(session: WriteSession, folder_id: int, selected: Selected) -> Folder:
    overtake_all_from(session, folder_id)
    begin_folder(
        session,
        folder_id,
        uidvalidity=selected.uidvalidity,
        uidnext=selected.uidnext or 1,
        highestmodseq=selected.highestmodseq,
        state=FolderState.RESYNC if matching.is_waiting(session, folder_id) else FolderState.INITIAL,
    )
    return repository.folder(session, folder_id)


def _has_no_new_mail(folder: Folder, selected: Selected) -> bool:
    """Whether the folder's numbers say so, all of them: without CONDSTORE it is opened in every pass."""
    return (
        selected.uidnext is not None
        and selected.uidnext == folder.newest_uid + 1
        and selected.exists == folder.server_messages
        and folder.oldest_uid == folder.backfill_floor
    )


def _status_of(selected: Selected) -> FolderStatus:
    """The snapshot of a folder without a STATUS of its own: it was not asked, or the folder was replaced since."""
    return FolderStatus(
        messages=selected.exists,
        uidnext=selected.uidnext,
        uidvalidity=selected.uidvalidity,
        unseen=None,
        highestmodseq=selected.highestmodseq,
    )


def _finish(session: WriteSession, folder: Folder, now: FolderStatus, gone: set[int], *, is_loaded: bool) -> None:
    finish_folder_pass(  # First the folder, then its places: as whoever acts on them takes hold of them.
        session,
        folder.id,
        uidnext=now.uidnext,
        highestmodseq=now.highestmodseq,
        messages=now.messages,
        is_loaded=is_loaded,
    )
    remove_uids(session, folder.id, gone)
