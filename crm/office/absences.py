"""When somebody is away: who takes turns in a queue gets nothing then."""

from dataclasses import dataclass
from datetime import date

from core.clock import utcnow
from core.errors import Conflict, NotFound, UsageError
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.office import repository
from storage.models import Absence
from storage.sessions import WriteSession

LONGEST_DAYS = 366 * 2
LONGEST_NOTE = 200
MOST = 100


@dataclass(frozen=True, slots=True)
class Away:
    """From the first day to the last, both included, on the person's own calendar."""

    first_day: date
    last_day: date
    note: str = ""


def add_absence(session: WriteSession, viewer: Viewer, user_id: int, away: Away) -> int:
    """Note that a person is away; its id. Their own is noted by themselves, that of others by administrators.

    Raises `Forbidden`, `NotFound`, `UsageError` for days that can not be, `Conflict` where some of them are noted already.
    """
    _require_right(viewer, user_id)
    if away.last_day < away.first_day:
        raise UsageError("The last day comes before the first one: exchange them.")
    if (away.last_day - away.first_day).days > LONGEST_DAYS:
        raise UsageError("That is longer than two years: choose an earlier last day.")
    repository.hold_person(session, user_id)
    noted = repository.absences(session, viewer, user_id)
    if any(each.first_day <= away.last_day and away.first_day <= each.last_day for each in noted):
        raise Conflict("Some of these days are noted already: remove the other absence first, or choose other days.")
    if len(noted) >= MOST:
        raise Conflict(f"There are {MOST} absences already: remove some that are over.")
    row = Absence(
        user_id=user_id,
        first_day=away.first_day,
        last_day=away.last_day,
        note=" ".join(away.note.split())[:LONGEST_NOTE],
        created_at=utcnow(),
    )
    absence_id = repository.add(session, row)
    record_act(session, viewer, "absence.add", person_id=user_id, absence_id=absence_id)
    return absence_id


def remove_absence(session: WriteSession, viewer: Viewer, user_id: int, absence_id: int) -> None:
    """Somebody is there after all. Raises `Forbidden`, `NotFound`."""
    _require_right(viewer, user_id)
    if not repository.remove(session, user_id, absence_id):
        raise NotFound("This absence is not there any more.")
    record_act(session, viewer, "absence.remove", person_id=user_id, absence_id=absence_id)


def _require_right(viewer: Viewer, user_id: int) -> None:
    if viewer.user_id != user_id:
        viewer.require_administrator("Only an administrator may note when a colleague is away.")
