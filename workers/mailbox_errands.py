"""What is due by the clock for mailboxes: nightly audits, another try after an upgrade, old states and deleted mail forgotten."""

from datetime import timedelta
from functools import partial

from core.clock import utcnow
from core.config import Settings
from mailsync.health.auditing import ask_for_nightly_audits
from mailsync.health.quarantine import try_again_after_upgrade
from mailsync.removal.unnamed import forget_unnamed_blobs
from mailsync.removal.unplaced import forget_deleted_mail
from mailsync.states.repository import KEPT_FOR, forget_events
from storage.store import Store
from storage.writer_lock import Urgency
from workers.scheduler import Errand

FORGET_AT_ONCE = 2000


def mailbox_errands(settings: Settings) -> list[Errand]:
    """The errands of the scheduler that are about mailboxes."""
    return [
        Errand("mailbox.audit_nightly", timedelta(minutes=5), ask_for_nightly_audits),
        Errand("mailbox.try_quarantine", timedelta(days=1), try_again_after_upgrade),
        Errand("mailbox.forget_states", timedelta(hours=6), forget_old_states),
        Errand("messages.forget_deleted", timedelta(days=1), partial(forget_deleted_mail, settings=settings)),
        Errand("blobs.forget_unnamed", timedelta(hours=1), forget_unnamed_blobs),
    ]


def forget_old_states(store: Store) -> None:
    """Delete what mailboxes went through more than 90 days ago, a chunk at a time."""
    before = utcnow() - KEPT_FOR
    gone = FORGET_AT_ONCE
    while gone == FORGET_AT_ONCE:
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone = forget_events(session, before, FORGET_AT_ONCE)
