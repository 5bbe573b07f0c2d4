"""Messages from the server into the store: what is new, a slice of history, and what did not come before.

    fetched from the server ──▶ prepared, large batches in a second process ──▶ stored, one transaction a batch

All three go on at once, each with another batch. A transaction stores its messages, remembers those that did not come as
gaps, and moves the mark. Whatever is cut off between two batches is simply asked for again.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from crm.intake.arrival import Arrival
from crm.intake.prepared import Prepared, Unreadable
from crm.intake.preparing import get_ready_to_prepare, prepare
from crm.intake.taking import Taken, take_in_safely
from mailsync import repository
from mailsync.actions.repository.queue import hidden_uids
from mailsync.actions.repository.results import has_loose_places, settle_loose_places
from mailsync.fetching import Batch, fetch_batch, given, plan
from mailsync.imap.errors import ConnectionLost, ProtocolError
from mailsync.imap.uidset import MAX_UID
from mailsync.labels.repository import set_labels
from mailsync.matching.known_bytes import recall
from mailsync.matching.places import find_again
from mailsync.repository import gaps, marks
from mailsync.repository.uids import stored_uids
from mailsync.side_tasks import side_tasks
from mailsync.sync_context import SyncContext
from storage.models import Folder, FolderRole, FolderState
from storage.sessions import ReadSession, WriteSession
from storage.writer_lock import Urgency

AHEAD = 1
"""Batches that may wait in memory, fetched and not prepared; and so many prepared and not stored."""
WORTH_HANDING_OVER = 50
"""Messages of a batch that a second process prepares; fewer are done sooner here."""
FEW_FIRST = 40
"""Of many. They are prepared here while the second process comes up."""
SIZES_AT_ONCE = 1200
"""Whole batches on both databases."""
HISTORY_SECONDS, HISTORY_SLICE = 5.0, 10_000
"""Time, or messages, of history after which new mail is looked for again."""
MATCHED_SLICE = 2000
"""The same in a folder whose places wait for their new UIDs: headers are fetched for all of them first."""
GAPS_AT_ONCE = 200
WORTH_COMPRESSING = 512 * 1024
"""Bytes that are to come. A connection stays compressed until it ends, and those of thousands of mailboxes bring little."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A batch on its way: the UIDs asked for, what came of them, and what is to be stored of that."""

    asked: Sequence[int]
    arrivals: Sequence[Arrival]
    prepared: Sequence[Prepared | Unreadable]


async def fetch_new(context: SyncContext, folder: Folder) -> int:
    """Everything above the mark, oldest first; `n:*` always names the last message, so it is looked at again."""
    first = folder.newest_uid + 1
    found = {uid for uid in await context.connection.uid_search(f"UID {first}:*") if uid >= first}
    known = await context.read(partial(_known_above, folder_id=folder.id, first=first)) if found else set()
    stored, _ = await _take(context, folder, sorted(found - known), Urgency.NORMAL, newest=True)
    if known:
        await context.write(lambda session: marks.move_marks(session, folder.id, newest=max(known)))
    await settle_moved(context, folder, all_is_stored=False)
    return stored


async def settle_moved(context: SyncContext, folder: Folder, *, all_is_stored: bool) -> None:
    """What somebody here moved into the folder and waits for its number has it now or, once `all_is_stored`, is not there."""
    if await context.read(lambda session: has_loose_places(session, [folder.id])):
        await context.write(lambda session: settle_loose_places(session, [folder.id], all_is_stored=all_is_stored))


def _known_above(session: ReadSession, folder_id: int, first: int) -> set[int]:
    """What is accounted for above the mark: stored, because somebody here moved it in and the server told its number, or
    owed, because the connection ended when it was asked for."""
    return stored_uids(session, folder_id, first, MAX_UID) | gaps.gap_uids(session, folder_id)


