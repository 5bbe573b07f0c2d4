"""Asking for a hand-over."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from core.clock import utcnow
from core.errors import Conflict, UsageError
from crm.access import repository as people
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.teams import NOBODY, Team, require_receiver, require_team
from crm.work.handing_over import repository
from storage import jobs
from storage.jobs import OfBulkEdit, enqueue
from storage.models import BulkAct, BulkEdit, RecordType
from storage.sessions import WriteSession


class Belonging(StrEnum):
    """What may be a person's, in the order in which it is handed over."""

    CONTACT = "contact"
    COMPANY = "company"
    LEAD = "lead"
    DEAL = "deal"
    TASK = "task"
    """Open ones that they are responsible for."""
    QUEUE = "queue"
    """Their places in the queues of mailboxes."""
    VIEW = "view"
    """Lists that they share with colleagues."""


IN_TURN = frozenset({Belonging.LEAD, Belonging.DEAL})
"""What can be handed to a team, one after the other."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """What of a person goes to whom: leads and deals to a `team` in turn if there is one, all else to one person."""

    person_id: int
    what: frozenset[Belonging]
    to_id: int | None = None
    team: Team | None = None


def ask_for_hand_over(session: WriteSession, viewer: Viewer, wanted: HandOver) -> int:
    """Have it done by a job; the id of the act on many records that it is.

    Raises `Forbidden` for all but administrators, `NotFound` for an unknown person or team, `UsageError` where it is not
    said what goes to whom, and `Conflict` while something of the person is handed over already.
    """
    viewer.require_administrator()
    viewer.require_write()
    people.lock_people(session)
    person = people.require_person(session, viewer, wanted.person_id)
    _demand_receivers(session, viewer, wanted)
    if repository.goes_on(session, viewer, person.id):
        raise Conflict("Something of theirs is handed over already: wait until that has ended, or stop it first.")
    what = [each for each in Belonging if each in wanted.what]
    left = [each.value for each in what]
    wish = {
        "from": person.id,
        "name": person.name,
        "to": wanted.to_id,
        "team": asdict(wanted.team) if wanted.team and IN_TURN & wanted.what else None,
        "left": left,
        "after": 0,
        "handed": {},
    }
    kinds = [kind for kind in RecordType if kind.value in left]
    row = BulkEdit(
        act=BulkAct.HAND_OVER,
        user_id=viewer.user_id,
        record_type=kinds[0] if kinds else RecordType.CONTACT,
        wanted=wish,
        at=utcnow(),
    )
    repository.add(session, row)
    record_act(session, viewer, "person.hand_over", person_id=person.id, bulk_edit_id=row.id, what=left)
    enqueue(session, jobs.HAND_OVER, OfBulkEdit(row.id), key=f"hand-over:{row.id}")
    return row.id


def _demand_receivers(session: WriteSession, viewer: Viewer, wanted: HandOver) -> None:
    if not wanted.what:
        raise UsageError("Tick what is to be handed over.")
    alone = wanted.what - IN_TURN if wanted.team else wanted.what
    if alone and wanted.to_id is None:
        raise UsageError("Choose the person who gets it.")
    if wanted.to_id == wanted.person_id:
        raise UsageError("That is who has it now: choose somebody else.")
    require_receiver(session, viewer, wanted.to_id, None)
    if wanted.team is not None:
        others = require_team(session, viewer, wanted.team).without(wanted.person_id)
        if not others.people and others.otherwise is None:
            raise UsageError(NOBODY)
