"""Rows behind turns: who was last, held from the first turn to the end of the unit, and how much each person has open.

Two processes that give out turns of one queue go one after the other, so nobody is skipped and nobody has two.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, union_all, update
from sqlalchemy.orm import InstrumentedAttribute

from crm.access.viewer import Viewer
from crm.office.calendar import Calendar
from crm.office.repository import Colleague, working_colleagues
from crm.office.turns import InLine, Line
from storage.models import Deal, Lead, LeadState, QueueMethod, StageKind
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

SYSTEM = Viewer.system()
Whose = InstrumentedAttribute[int]
"""The column that says whose turns a row tells of: of a mailbox's queue, or of a department."""
_DAY = timedelta(days=1)


def line_of(
    session: ReadSession,
    user_ids: Sequence[int],
    method: QueueMethod,
    calendar: Calendar,
    now: datetime,
    last: int | None,
    *,
    at_work: bool,
) -> Line:
    """These people in this order, as far as they may sign in. `at_work`: only who works by then, or will be first."""
    there = {each.user_id: each for each in working_colleagues(session, SYSTEM, user_ids, (now - _DAY).date())}
    busy = open_items(session, user_ids) if method is QueueMethod.LEAST_BUSY else Counter()
    people = [
        InLine(user_id, _ready_at(there[user_id], calendar, now) if at_work else now, busy[user_id])
        for user_id in user_ids
        if user_id in there
    ]
    return Line(people, last, method)


def hold_turn(session: WriteSession, whose: Whose, number: int) -> int | None:
    """Who was last; nobody else gives out turns of this one until the unit ends."""
    table: Any = whose.class_
    there = upsert(session, table).values({whose.key: number})
    session.execute(there.on_conflict_do_nothing(index_elements=[whose.key]))
    return session.execute(select(table.last_user_id).where(whose == number).with_for_update()).scalar()


def note_turn(session: WriteSession, whose: Whose, number: int, last: int | None) -> None:
    """Who was last from now on."""
    changed = update(whose.class_).where(whose == number).values(last_user_id=last)
    session.execute(changed.execution_options(synchronize_session=False))


def open_items(session: ReadSession, user_ids: Sequence[int]) -> Counter[int]:
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


def _ready_at(person: Colleague, calendar: Calendar, now: datetime) -> datetime | None:
    return (calendar.in_zone(person.zone) if person.zone else calendar).at_work_from(now, person.away)
