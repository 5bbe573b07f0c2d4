"""What intake remembers for a time only."""

from datetime import timedelta

from core.clock import utcnow
from crm.intake.repository.tallies import forget_tallies
from storage.store import Store
from storage.writer_lock import Urgency

KEPT_FOR = timedelta(days=40)
"""Policies are applied to mail of thirty days."""
AT_ONCE = 1000


def forget_old_tallies(store: Store) -> None:
    """Forget what was counted of senders so long ago that nothing asks for it."""
    gone = AT_ONCE
    while gone == AT_ONCE:
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone = forget_tallies(session, utcnow() - KEPT_FOR, AT_ONCE)
