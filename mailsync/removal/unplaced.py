"""Mail that its owners deleted on the server goes here too, after a while, unless the company works with it.

Nobody sees such a message any more: it lies in no folder. What stands on a record, a task or a post stays
(docs/decisions/0014-deleted-mail.md).
"""

from datetime import timedelta

from core.clock import utcnow
from core.config import Settings
from core.logging import get_logger
from mailsync.removal.repository import unplaced
from mailsync.removal.repository.forgetting import forget_unplaced
from storage.last_copies import forget_last_copies, with_place_and_copy
from storage.store import Store
from storage.writer_lock import Urgency

LOOKED_AT_ONCE, GONE_AT_ONCE = 5_000, 50
log = get_logger(__name__)


def forget_deleted_mail(store: Store, settings: Settings) -> None:
    """Note which messages lie nowhere since today, and forget those whose time is over. May be cut off anywhere."""
    _note(store)
    if settings.keep_deleted_mail_days is None:
        return
    before = utcnow() - timedelta(days=settings.keep_deleted_mail_days)
    last = gone = 0
    while True:
        with store.database.reading() as session:
            ids = unplaced.overdue(session, before, last, GONE_AT_ONCE)
        if not ids:
            break
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone += forget_unplaced(session, ids)
        last = ids[-1]
    if gone:
        log.info("messages.forgotten", messages=gone)


def _note(store: Store) -> None:
    with store.database.unit_of_work(Urgency.BULK) as session:
        unplaced.forget_returned(session)
    with store.database.reading() as session:
        returned = with_place_and_copy(session)
    for start in range(0, len(returned), GONE_AT_ONCE):
        with store.database.unit_of_work(Urgency.BULK) as session:
            forget_last_copies(session, returned[start : start + GONE_AT_ONCE])
    with store.database.reading() as session:
        highest = unplaced.highest_message(session)
    for low in range(0, highest, LOOKED_AT_ONCE):
        with store.database.reading() as session:
            ids = unplaced.newly_unplaced(session, low, low + LOOKED_AT_ONCE)
        if ids:
            with store.database.unit_of_work(Urgency.BULK) as session:
                unplaced.note_unplaced(session, ids, utcnow())
