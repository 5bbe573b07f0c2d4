"""What calls and meetings are besides other entries: they last, take place somewhere, are told of beforehand, moved and deleted.

planned ── done ──▶ happened        either: edited, deleted ◀── restore ──▶
   ▲────── reopen ─────┘            `remind_at` is set while somebody is still to be reminded, and emptied with the bell
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.clock import utcnow
from core.errors import Forbidden, NotFound, UsageError
from crm.access.notifications import Bell, ring
from crm.access.repository import people
from crm.access.viewer import Viewer
from crm.stream.timeline import repository
from crm.stream.views import Entry, PlanChange
from storage.models import Activity, ActivityKind
from storage.sessions import ReadSession, WriteSession

PLANNED = frozenset({ActivityKind.CALL, ActivityKind.MEETING})
LONGEST_TITLE = 300
LONGEST_PLACE = 300
MOST_MINUTES = 14 * 24 * 60
"""Two weeks: of a journey, or ahead of one."""


def may_change(viewer: Viewer, entry: Entry) -> bool:
    """Whether the viewer may edit, move or delete a call or meeting: its planner, its responsible, and who oversees people."""
    mine = [person.id for person in (entry.author, entry.responsible) if person is not None]
    return entry.kind in PLANNED and viewer.may_write and (viewer.may_oversee or viewer.user_id in mine)


def change_plan(session: WriteSession, viewer: Viewer, activity_id: int, change: PlanChange) -> None:
    """Save what somebody edited; who is to do it from now on, or at another time, hears of it.

    Raises `NotFound`, `Forbidden` as `may_change` says, `UsageError` for what can not be.
    """
    before = require_change(session, viewer, activity_id)
    title = " ".join(change.title.split())[:LONGEST_TITLE]
    if not title:
        raise UsageError("Write what it is about.")
    if before.responsible is None or change.responsible_id != before.responsible.id:
        require_person(session, viewer, change.responsible_id)
    activity = session.get_one(Activity, activity_id)
    now = utcnow()
    for name, value in checked_plan(change.minutes, change.place, change.remind_minutes).items():
        setattr(activity, name, value)
    activity.title, activity.text, activity.responsible_id = title, change.text.strip(), change.responsible_id
    activity.edited_at = now
    if before.planned:
        activity.deadline = change.at
    else:
        activity.at = change.at
    activity.remind_at = reminder_of(activity, now)
    session.flush()
    _tell(session, viewer, before, replace(change, title=title))


def delete_plan(session: WriteSession, viewer: Viewer, activity_id: int) -> None:
    """Take a call or meeting off its records; `restore_plan` brings it back. Raises as `change_plan`."""
    require_change(session, viewer, activity_id)
    session.get_one(Activity, activity_id).deleted_at = utcnow()


def restore_plan(session: WriteSession, viewer: Viewer, activity_id: int) -> None:
    """Bring a deleted call or meeting back, with its reminder if its time is still to come. Raises as `change_plan`."""
    activity = session.get(Activity, activity_id)
    if activity is None or activity.kind not in PLANNED:
        raise NotFound(repository.NO_ENTRY)
    now = utcnow()
    activity.deleted_at = None
    activity.remind_at = reminder_of(activity, now)
    session.flush()
    require_change(session, viewer, activity_id)


def checked_plan(minutes: int | None, place: str, remind_minutes: int | None) -> dict[str, Any]:
    """How long, where, and how long before somebody is reminded, as columns. Raises `UsageError`."""
    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise UsageError("It may last from a minute to two weeks.")
    if remind_minutes is not None and not 0 <= remind_minutes <= MOST_MINUTES:
        raise UsageError("A reminder may come two weeks before at most.")
    where = " ".join(place.split())[:LONGEST_PLACE]
    return {"minutes": minutes, "place": where or None, "remind_minutes": remind_minutes}


def reminder_of(activity: Activity, now: datetime) -> datetime | None:
    """When somebody is to be reminded; None where that time is over, or nobody asked for it."""
    if activity.remind_minutes is None or activity.deadline is None or activity.completed_at is not None:
        return None
    at = activity.deadline - timedelta(minutes=activity.remind_minutes)
    return at if at > now else None


def require_change(session: ReadSession, viewer: Viewer, activity_id: int) -> Entry:
    """The call or meeting, if the viewer may change it. Raises `NotFound`, `UsageError` for other entries, `Forbidden`."""
    viewer.require_write()
    found = repository.entry(session, viewer, activity_id)
    if found.kind not in PLANNED:
        raise UsageError("Only calls and meetings are changed here.")
    if not may_change(viewer, found):
        raise Forbidden("Only who planned it, who is responsible for it, and managers may change it.")
    return found


def require_person(session: ReadSession, viewer: Viewer, user_id: int) -> None:
    """Raises `UsageError` unless that is an active colleague."""
    if user_id not in {person.id for person in people(session, viewer)}:
        raise UsageError("Choose somebody who works here.")


def _tell(session: WriteSession, viewer: Viewer, before: Entry, change: PlanChange) -> None:
    """Whoever does not know it yet: of somebody else's change of what they have to do, and when."""
    if not before.planned or change.responsible_id == viewer.user_id:
        return
    given = before.responsible is None or before.responsible.id != change.responsible_id
    if given or before.deadline != change.at:
        words = f"Planned for you: {change.title}" if given else f"Moved to another time: {change.title}"
        key = f"planned:{before.id}:{change.responsible_id}:{change.at.isoformat()}"
        ring(session, [Bell(change.responsible_id, key, words, f"/entries/{before.id}")])