async def fetch_history(context: SyncContext, folder: Folder) -> tuple[int, int]:
    """A slice of what lies below the mark, newest first, and how much is left after it.

    In a folder whose places wait for their new UIDs, only what is not found among them is brought over. Nothing is where
    the provider's day has no room for it.
    """
    if context.meter.history_from is not None:
        return 0, history_to_come(context, folder)
    if wants_more_history(context, folder):
        await context.write(lambda session: marks.load_again(session, folder.id))
        folder = await context.read(lambda session: repository.folder(session, folder.id))
    oldest = folder.oldest_uid or 1
    if oldest <= folder.backfill_floor:
        return 0, 0
    below, wanted = await _below(context, folder, oldest)
    known = await context.read(partial(_accounted_for, folder=folder, oldest=oldest))
    below, wanted = below - known, wanted - known
    await context.write(
        lambda session: marks.expect(session, folder.id, to_come=len(wanted), since=context.depth_since)
    )
    waits = folder.state is FolderState.RESYNC
    slice_ = sorted(below, reverse=True)[: MATCHED_SLICE if waits else HISTORY_SLICE]
    unknown = await find_again(context, folder, slice_) if waits else slice_
    chosen = [uid for uid in unknown if uid in wanted]
    stored, asked = await _take(context, folder, chosen, Urgency.BULK, newest=False, seconds=HISTORY_SECONDS)
    reached = min(slice_, default=oldest) if asked == len(chosen) else chosen[asked - 1] if asked else oldest
    left = sum(uid < reached for uid in below)
    mark = reached if left else folder.backfill_floor
    await context.write(lambda session: marks.move_marks(session, folder.id, oldest=mark))
    return stored, left


def history_to_come(context: SyncContext, folder: Folder) -> int:
    """How many older messages are still to come, at most."""
    oldest = folder.newest_uid + 1 if wants_more_history(context, folder) else folder.oldest_uid or 1
    return max(oldest - folder.backfill_floor, 0)


def _accounted_for(session: ReadSession, folder: Folder, oldest: int) -> set[int]:
    """What lies below the mark and is not to come as history: stored before, or owed, or moved or deleted here and not
    gone from the server."""
    known = stored_uids(session, folder.id, 1, oldest - 1) | gaps.gap_uids(session, folder.id)
    return known | hidden_uids(session, folder.id, folder.uidvalidity)


def wants_more_history(context: SyncContext, folder: Folder) -> bool:
    """Whether mail is wanted from before what was loaded: somebody chose to go further back."""
    loaded, wanted = folder.loaded_since, context.depth_since
    return folder.uidvalidity is not None and loaded is not None and (wanted is None or wanted < loaded)


async def _below(context: SyncContext, folder: Folder, oldest: int) -> tuple[set[int], set[int]]:
    """What lies below the mark and is to be looked at, and what of it is within the chosen depth.

    A place older than the depth was moved in one day, and waits for its new UID as all others do.
    """
    criteria = f"UID {folder.backfill_floor}:{oldest - 1}"
    search = context.connection.uid_search
    if context.depth_since is None:
        below = {uid for uid in await search(criteria) if uid < oldest}
        return below, below
    since = context.depth_since.strftime("%d-%b-%Y")
    wanted = {uid for uid in await search(f"{criteria} SINCE {since}") if uid < oldest}
    if folder.state is not FolderState.RESYNC:
        return wanted, wanted
    return wanted | {uid for uid in await search(criteria) if uid < oldest}, wanted


async def close_gaps(context: SyncContext, folder: Folder) -> int:
    """Ask again for what did not come, alone after a second failure; what a SEARCH of that very UID does not find is gone."""
    due = await context.read(lambda session: gaps.due_gaps(session, folder.id, GAPS_AT_ONCE))
    if not due:
        return 0
    existing = await context.connection.existing(due)
    gone = set(due) - set(existing)
    await context.write(lambda session: gaps.close_gaps(session, folder.id, gone))
    alone = {uid for uid, tries in due.items() if tries}
    stored, _ = await _take(context, folder, existing, Urgency.NORMAL, newest=None, alone=alone)
    return stored


async def _take(
    context: SyncContext,
    folder: Folder,
    uids: Sequence[int],
    urgency: Urgency,
    *,
    newest: bool | None,
    seconds: float = math.inf,
    alone: Collection[int] = (),
) -> tuple[int, int]:
    """Fetch and store `uids` in this order, working ahead, those in `alone` each by itself. `newest` tells which mark
    follows (None: neither).

    Returns how many were stored, and how many asked for: after `seconds` nothing more is, apart from the first batch, and
    nothing where the provider's day has no room. Raises `DayUsedUp` where that is so for more than history.
    """
    if not uids:
        return 0, 0
    on_its_way: asyncio.Queue[asyncio.Task[_Ready] | None] = asyncio.Queue(AHEAD)
    total = asked = 0

    async with side_tasks() as tasks:  # One that dies ends the storing side too.

        async def fetch() -> None:
            async with aclosing(_fetched(context, folder, uids, seconds, alone, urgency)) as batches:
                async for batch, arrivals in batches:
                    await on_its_way.put(tasks.create_task(_made_ready(context, batch, arrivals)))
            await on_its_way.put(None)

        if len(uids) >= WORTH_HANDING_OVER:
            tasks.create_task(asyncio.to_thread(get_ready_to_prepare, context.store))
        tasks.create_task(fetch())
        while (coming := await on_its_way.get()) is not None:
            done = await coming
            stored = await asyncio.to_thread(_store, context, folder, done, urgency, newest)
            total += stored
            asked += len(done.asked)
            context.on_stored(stored)
    if asked < len(uids) and urgency is not Urgency.BULK:
        context.meter.demand_room()
    return total, asked


