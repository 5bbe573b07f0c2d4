"""How many leads were converted, and how long that took: by month, by source, by person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Float, String, case, cast, func, literal, select

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from storage.models import Lead, LeadState, RecordType, User
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class Conversions:
    """How many leads came, how many of them or of earlier ones were converted, and how long those took on average.

    `name` is the month (`2026-11`), source or person that it is about; empty for leads without one.
    """

    name: str
    came: int
    converted: int
    mean: timedelta | None


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a company's calendar (`2026-11`), and the moment at which it begins."""

    name: str
    start: datetime


def in_total(session: ReadSession, viewer: Viewer, since: datetime) -> Conversions:
    """All leads since then."""
    found = _conversions(session, viewer, since, None)
    return next(iter(found.values()), Conversions("", 0, 0, None))


def by_month(session: ReadSession, viewer: Viewer, since: datetime, months: Sequence[Month]) -> dict[str, Conversions]:
    """Leads that came in each of these months, and those that were converted in it."""
    return _conversions(session, viewer, since, _month(Lead.created_at, months), _month(Lead.converted_at, months))


def months_between(since: datetime, until: datetime, zone: ZoneInfo) -> list[Month]:
    """Every month of the zone's calendar in which some of that time lies, the earliest first."""
    first, last = since.astimezone(zone), until.astimezone(zone)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [datetime(number // 12, number % 12 + 1, 1, tzinfo=zone) for number in numbers]
    return [Month(f"{start:%Y-%m}", start.astimezone(UTC)) for start in starts]


def by_source(session: ReadSession, viewer: Viewer, since: datetime) -> dict[str, Conversions]:
    """By what the leads came by."""
    return _conversions(session, viewer, since, Lead.source)


def by_person(session: ReadSession, viewer: Viewer, since: datetime) -> dict[str, Conversions]:
    """By who is responsible for them; two people of one name stay apart by their ids, which are the keys."""
    found = _conversions(session, viewer, since, cast(Lead.responsible_id, String))
    ids = [int(each) for each in found if each]
    named = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    names = {str(row.id): row.name for row in named}
    return {key: replace(one, name=names.get(key, "")) for key, one in found.items()}


def _conversions(
    session: ReadSession,
    viewer: Viewer,
    since: datetime,
    came_by: ColumnElement[Any] | Any | None,
    converted_by: ColumnElement[Any] | None = None,
) -> dict[str, Conversions]:
    came_conditions = (*_may_see(viewer), Lead.created_at >= since)
    done_conditions = (*_may_see(viewer), Lead.state == LeadState.CONVERTED, Lead.converted_at >= since)
    came = _counted(session, came_by, (func.count().label("number"),), came_conditions)
    mean = func.avg(_seconds(session)).label("mean")
    by = came_by if converted_by is None else converted_by
    done = _counted(session, by, (func.count().label("number"), mean), done_conditions)
    return {
        name: Conversions(
            name,
            came[name].number if name in came else 0,
            done[name].number if name in done else 0,
            timedelta(seconds=round(done[name].mean)) if name in done and done[name].mean is not None else None,
        )
        for name in sorted({*came, *done})
    }


def _counted(
    session: ReadSession,
    by: ColumnElement[Any] | Any | None,
    columns: Sequence[ColumnElement[Any]],
    conditions: Sequence[ColumnElement[bool]],
) -> dict[str, Any]:
    if by is None:
        return {"": session.execute(select(*columns).where(*conditions)).one()}
    named = by.label("name")
    rows = session.execute(select(named, *columns).where(*conditions).group_by(named))
    return {row.name or "": row for row in rows}


def _may_see(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """The leads of which a viewer may know."""
    return (Lead.deleted_at.is_(None), *within(viewer, RecordType.LEAD))


def _month(column: Any, months: Sequence[Month]) -> ColumnElement[str]:
    """The name of the month in which a moment lies: a zone's months begin at moments that only its calendar knows."""
    if not months:
        return literal("")
    return case(*((column >= month.start, month.name) for month in reversed(months)), else_="")


def _seconds(session: ReadSession) -> ColumnElement[float]:
    """From when a lead came to when it was converted."""
    if session.on_postgresql:
        return cast(func.extract("epoch", Lead.converted_at - Lead.created_at), Float)
    return (func.julianday(Lead.converted_at) - func.julianday(Lead.created_at)) * 86_400.0
