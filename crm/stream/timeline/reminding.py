"""Reminders of calls and meetings: an errand of the scheduler rings for those whose time has come, each once."""

from datetime import datetime, timedelta

from core.clock import utcnow
from crm.access.notifications import Bell, ring
from crm.access.viewer import Viewer
from crm.stream.feed.hearing import may_see
from crm.stream.timeline.repository import Reminder, due_reminders, forget_reminders
from crm.stream.views import SubjectType
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 100
MINUTE = timedelta(minutes=1)


def remind(store: Store) -> None:
    """Ring for all that is due. The bells and the end of their reminders are one commit: a crash leaves both or none."""
    found = AT_ONCE
    while found == AT_ONCE:
        with store.database.unit_of_work(Urgency.BULK) as session:
            now = utcnow()
            looked_at, due = due_reminders(session, Viewer.system(), now, AT_ONCE)
            heard = [one for one in due if may_see(session, [one.user_id], SubjectType.ACTIVITY, one.activity_id)]
            ring(session, [_bell(one, now) for one in heard])
            forget_reminders(session, looked_at)
            found = len(looked_at)


def _bell(due: Reminder, now: datetime) -> Bell:
    key = f"reminder:{due.activity_id}:{due.begins.isoformat()}"
    return Bell(due.user_id, key, f"{_when(due.begins - now)}: {due.title}", f"/entries/{due.activity_id}")


def _when(ahead: timedelta) -> str:
    """`Now`, `In 15 minutes`, `In 2 hours`, `In 3 days`: rounded up, for nobody should come late by our words."""
    minutes = -(-ahead // MINUTE)
    if minutes <= 0:
        return "Now" if ahead > timedelta(hours=-1) else "It was to begin"
    for name, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes >= size:
            number = round(minutes / size)
            return f"In {number} {name}{'' if number == 1 else 's'}"
    raise AssertionError(minutes)
