"""Handing a client to a team: one of a department's people, or of a mailbox's queue, becomes responsible.

Whoever is at work soonest comes first, absences and holidays among that; of those, who is next in turn or who has the
least to do (`crm.office.turns`). A queue goes on behind the last turn that mail gave out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.clock import utcnow
from core.errors import Conflict, NotFound, UsageError
from crm.access.repository import require_active
from crm.access.viewer import Viewer
from crm.office.settings import read_office
from crm.office.turns import Line
from crm.records.repository import teams as rows
from crm.records.repository.turns import Whose, hold_turn, line_of, note_turn
from storage.models import DepartmentTurn, QueueMethod, QueueTurn
from storage.sessions import ReadSession, WriteSession

SYSTEM = Viewer.system()
NO_DEPARTMENT = "There is nobody in that department (any more): choose another team, or a person."
NO_QUEUE = "There is no such queue (any more): choose another team, or a person."
NOBODY = "Nobody of that team is at work within a year: choose another team, or a person."


@dataclass(frozen=True, slots=True)
class Team:
    """A department (and those below it), or the queue of a mailbox. `method` is for departments: a queue has its own."""

    department_id: int | None = None
    mailbox_id: int | None = None
    method: QueueMethod = QueueMethod.ROUND_ROBIN


def read_team(stored: Mapping[str, Any] | None) -> Team | None:
    """A team as documents keep it (`dataclasses.asdict`)."""
    return Team(**{**stored, "method": QueueMethod(stored["method"])}) if stored else None


def require_receiver(session: ReadSession, viewer: Viewer, responsible_id: int | None, team: Team | None) -> None:
    """Whom a client can be handed to: a person, a team, or nobody in particular.

    Raises `UsageError` for both at once, and for somebody who is not here any more; and as `require_team`.
    """
    if responsible_id is not None and team is not None:
        raise UsageError("Hand it to a person or to a team, not to both.")
    if responsible_id is not None:
        require_active(session, responsible_id)
    if team is not None:
        require_team(session, viewer, team)


def require_team(session: ReadSession, viewer: Viewer, team: Team) -> rows.Members:
    """Who is in a team. Raises `UsageError` for what names none, `NotFound` for one that is not there, or that the viewer may
    not know of."""
    if (team.department_id is None) == (team.mailbox_id is None):
        raise UsageError("A team is a department or the queue of a mailbox: choose one of them.")
    if team.department_id is not None:
        people = rows.people_of_department(session, team.department_id)
        if not people:
            raise NotFound(NO_DEPARTMENT)
        return rows.Members(tuple(people), team.method)
    queue = rows.queue_of(session, viewer, team.mailbox_id or 0)
    if queue is None:
        raise NotFound(NO_QUEUE)
    return queue


class HeldTeam:
    """Gives out the turns of a team in one unit of work, which others wait for from the first one on."""

    def __init__(self, session: WriteSession, team: Team, *, without: int | None = None) -> None:
        members = require_team(session, SYSTEM, team).without(without)
        self._session = session
        self._whose, self._number = _whose(team)
        last = hold_turn(session, self._whose, self._number)
        self._line, self._otherwise = _line(session, members, last), members.otherwise

    def next(self) -> int:
        """Who is responsible for the next one. Raises `Conflict` where nobody is."""
        user_id = self._line.next() or self._otherwise
        if user_id is None:
            raise Conflict(NOBODY)
        return user_id

    def give_back(self) -> None:
        """What the last turn was for did not happen."""
        self._line.give_back()

    def write(self) -> None:
        """Remember who was last."""
        note_turn(self._session, self._whose, self._number, self._line.last)


class OneOfMany:
    """What the conversions of one unit share: the turns of a team, held before the first of them, and how many were `handed` to
    whom (by id), who hear of them together."""

    def __init__(self, session: WriteSession, team: Team | None, *, without: int | None = None) -> None:
        self.handed: dict[str, int] = {}
        self._gone: NotFound | None = None
        self._team: HeldTeam | None = None
        self._has_turn = False
        try:
            self._team = HeldTeam(session, team, without=without) if team else None
        except NotFound as gone:
            self._gone = gone  # Said of each lead that was to be handed to it.

    def turn(self) -> int:
        """Whose turn it is. Raises `NotFound` for a team that is gone, and as `HeldTeam.next`."""
        if self._team is None:
            raise self._gone or NotFound(NO_DEPARTMENT)
        self._has_turn = True
        return self._team.next()

    def done(self, user_id: int | None) -> None:
        """One was converted, and is that person's now who has to hear of it."""
        self._has_turn = False
        if user_id is not None:
            self.handed[str(user_id)] = self.handed.get(str(user_id), 0) + 1

    def give_back(self) -> None:
        """One could not be converted: a turn that it had came to nothing."""
        if self._has_turn and self._team is not None:
            self._team.give_back()
        self._has_turn = False

    def write(self) -> None:
        """Remember whose turn was the last."""
        if self._team is not None:
            self._team.write()


def _whose(team: Team) -> tuple[Whose, int]:
    if team.department_id is not None:
        return DepartmentTurn.department_id, team.department_id
    return QueueTurn.mailbox_id, team.mailbox_id or 0


def _line(session: WriteSession, members: rows.Members, last: int | None) -> Line:
    """The people in their order."""
    calendar, now = read_office(session).calendar, utcnow()
    return line_of(session, members.people, members.method, calendar, now, last, at_work=members.at_work)
