"""Settings → Company: time zone, working hours, holidays, phone country; and Absences, of oneself or a colleague."""

from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from core.errors import Conflict, UsageError
from crm.access import repository as people
from crm.office import repository as rows
from crm.office import settings as office
from crm.office.absences import Away, add_absence, remove_absence
from crm.office.calendar import Holiday, Hours
from crm.office.calling_codes import CALLING_CODES
from storage.writer_lock import Urgency
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router(prefix="/settings")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Words = Annotated[str, Form()]


@lru_cache(maxsize=1)
def time_zones() -> list[str]:
    """Names to choose from."""
    return sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    )


@router.get("/company")
def company(request: Request, me: Me) -> Response:
    """When and where the company works."""
    return _company(request, me)


@router.post("/company")
def change_company(
    request: Request,
    me: Me,
    time_zone: Words = "UTC",
    phone_country: Words = "",
    begin: Annotated[list[str] | None, Form()] = None,
    end: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Time zone, phone country and the hours of each weekday; a day without both times is free."""
    store = services_of(request).store
    typed = {
        "time_zone": time_zone,
        "phone_country": phone_country,
        "week": [*zip(begin or (), end or (), strict=False)],
    }
    try:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            week = tuple(_hours(*pair) for pair in typed["week"])
            office.change_hours(session, me.viewer, time_zone=time_zone, week=week, phone_country=phone_country)
    except UsageError as error:
        return _company(request, me, {"company": str(error)}, typed)
    return RedirectResponse("/settings/company", 303)


@router.post("/company/holidays")
def add_holiday(
    request: Request, me: Me, day: Words = "", name: Words = "", yearly: Annotated[bool, Form()] = False
) -> Response:
    """A day on which nobody works."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        office.add_holiday(session, me.viewer, Holiday(_day(day), name, yearly))
    return RedirectResponse("/settings/company#holidays", 303)


@router.post("/company/holidays/remove")
def remove_holiday(request: Request, me: Me, day: Annotated[date, Form()]) -> Response:
    """A day like any other."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        office.remove_holiday(session, me.viewer, day)
    return RedirectResponse("/settings/company#holidays", 303)


def _company(request: Request, me: SignedIn, failures: dict[str, str] | None = None, typed: Any = None) -> Response:
    with services_of(request).store.database.reading() as session:
        now = office.read_office(session)
    stored = {
        "time_zone": now.time_zone,
        "phone_country": now.phone_country,
        "week": [
            (each.begin.isoformat("minutes"), each.end.isoformat("minutes")) if each else ("", "") for each in now.week
        ],
    }
    return render(
        request,
        me,
        "settings/company.html",
        status=422 if failures else 200,
        fields={**stored, **(typed or {})},
        office=now,
        weekdays=WEEKDAYS,
        zones=time_zones(),
        countries=sorted(CALLING_CODES.items()),
        failures=failures or {},
    )


def _hours(begin: str, end: str) -> Hours | None:
    if not begin.strip() and not end.strip():
        return None
    try:
        return Hours(time.fromisoformat(begin.strip()), time.fromisoformat(end.strip()))
    except ValueError:
        raise UsageError("Give both times of a day, as 09:00 and 18:00, or none of them.") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError("That is not a date: write it as 2026-12-25.") from None


@router.get("/absences")
def absences(request: Request, me: Me, person: RowId | None = None) -> Response:
    """When I am away, or (for administrators) a colleague."""
    return _absences(request, me, person or me.id)


@router.post("/absences")
def add(
    request: Request, me: Me, person: Annotated[RowId, Form()], first: Words = "", last: Words = "", note: Words = ""
) -> Response:
    """Away from one day to another, or on one day."""
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            away = Away(_day(first), _day(last or first), note)
            add_absence(session, me.viewer, person, away)
    except (UsageError, Conflict) as error:
        return _absences(request, me, person, str(error), (first, last, note))
    return RedirectResponse(f"/settings/absences?person={person}", 303)


@router.post("/absences/{absence_id:int}/remove")
def remove(request: Request, me: Me, absence_id: RowId, person: Annotated[RowId, Form()]) -> Response:
    """There after all."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        remove_absence(session, me.viewer, person, absence_id)
    return RedirectResponse(f"/settings/absences?person={person}", 303)


def _absences(
    request: Request, me: SignedIn, person: int, failure: str = "", typed: Sequence[str] = ("", "", "")
) -> Response:
    if person != me.id:
        me.viewer.require_administrator("Only an administrator sees when a colleague is away.")
    today = utcnow().astimezone(zone_of(me)).date()
    with services_of(request).store.database.reading() as session:
        noted = rows.absences(session, me.viewer, person)
        colleagues = people.people(session, me.viewer)
        away = rows.away_on(session, me.viewer, today)
    return render(
        request,
        me,
        "settings/absences.html",
        status=422 if failure else 200,
        person=person,
        noted=[each for each in noted if each.last_day >= today],
        over=[each for each in noted if each.last_day < today],
        colleagues=colleagues,
        away=away,
        today=today,
        failure=failure,
        typed=typed,
    )
