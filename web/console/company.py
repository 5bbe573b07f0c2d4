"""Settings → Company: time zone, working hours, holidays, phone country; and Absences, of oneself or a colleague."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from core.clock import utcnow
from core.errors import Conflict, UsageError
from crm.access import repository as people
from crm.office import repository as rows
from crm.office import settings as office
from crm.office.absences import Away, add_absence, remove_absence
from crm.office.calendar import Holiday, Hours
from crm.office.calling_codes import CALLING_CODES
from crm.office.formats import formats_of, stored
from crm.office.typed import day_in, time_in
from storage.writer_lock import Urgency
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of
from web.words import FORMATS

router = page_router(prefix="/settings")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Words = Annotated[str, Form()]
Weekday = Annotated[int, Field(ge=0, le=6)]


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
    weekday: Annotated[list[Weekday] | None, Form()] = None,
    phones_anew: Annotated[bool, Form()] = False,
) -> Response:
    """Time zone, phone country and the hours of each weekday (Monday is 0); a day without both times is free."""
    store = services_of(request).store
    week_typed = dict(zip(weekday or range(7), zip(begin or (), end or (), strict=False), strict=False))
    typed = {
        "time_zone": time_zone,
        "phone_country": phone_country,
        "week": week_typed,
    }
    try:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            week = tuple(_hours(me, *pair) for _, pair in sorted(week_typed.items()))
            office.change_hours(
                session, me.viewer, time_zone=time_zone, week=week, phone_country=phone_country, phones_anew=phones_anew
            )
    except UsageError as error:
        return _company(request, me, {"company": str(error)}, typed)
    return RedirectResponse("/settings/company", 303)


@router.post("/company/formats")
def change_formats(
    request: Request,
    me: Me,
    dates: Words = "",
    clock: Words = "",
    numbers: Words = "",
    first_day: Words = "",
    currency: Words = "",
) -> Response:
    """How days and numbers are written for all who have not chosen otherwise, and the currency of what is new."""
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            chosen = formats_of({"dates": dates, "clock": clock, "numbers": numbers, "first_day": first_day})
            office.change_formats(session, me.viewer, chosen, currency)
    except UsageError as error:
        return _company(request, me, {"formats": str(error)}, {"currency": currency})
    return RedirectResponse("/settings/company#formats", 303)


@router.post("/company/holidays")
def add_holiday(
    request: Request, me: Me, day: Words = "", name: Words = "", yearly: Annotated[bool, Form()] = False
) -> Response:
    """A day on which nobody works."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        office.add_holiday(session, me.viewer, Holiday(day_in(day, me.formats), name, yearly))
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
    in_force = {
        "time_zone": now.time_zone,
        "phone_country": now.phone_country,
        "currency": now.currency,
        "week": {number: _as_typed(me, hours) for number, hours in enumerate(now.week)},
    }
    return render(
        request,
        me,
        "settings/company.html",
        status=422 if failures else 200,
        fields={**in_force, **(typed or {})},
        office=now,
        weekdays=_week_of(me),
        kinds_of_formats=FORMATS,
        chosen_formats=stored(now.formats),
        zones=time_zones(),
        countries=sorted(CALLING_CODES.items()),
        failures=failures or {},
    )


def _week_of(me: SignedIn) -> list[tuple[int, str]]:
    """The days with their numbers, in the order in which the reader's weeks go."""
    days = list(enumerate(WEEKDAYS))
    return days[me.formats.first_weekday :] + days[: me.formats.first_weekday]


def _as_typed(me: SignedIn, hours: Hours | None) -> tuple[str, str]:
    return (me.formats.time(hours.begin), me.formats.time(hours.end)) if hours else ("", "")


def _hours(me: SignedIn, begin: str, end: str) -> Hours | None:
    if not begin.strip() and not end.strip():
        return None
    if not begin.strip() or not end.strip():
        raise UsageError("Give both times of a day, when work begins and when it ends, or none of them.")
    return Hours(time_in(begin, me.formats), time_in(end, me.formats))


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
            away = Away(day_in(first, me.formats), day_in(last or first, me.formats), note)
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
