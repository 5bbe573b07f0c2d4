"""Teams that a client can be handed to: departments with people, and mailboxes with a queue."""

from dataclasses import dataclass

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
class MailboxQueue:
    """What a mailbox says of its queue."""

    people: tuple[int, ...]
    method: QueueMethod
    at_work: bool
    owner_id: int | None


def teams(session: ReadSession, viewer: Viewer) -> list[TeamView]:
    """Departments by name, then the queues of mailboxes that the viewer may know of."""
    people = _people(session)
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
    return _people(session).get(department_id, [])


def queue_of(session: ReadSession, viewer: Viewer, mailbox_id: int) -> MailboxQueue | None:
    """The queue of a mailbox that the viewer may know of; None where there is none (any more)."""
    row = session.execute(select(Mailbox).where(Mailbox.id == mailbox_id, *_known_to(viewer))).scalar()
    if row is None or not row.queue:
        return None
    return MailboxQueue(tuple(row.queue), row.queue_method, row.queue_at_work, row.owner_id)


def _people(session: ReadSession) -> dict[int, list[int]]:
    members = session.execute(select(DepartmentMember.department_id, DepartmentMember.user_id)).all()
    viewers = viewers_of_people(session, {row.user_id for row in members})
    found = {}
    for department_id, within in roles.whole_departments(session).items():
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
