"""A folder whose UIDs mean nothing any more: its places are set aside, and found again in what the server has now.

    set_aside     every place loses its UID, a chunk at a time; the folder has no UIDVALIDITY meanwhile
    find_again    as history is gone through: date, size and Message-ID are fetched, what agrees gets its new UID
    forget_rest   what was not found is gone from the server

It can be cut off anywhere. Without UIDVALIDITY setting aside goes on; with it, places that wait are found in later passes.
"""

from collections.abc import Sequence
from functools import partial

from core.logging import get_logger
from mailsync.imap.fetch import Fetched
from mailsync.imap.selected import Selected
from mailsync.labels import repository as labels
from mailsync.matching import repository
from mailsync.matching.keys import MailKey, message_id_of, pair
from mailsync.sync_context import SyncContext
from storage.models import Folder
from storage.sessions import ReadSession, WriteSession

HEADERS_AT_ONCE = 500
ASIDE_AT_ONCE = 2000
"""Places that change in one transaction."""

log = get_logger(__name__)


def was_restored(folder: Folder, selected: Selected) -> bool:
    """Whether the server counts from an earlier point than it did: it was restored from a backup.

    UIDs that it gave before may then name other messages now (RFC 9051 §2.3.1.1 forbids that, and backups do it).
    """
    fewer_uids = selected.uidnext is not None and selected.uidnext <= folder.newest_uid
    earlier, later = selected.highestmodseq, folder.highestmodseq
    return fewer_uids or (earlier is not None and later is not None and earlier < later)


async def set_aside(context: SyncContext, folder: Folder) -> None:
    """Take the UIDs from all places of `folder`: they stay readable, and wait."""
    if folder.uidvalidity is not None:
        await begin_again(context, folder)
    while await context.write(lambda session: repository.take_uids(session, folder.id, ASIDE_AT_ONCE)):
        context.on_stored(0)


async def find_again(context: SyncContext, folder: Folder, uids: Sequence[int]) -> list[int]:
    """Give the places that wait the UIDs of `uids` that are theirs. Returns the others, in order."""
    unknown: list[int] = []
    for start in range(0, len(uids), HEADERS_AT_ONCE):
        chunk = uids[start : start + HEADERS_AT_ONCE]
        stored = await context.read(partial(repository.stored_among, folder_id=folder.id, uids=chunk))
        left = [uid for uid in chunk if uid not in stored]
        fetched = await context.connection.fetch_message_ids(left) if left else []
        known = await context.write(partial(_found_again, folder=folder, fetched=fetched)) if fetched else set()
        log.info("folder.matched", mailbox_id=context.mailbox_id, folder_id=folder.id, places=len(known))
        unknown += [uid for uid in left if uid not in known]
        context.on_stored(0)
    return unknown


async def agree(context: SyncContext, folder: Folder, uids: Sequence[int] = ()) -> bool:
    """Whether stored messages are still what their UIDs name: `uids`, or else the newest below the mark and the oldest.

    A server that was restored from a backup and has counted on since then shows in nothing else. Another Message-ID
    *and* another date tell: by one of them alone a damaged header or an odd server would have its mail fetched for ever.
    """

    def known(session: ReadSession) -> dict[int, MailKey]:
        if uids:
            return repository.keys_of(session, folder.id, uids)
        return repository.sample_of(session, folder.id, 2, up_to=folder.newest_uid)

    sample = await context.read(known)
    found = await context.connection.fetch_message_ids(sample) if sample else []
    return not any(_is_another(one, sample[one.uid]) for one in found)


def _is_another(fetched: Fetched, known: MailKey) -> bool:
    named, at = message_id_of(fetched), fetched.internal_date
    return named not in (None, known.message_id) and at not in (None, known.internal_date)


async def begin_again(context: SyncContext, folder: Folder) -> None:
    """Have the next pass take the folder for one whose UIDs mean something else."""
    log.warning("folder.renumbered", mailbox_id=context.mailbox_id, folder_id=folder.id)
    while await context.write(lambda session: labels.empty_labels(session, folder.id, ASIDE_AT_ONCE)):
        context.on_stored(0)
    await context.write(lambda session: repository.forget_uidvalidity(session, folder.id))


async def forget_rest(context: SyncContext, folder: Folder) -> None:
    """Remove the places that were not found; their messages stay."""
    while await context.write(lambda session: repository.remove_waiting(session, folder.id, ASIDE_AT_ONCE)):
        context.on_stored(0)


def _found_again(session: WriteSession, folder: Folder, fetched: Sequence[Fetched]) -> set[int]:
    """The UIDs that have a place now."""
    dates = {one.internal_date for one in fetched if one.internal_date is not None}
    pairs = pair(fetched, repository.waiting_places(session, folder.mailbox_id, folder.id, dates))
    repository.give_uids(session, pairs)
    return {one.uid for one in pairs.values()}
