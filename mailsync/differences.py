"""What changed on the server in mail that is stored: flags, and messages that are gone or were overlooked.

What a server leaves out is never taken for deleted, and what it counts beyond ours is never taken for stored: where
the numbers do not add up, UIDs are compared, and each one in doubt is asked for by its name.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from mailsync import repository
from mailsync.actions.repository.queue import forget_left_behind, hidden_uids, left_behind_uids
from mailsync.actions.repository.server_flags import update_flags
from mailsync.imap.fetch import Fetched
from mailsync.imap.folder_status import FolderStatus
from mailsync.imap.reading import Changes
from mailsync.imap.uidset import MAX_UID
from mailsync.labels.repository import set_labels
from mailsync.matching.places import agree
from mailsync.repository.gaps import gap_uids, open_gaps
from mailsync.repository.uids import count_known, newest_dates, quarantined_uids, stored_uids
from mailsync.sync_context import SyncContext
from storage.models import Folder
from storage.sessions import ReadSession, WriteSession

SAMPLE = 20
FLAGS_AT_ONCE = 500
"""Messages whose flags are taken over in one transaction."""
RECENT_FLAGS = 200
"""Without CONDSTORE, how many of the newest messages have their flags read again in each pass."""


async def take_over(
    context: SyncContext, folder: Folder, now: FolderStatus, told: Changes | None, *, exists: int
) -> set[int]:
    """Bring flags up to date with `now`, a snapshot from before the pass. Returns the UIDs whose places are to go.

    `told` is what the server said when the folder was opened by QRESYNC; without it, it is asked here. `exists` is how
    many messages the folder held when it was opened.
    """
    gone: set[int] = set()
    since = folder.highestmodseq
    if told is None and since is not None and now.highestmodseq is not None and now.highestmodseq > since:
        told = await context.connection.fetch_changes(since)
    if told is not None:
        gone = await _apply(context, folder, told)
    if context.depth_since is None or told is None or "QRESYNC" not in context.connection.enabled:
        gone |= await _compare(context, folder, exists if context.depth_since is None else None, gone)
    return gone


async def recent_agree(context: SyncContext, folder: Folder) -> bool:
    """Where no MODSEQ tells of changes: read the flags of the newest messages again, and see whether they are the same.

    False when UIDs of ours name other messages, of other dates: the server was restored from a backup, and counted on.
    """
    dates = await context.read(lambda session: newest_dates(session, folder.id, RECENT_FLAGS))
    if not dates:
        return True
    found = await context.connection.fetch(dates, "(UID FLAGS INTERNALDATE)")
    moved = [one.uid for one in found if one.internal_date not in (None, dates[one.uid])]
    if moved and not await agree(context, folder, moved[:SAMPLE]):
        return False
    flags = [one for one in found if one.flags is not None]
    await context.write(lambda session: update_flags(session, folder.id, flags))
    return True


async def look_after_left_behind(context: SyncContext, folder: Folder) -> None:
    """Originals that the server keeps marked as deleted are hidden; one without that mark is none any more.

    Somebody wants it back, or the server was restored from a backup and has given its UID to new mail: either way it is
    brought over.
    """
    behind = await context.read(lambda session: left_behind_uids(session, folder.id, folder.uidvalidity))
    if not behind:
        return
    found = await context.connection.fetch(sorted(behind), "(UID FLAGS)")
    back = [one.uid for one in found if one.flags is not None and "\\deleted" not in {f.lower() for f in one.flags}]

    def bring_back(session: WriteSession) -> None:
        forget_left_behind(session, folder.id, back)
        open_gaps(session, folder.id, back, "It was moved or deleted here, and is on the server.")

    if back:
        await context.write(bring_back)


async def _apply(context: SyncContext, folder: Folder, changes: Changes) -> set[int]:
    """Take changed flags over, so many in a transaction: nobody waits for the store while a whole folder is marked as read.

    Cut off in between, all are told again, for HIGHESTMODSEQ is stored with the end of the pass. Returns what is gone.
    """
    for start in range(0, len(changes.flags), FLAGS_AT_ONCE):
        some = changes.flags[start : start + FLAGS_AT_ONCE]
        await context.write(partial(_take_flags, folder_id=folder.id, fetched=some))
    if not changes.vanished:
        return set()
    stored = await context.read(lambda session: stored_uids(session, folder.id, 1, MAX_UID))
    return {uid for uid in stored if uid in changes.vanished}


def _take_flags(session: WriteSession, folder_id: int, fetched: Sequence[Fetched]) -> None:
    update_flags(session, folder_id, fetched)
    set_labels(session, folder_id, {one.uid: one.gm_labels for one in fetched if one.gm_labels is not None})


async def _compare(context: SyncContext, folder: Folder, exists: int | None, gone: set[int]) -> set[int]:
    """Compare UIDs when the numbers do not add up; one that is left out is asked for by name before it is believed.

    `exists` is None where the server is to have more than we: old mail that is not brought over. `gone` are places that
    are known to go. Returns the others that are.
    """
    doubtful = await context.read(partial(_doubtful, folder_id=folder.id, exists=exists, gone=len(gone)))
    if doubtful is None:
        return set()
    low, high, stored, known, hidden = doubtful
    found = set(await context.connection.uid_search(f"UID {low}:{high}")) if low <= high else set()
    absent = stored - found - gone
    still_there = set(await context.connection.existing(sorted(absent))) if absent else set()
    overlooked = {uid for uid in found - known if low <= uid <= high} if exists is not None else set()
    left = {uid for uid in hidden - found if low <= uid <= high}
    await context.write(partial(_settle, folder_id=folder.id, overlooked=overlooked, left=left))
    return absent - still_there


Doubt = tuple[int, int, set[int], set[int], set[int]]
"""The marks; the stored UIDs, all that are accounted for, and those that are shown elsewhere."""


def _doubtful(session: ReadSession, folder_id: int, exists: int | None, gone: int) -> Doubt | None:
    """What to compare with the server; None when the numbers add up."""
    folder = repository.folder(session, folder_id)
    hidden = hidden_uids(session, folder_id, folder.uidvalidity)
    if count_known(session, folder_id) + len(hidden) - gone == exists:
        return None
    low, high = folder.oldest_uid or 1, folder.newest_uid
    # Also above the marks: what we moved here ourselves has its number before the marks reach it.
    stored = stored_uids(session, folder_id, low, MAX_UID)
    known = stored | gap_uids(session, folder_id) | quarantined_uids(session, folder_id)
    return low, high, stored, known | hidden, hidden


def _settle(session: WriteSession, folder_id: int, overlooked: Iterable[int], left: Iterable[int]) -> None:
    forget_left_behind(session, folder_id, left)
    open_gaps(session, folder_id, overlooked, "The server has it, and it was overlooked.")
