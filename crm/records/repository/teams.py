"""Teams that a client can be handed to: departments with people, and mailboxes with a queue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import ColumnElement, func, select

from crm.access.mail.repository import is_own_mailbox
from crm.access.roles import repository as roles
from crm.access.roles.viewers import viewers_of_people
from crm.access.viewer import Viewer
from storage.models import DepartmentMember, Mailbox, MailboxState, QueueMethod
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team as forms and programs name it: one of the two ids. A department gives turns by whichever method is chosen, a
    mailbox's queue by its own."""

    name: str
    people: int
    department_id: int | None = None
    mailbox_id: int | None = None
    method: QueueMethod | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """Who of a team gets turns, and how; `at_work`: only who works by then. `otherwise` gets what none of them can."""

    people: tuple[int, ...]
    method: QueueMethod
    at_work: bool = True
    otherwise: int | None = None

    def without(self, user_id: int | None) -> Self:
        """The others."""
        others = tuple(each for each in self.people if each != user_id)
        return replace(self, people=others, otherwise=None if self.otherwise == user_id else self.otherwise)


def teams(session: ReadSession, viewer: Viewer) -> list[TeamView]:
    """Departments by name, then the queues of mailboxes that the viewer may know of."""
    people = _people(session, roles.whole_departments(session))
    return [
        *(
            TeamView(each.name, len(people[each.id]), department_id=each.id)
            for each in roles.departments(session, viewer)
            if people.get(each.id)
        ),
        *_queues(session, viewer),
    ]


def people_of_department(session: ReadSession, department_id: int) -> list[int]:
    """Who of a department, and of those below it, is here and may change records; in the order of ids."""
    within = roles.whole_departments(session).get(department_id, set())
    return _people(session, {department_id: within})[department_id]


def queue_of(session: ReadSession, viewer: Viewer, mailbox_id: int) -> Members | None:
    """The queue of a mailbox that the viewer may know of; None where there is none (any more). Otherwise it is the owner's."""
    row = session.execute(select(Mailbox).where(Mailbox.id == mailbox_id, *_known_to(viewer))).scalar()
    if row is None or not row.queue:
        return None
    return Members(tuple(row.queue), row.queue_method, row.queue_at_work, row.owner_id)


def _people(session: ReadSession, departments: Mapping[int, Collection[int]]) -> dict[int, list[int]]:
    """By department, told with itself and those below it."""
    columns = select(DepartmentMember.department_id, DepartmentMember.user_id)
    among = {each for within in departments.values() for each in within}
    members = session.execute(columns.where(DepartmentMember.department_id.in_(among))).all()
    viewers = viewers_of_people(session, {row.user_id for row in members})
    found = {}
    for department_id, within in departments.items():
        inside = {row.user_id for row in members if row.department_id in within}
        found[department_id] = sorted(each for each in inside if each in viewers and viewers[each].may_write)
    return found


def _queues(session: ReadSession, viewer: Viewer) -> list[TeamView]:
    columns = select(Mailbox.id, Mailbox.name, Mailbox.email, Mailbox.queue, Mailbox.queue_method)
    rows = session.execute(columns.where(*_known_to(viewer)).order_by(func.lower(Mailbox.email)))
    return [
        TeamView(row.name or row.email, len(row.queue), mailbox_id=row.id, method=row.queue_method)
        for row in rows
        if row.queue
    ]


def _known_to(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    there = Mailbox.state != MailboxState.REMOVED
    return (there,) if viewer.may_administer else (there, is_own_mailbox(viewer))
