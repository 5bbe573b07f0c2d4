"""Looking for the copy of a message that was to go to another folder, when a crash hid whether it did."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

from core.errors import Permanent
from mailsync.actions.repository.queue import Due
from mailsync.imap.uidset import MAX_UID
from mailsync.repository.uids import stored_uids
from mailsync.sync_context import SyncContext
from storage.models import Folder, Place
from storage.sessions import ReadSession


async def find_copies(context: SyncContext, target: Folder, actions: Sequence[Due]) -> dict[int, int]:
    """By action id, the UIDs in `target` of messages that were perhaps moved there; opens `target` for reading.

    A copy is known by its whole header block, among UIDs that came since the command was to be sent and that are not
    stored yet.
    """
    heads = await context.read(lambda session: _heads(context, session, actions))
    since = min((one.target_uidnext or 1 for one in actions), default=1)
    await context.connection.select(target.name)
    found = [uid for uid in await context.connection.uid_search(f"UID {since}:*") if uid >= since]
    known = await context.read(lambda session: stored_uids(session, target.id, since, MAX_UID))
    unknown = [uid for uid in found if uid not in known]
    copies: defaultdict[bytes, list[int]] = defaultdict(list)
    for fetched in await context.connection.fetch_headers(unknown) if unknown else ():
        copies[(fetched.body or b"").strip()].append(fetched.uid)
    return {one.id: copies[heads[one.id]].pop(0) for one in actions if one.id in heads and copies[heads[one.id]]}


def _heads(context: SyncContext, session: ReadSession, actions: Sequence[Due]) -> dict[int, bytes]:
    """By action id; one that is damaged here is left out."""
    heads: dict[int, bytes] = {}
    for one in actions:
        place = session.get(Place, one.place_id) if one.place_id is not None else None
        if place is not None:
            with suppress(Permanent):
                heads[one.id] = context.store.blobs.read(session, place.head_blob_id).strip()
    return heads
