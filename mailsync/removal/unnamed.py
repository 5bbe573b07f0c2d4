"""Bytes that no row names any more go, whatever left them: what was deleted is not kept by a slip or by an older version.

Who deletes a row that names bytes hands them to `storage.blobs.forget_unnamed` at once; this is the look behind.
"""

from core.logging import get_logger
from crm.access.repository import put_setting, setting
from mailsync.removal.repository.unnamed import highest_blob, unnamed_blobs
from storage.blobs import forget_unnamed
from storage.store import Store
from storage.writer_lock import Urgency

LOOKED_AT_ONCE, GONE_AT_ONCE = 5_000, 500
LOOKED_A_RUN = 100_000
"""Blobs of which one run looks at no more; the next goes on where it ended, and at the end begins anew."""
REACHED = "blobs.looked_through"
log = get_logger(__name__)


def forget_unnamed_blobs(store: Store) -> None:
    """Look at the next blobs of the store, and forget those that nothing names. May be cut off anywhere."""
    with store.database.reading() as session:
        highest = highest_blob(session)
        reached = int((setting(session, REACHED) or {}).get("id", 0))
    start = reached if reached < highest else 0
    end = min(highest, start + LOOKED_A_RUN)
    gone = sum(_look(store, low, min(low + LOOKED_AT_ONCE, end)) for low in range(start, end, LOOKED_AT_ONCE))
    if gone:
        log.info("blobs.forgotten", blobs=gone)


def _look(store: Store, above: int, up_to: int) -> int:
    with store.database.reading() as session:
        found = sorted(unnamed_blobs(session, above, up_to))
    gone = 0
    for start in range(0, len(found), GONE_AT_ONCE):
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone += forget_unnamed(session, found[start : start + GONE_AT_ONCE])
    with store.database.unit_of_work(Urgency.BULK) as session:
        put_setting(session, REACHED, {"id": up_to})
    return gone
