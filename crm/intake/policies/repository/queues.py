"""A mailbox's queue: its row is held from the first turn to the end of the unit of work.

Two processes that make records for one mailbox at the same moment go one after the other, so nobody is skipped and nobody
has two turns. What makes nothing asks nothing.
"""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select, union_all, update

from crm.access.viewer import Viewer
from crm.intake.context import MailboxContext
from crm.intake.policies.turns import InLine, Line
from crm.office.calendar import Calendar
from crm.office.repository import Colleague, working_colleagues
from storage.models import Deal, Lead, LeadState, QueueMethod, QueueTurn, StageKind
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

SYSTEM = Viewer.system()
_DAY = timedelta(days=1)


class HeldQueue:
    """Gives out the turns of one unit of work."""

    def __init__(self, session: WriteSession, context: MailboxContext, now: datetime) -> None:
        self._session = session
        self._context = context
        self._now = now
        self._line: Line | None = None

    def next(self) -> int | None:
        """Who is responsible for the next new record: one of the queue, else the mailbox's owner."""
        context = self._context
        if not context.policy.queue:
            return context.owner_id
        if self._line is None:
            last = _hold(self._session, context.mailbox_id)
            self._line = line_of(self._session, context, self._now, last)
        return self._line.next() or context.owner_id

    def write(self) -> None:
        """Remember who was last, if there was any turn."""
        if self._line is not None:
            changed = update(QueueTurn).where(QueueTurn.mailbox_id == self._context.mailbox_id)
            self._session.execute(
                changed.values(last_user_id=self._line.last).execution_options(synchronize_session=False)
            )


def line_of(session: ReadSession, context: MailboxContext, now: datetime, last: int | None) -> Line:
    """The queue of a mailbox as it stands."""
    policy = context.policy
    there = {each.user_id: each for each in working_colleagues(session, SYSTEM, policy.queue, (now - _DAY).date())}
    busy = _open_items(session, policy.queue) if policy.queue_method is QueueMethod.LEAST_BUSY else Counter()
    people = [
        InLine(user_id, _ready_at(there[user_id], context.calendar, now, policy.queue_at_work), busy[user_id])
        for user_id in policy.queue
        if user_id in there
    ]
    return Line(people, last, policy.queue_method)


def _ready_at(person: Colleague, calendar: Calendar, now: datetime, by_hours: bool) -> datetime | None:
    if not by_hours:
        return now
    return (calendar.in_zone(person.zone) if person.zone else calendar).at_work_from(now, person.away)


def _hold(session: WriteSession, mailbox_id: int) -> int | None:
    there = upsert(session, QueueTurn).values(mailbox_id=mailbox_id)
    session.execute(there.on_conflict_do_nothing(index_elements=["mailbox_id"]))
    held = select(QueueTurn.last_user_id).where(QueueTurn.mailbox_id == mailbox_id).with_for_update()
    return session.execute(held).scalar()


def _open_items(session: ReadSession, user_ids: tuple[int, ...]) -> Counter[int]:
    """How many open deals and active leads each of them is responsible for."""
    deals = select(Deal.responsible_id, func.count()).where(
        Deal.responsible_id.in_(user_ids), Deal.stage_kind == StageKind.OPEN, Deal.deleted_at.is_(None)
    )
    leads = select(Lead.responsible_id, func.count()).where(
        Lead.responsible_id.in_(user_ids), Lead.state == LeadState.ACTIVE, Lead.deleted_at.is_(None)
    )
    both = union_all(deals.group_by(Deal.responsible_id), leads.group_by(Lead.responsible_id))
    found: Counter[int] = Counter()
    for user_id, count in session.execute(both):
        if user_id is not None:
            found[user_id] += count
    return found
