"""A message that came to another folder was stored before: where the server gives messages an id, it is not downloaded.

The id (EMAILID of RFC 8474, or Gmail's X-GM-MSGID) stands for the very bytes, in every folder of the account. They are
believed to be the same when their size is, too.
"""

from collections.abc import Iterable

from core.errors import Permanent
from mailsync.imap.fetch import Fetched
from mailsync.matching import repository
from mailsync.sync_context import SyncContext
from storage.sessions import ReadSession


async def recall(context: SyncContext, outlines: Iterable[Fetched]) -> dict[int, bytes]:
    """Raw messages by UID, as far as they are in the store; `outlines` are ids and sizes from the server."""
    wanted = {one.object_id: one for one in outlines if one.object_id is not None}
    if not wanted:
        return {}

    def read(session: ReadSession) -> dict[int, bytes]:
        found = {}
        for known in repository.copies_of(session, context.mailbox_id, wanted.keys()):
            outline = wanted[known.object_id or ""]
            if known.size == outline.size and outline.uid not in found:
                blobs = context.store.blobs
                try:
                    head, body = blobs.read(session, known.head_blob_id), blobs.read(session, known.body_blob_id)
                except Permanent:  # Damaged here, whole there.
                    continue
                found[outline.uid] = head + body
        return found

    return await context.read(read)
