"""Absences in the database, and what a queue asks of its people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import delete, literal, select

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.office.calendar import Days
from storage.models import Absence, User
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """One absence."""

    id: int
    first_day: date
    last_day: date
    note: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may sign in: the time zone they chose, if any, and when they are away."""

    user_id: int
    zone: ZoneInfo | None
    away: tuple[Days, ...]


def absences(session: ReadSession, viewer: Viewer, user_id: int) -> list[AbsenceView]:
    """When a person is away, was and will be; colleagues may know it, as they know who works here, but not why."""
    may_read = viewer.may_administer or viewer.user_id == user_id
    note = Absence.note if may_read else literal("")
    query = select(Absence.id, Absence.first_day, Absence.last_day, note).where(Absence.user_id == user_id)
    return [AbsenceView(*row) for row in session.execute(query.order_by(Absence.first_day, Absence.id))]


def away_on(session: ReadSession, viewer: Viewer, day: date) -> dict[int, date]:
    """Who is away on a day, and until when."""
    del viewer
    query = select(Absence.user_id, Absence.last_day).where(Absence.first_day <= day, Absence.last_day >= day)
    return dict(session.execute(query).all())


def hold_person(session: WriteSession, user_id: int) -> None:
    """Let nobody else note absences of this person until the unit ends. Raises `NotFound`."""
    held = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
    if session.execute(held).scalar() is None:
        raise NotFound("There is no such person.")


def add(session: WriteSession, row: Absence) -> int:
    """Insert a row; its id."""
    session.add(row)
    session.flush()
    return row.id


def remove(session: WriteSession, user_id: int, absence_id: int) -> bool:
    """Delete an absence of this person; whether it was there."""
    gone = delete(Absence).where(Absence.id == absence_id, Absence.user_id == user_id).returning(Absence.id)
    return session.execute(gone.execution_options(synchronize_session=False)).scalar() is not None


def working_colleagues(session: ReadSession, viewer: Viewer, user_ids: Collection[int], since: date) -> list[Colleague]:
    """Those of the people who may sign in, with their absences from a day on."""
    del viewer
    away: dict[int, list[Days]] = {}
    asked = select(Absence.user_id, Absence.first_day, Absence.last_day).where(
        Absence.user_id.in_(user_ids), Absence.last_day >= since
    )
    for user_id, first, last in session.execute(asked):
        away.setdefault(user_id, []).append(Days(first, last))
    people = session.execute(select(User.id, User.time_zone).where(User.id.in_(user_ids), User.active)).all()
    return [Colleague(row.id, _zone(row.time_zone), tuple(away.get(row.id, ()))) for row in people]


def _zone(name: str | None) -> ZoneInfo | None:
    return ZoneInfo(name) if name else None
