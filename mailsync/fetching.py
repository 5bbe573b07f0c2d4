"""Bringing messages over in batches that are bounded by number and by bytes, and large ones piece by piece.

What the server says of sizes is not believed further than it saves work, and one message that it can not give does not
keep the others from coming.
"""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.clock import utcnow
from core.config import Settings
from crm.intake.arrival import Arrival, Flags
from mailsync.actions.repository.server_flags import flags_of
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import CommandRefused, NoSuchFolder, NotPermitted, Unavailable
from mailsync.imap.fetch import Fetched
from mailsync.labels.names import role_of

PIECE_BYTES = 1024 * 1024
KEPT_OF_TOO_LARGE = 256 * 1024
"""Bytes that are kept of a message beyond the size limit: its headers and the beginning."""
REFUSALS = (CommandRefused, NoSuchFolder, NotPermitted, Unavailable)
"""What a NO to a FETCH may be taken for, by its words; the connection lives on."""
MOST_REFUSED = 5
"""Messages that may be refused one by one; more of them are the folder's trouble."""


@dataclass(frozen=True, slots=True)
class Batch:
    """UIDs to be fetched by one command, in the order in which they are taken in.

    One with a `large_size`, as the server told it, comes piece by piece.
    """

    uids: tuple[int, ...]
    large_size: int | None = None


def plan(
    uids: Sequence[int], sizes: Mapping[int, int], settings: Settings, alone: Collection[int] = ()
) -> Iterator[Batch]:
    """Cut `uids` into batches, keeping their order; UIDs of unknown size count as nothing.

    Large ones, and those that failed among others and are to come `alone`, are batches of their own.
    """
    batch: list[int] = []
    size = 0
    for uid in uids:
        mine = sizes.get(uid, 0)
        if batch and (len(batch) >= settings.sync_batch_messages or size + mine > settings.sync_batch_bytes):
            yield Batch(tuple(batch))
            batch, size = [], 0
        if mine > settings.sync_batch_bytes or uid in alone:
            if batch and uid in alone:
                yield Batch(tuple(batch))
                batch, size = [], 0
            yield Batch((uid,), large_size=mine)
            continue
        batch.append(uid)
        size += mine
    if batch:
        yield Batch(tuple(batch))


async def fetch_batch(
    connection: ImapConnection, folder_id: int, batch: Batch, settings: Settings, known: Mapping[int, bytes]
) -> list[Arrival]:
    """The messages of a batch, in its order; those that the server left out are missing.

    Of those whose bytes are `known` by UID only flags and date are asked for.
    """
    wanted = [uid for uid in batch.uids if uid not in known]
    if batch.large_size is not None and wanted:
        return await _fetch_large(connection, folder_id, batch.uids[0], batch.large_size, settings)
    found = {one.uid: one for one in await given(connection, connection.fetch_bodies, wanted)}
    for one in await given(connection, connection.fetch_summaries, list(known)):
        one.body = known[one.uid]
        found[one.uid] = one
    return [_arrival(folder_id, found[uid]) for uid in batch.uids if uid in found]


async def given(
    connection: ImapConnection, fetch: Callable[[Sequence[int]], Awaitable[list[Fetched]]], uids: Sequence[int]
) -> list[Fetched]:
    """What `fetch` brings of `uids`, without those that the server refuses when they are asked for alone.

    Yahoo says NO to a whole set because of one message in it, and so do others whose index is damaged. Raises the
    refusal of more than `MOST_REFUSED` of them.
    """
    found: list[Fetched] = []
    waiting, refused = [list(uids)] if uids else [], 0
    while waiting:
        some = waiting.pop()
        try:
            found += await fetch(some)
        except REFUSALS:
            refused += len(some) == 1
            if refused > MOST_REFUSED or not connection.usable:
                raise
            middle = len(some) // 2
            waiting += [half for half in (some[middle:], some[:middle]) if len(some) > 1]
    return found


async def _fetch_large(
    connection: ImapConnection, folder_id: int, uid: int, size: int, settings: Settings
) -> list[Arrival]:
    """One message in pieces, up to its end, wherever that is: only where `size` is right, no empty piece has to tell it."""
    summaries = await given(connection, connection.fetch_summaries, [uid])
    if not summaries:
        return []
    limit = settings.message_size_limit
    most = KEPT_OF_TOO_LARGE if size > limit else limit + 1
    body = bytearray()
    ended = False
    while not ended and len(body) < most:
        asked = min(PIECE_BYTES, most - len(body))
        piece = await _piece(connection, uid, len(body), asked)
        if piece is None or not (piece or body):  # Gone, refused, or told without its bytes.
            return []
        body += piece
        as_told = len(body) == size  # Some give less at once than is asked for: a short piece alone is no end.
        ended = not piece or (as_told and len(piece) < asked)
    summaries[0].body = bytes(body if ended else body[:KEPT_OF_TOO_LARGE])
    return [_arrival(folder_id, summaries[0], truncated=not ended)]


async def _piece(connection: ImapConnection, uid: int, offset: int, length: int) -> bytes | None:
    try:
        return await connection.fetch_chunk(uid, offset, length)
    except REFUSALS:
        if not connection.usable:
            raise
        return None


def _arrival(folder_id: int, one: Fetched, *, truncated: bool = False) -> Arrival:
    stored = flags_of(one.flags)
    flags = Flags(seen=stored.seen, flagged=stored.flagged, answered=stored.answered, draft=stored.draft)
    return Arrival(
        folder_id=folder_id,
        uid=one.uid,
        flags=flags,
        internal_date=one.internal_date or utcnow(),
        raw=one.body or b"",
        gmail_thread_id=one.gm_thrid,
        truncated=truncated,
        modseq=one.modseq,
        object_id=None if truncated else one.object_id,
        role=None if one.gm_labels is None else role_of(one.gm_labels),
        labels=one.gm_labels,
    )