async def _made_ready(context: SyncContext, batch: Batch, arrivals: Sequence[Arrival]) -> _Ready:
    apart = len(arrivals) >= WORTH_HANDING_OVER
    prepared = await asyncio.to_thread(prepare, context.store, arrivals, apart=apart)
    return _Ready(batch.uids, arrivals, prepared)


def _has_room(context: SyncContext, urgency: Urgency) -> bool:
    day = context.meter.day
    return (day.history_from if urgency is Urgency.BULK else day.all_from) is None


async def _fetched(
    context: SyncContext,
    folder: Folder,
    uids: Sequence[int],
    seconds: float,
    alone: Collection[int],
    urgency: Urgency,
) -> AsyncGenerator[tuple[Batch, list[Arrival]]]:
    """Batch after batch with what came of it, for so long."""
    connection, settings, clock = context.connection, context.settings, asyncio.get_running_loop().time
    until = clock() + seconds
    for chunk in _chunks(uids):
        outlines = {one.uid: one for one in await given(connection, connection.fetch_outlines, chunk)}
        sizes = {uid: one.size for uid, one in outlines.items() if one.size is not None}
        if sum(sizes.values()) >= WORTH_COMPRESSING:
            await connection.compress()
        for batch in plan(chunk, sizes, settings, alone):
            if not _has_room(context, urgency):
                return
            known = await recall(context, [outlines[uid] for uid in batch.uids if uid in outlines])
            try:
                arrivals = await fetch_batch(connection, folder.id, batch, settings, known)
            except (ConnectionLost, ProtocolError) as error:
                among_others = batch.uids[0] not in alone
                await context.write(partial(_owe, folder_id=folder.id, uids=batch.uids, at_once=among_others))
                if isinstance(error, ConnectionLost):
                    raise
                raise ConnectionLost(str(error)) from None  # Dealt with: it is not a reason to leave the folder alone.
            yield batch, arrivals
            if clock() >= until:
                return


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many as sizes are asked for at once; of many only a few at first: they are there, and being stored, soon."""
    few = FEW_FIRST if len(uids) >= WORTH_HANDING_OVER else 0
    if few:
        yield uids[:few]
    for start in range(few, len(uids), SIZES_AT_ONCE):
        yield uids[start : start + SIZES_AT_ONCE]


def _owe(session: WriteSession, folder_id: int, uids: Sequence[int], *, at_once: bool) -> None:
    """One of these may be what the connection ended at, each time: the next passes go round them, and ask for them apart.
    Only what fails alone has to wait: for the others it may have been the line."""
    reason = "The connection ended when this message was asked for."
    gaps.open_gaps(session, folder_id, uids, reason, at_once=at_once)


def _store(context: SyncContext, folder: Folder, batch: _Ready, urgency: Urgency, newest: bool | None) -> int:
    """One batch, one transaction: messages, gaps and the mark."""
    came = [each.uid for each in batch.prepared]
    missing = set(batch.asked) - set(came)

    def also(session: WriteSession, _: Taken) -> None:
        context.fence(session)
        count(session)
        if newest is not None:  # First the folder, then its places: as whoever acts on them takes hold of them.
            mark = max(batch.asked) if newest else min(batch.asked)
            marks.move_marks(session, folder.id, **({"newest": mark} if newest else {"oldest": mark}))
        gaps.close_gaps(session, folder.id, came)
        gaps.open_gaps(session, folder.id, missing, "The server did not give this message.")
        if folder.role is FolderRole.ALL:
            set_labels(session, folder.id, {one.uid: one.labels for one in batch.arrivals if one.labels is not None})
        settle_loose_places(session, [folder.id], all_is_stored=False)  # Shown once, whoever looks.

    with context.meter.counting() as count:
        return take_in_safely(context.store, context.mailbox_id, batch.prepared, also, urgency=urgency).stored
