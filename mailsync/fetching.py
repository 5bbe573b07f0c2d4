"""Bringing messages over in batches that are bounded by number and by bytes, and large ones piece by piece."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.clock import utcnow
from core.config import Settings
from crm.intake.arrival import Arrival, Flags
from mailsync.actions.repository.server_flags import flags_of
from mailsync.imap.connection import ImapConnection
from mailsync.imap.fetch import Fetched
from mailsync.labels.names import role_of

PIECE_BYTES = 1024 * 1024
KEPT_OF_TOO_LARGE = 256 * 1024
"""Bytes that are kept of a message beyond the size limit: its headers and the beginning."""


@dataclass(frozen=True, slots=True)
class Batch:
    """UIDs to be fetched by one command, in the order in which they are taken in. `large` ones come piece by piece."""

    uids: tuple[int, ...]
    large_size: int | None = None


def plan(uids: Sequence[int], sizes: dict[int, int], settings: Settings) -> Iterator[Batch]:
    """Cut `uids` into batches, keeping their order; UIDs of unknown size count as nothing."""
    batch: list[int] = []
    size = 0
    for uid in uids:
        mine = sizes.get(uid, 0)
        if batch and (len(batch) >= settings.sync_batch_messages or size + mine > settings.sync_batch_bytes):
            yield Batch(tuple(batch))
            batch, size = [], 0
        if mine > settings.sync_batch_bytes:
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
    found = {one.uid: one for one in await connection.fetch_bodies(wanted)} if wanted else {}
    for one in await connection.fetch_summaries(known) if known else ():
        one.body = known[one.uid]
        found[one.uid] = one
    return [_arrival(folder_id, found[uid]) for uid in batch.uids if uid in found]


async def _fetch_large(
    connection: ImapConnection, folder_id: int, uid: int, size: int, settings: Settings
) -> list[Arrival]:
    summaries = await connection.fetch_summaries([uid])
    if not summaries:
        return []
    truncated = size > settings.message_size_limit
    wanted = KEPT_OF_TOO_LARGE if truncated else size
    body = bytearray()
    while len(body) < wanted:
        piece = await connection.fetch_chunk(uid, len(body), min(PIECE_BYTES, wanted - len(body)))
        if not piece:  # Shorter than RFC822.SIZE said (Exchange does that), or gone meanwhile.
            break
        body += piece
    if not body:
        return []
    summaries[0].body = bytes(body)
    return [_arrival(folder_id, summaries[0], truncated=truncated)]


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
