"""What an administrator says of the company: time zone, working hours, holidays, and the country of its phone numbers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import UsageError
from crm.access import repository
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.office.calendar import USUAL_WEEK, Calendar, Holiday, Hours
from crm.office.calling_codes import CALLING_CODES
from storage.sessions import ReadSession, WriteSession

SETTING = "company"
ONLY_ADMINISTRATORS = "Only an administrator may change the company's settings."
MOST_HOLIDAYS = 400
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Office:
    """The company's settings, in force or wanted. `phone_country` is two letters, or empty."""

    time_zone: str = "UTC"
    week: tuple[Hours | None, ...] = USUAL_WEEK
    holidays: tuple[Holiday, ...] = field(default=())
    phone_country: str = ""

    @property
    def calendar(self) -> Calendar:
        """Its working time."""
        return Calendar(ZoneInfo(self.time_zone), self.week, self.holidays)


def read_office(session: ReadSession) -> Office:
    """What is in force; UTC, Monday to Friday from nine to six, unless somebody chose otherwise."""
    return office_of(repository.setting(session, SETTING))


def office_of(value: Mapping[str, Any] | None) -> Office:
    """What a stored value says."""
    return _office(json.dumps(value, sort_keys=True)) if value else Office()


@lru_cache(maxsize=8)
def _office(text: str) -> Office:
    """Asked with every batch of mail."""
    value = json.loads(text)
    return Office(
        value["time_zone"],
        tuple(Hours(*map(time.fromisoformat, each)) if each else None for each in value["week"]),
        tuple(Holiday(date.fromisoformat(each["day"]), each["name"], each["yearly"]) for each in value["holidays"]),
        value["phone_country"],
    )


def change_hours(
    session: WriteSession, viewer: Viewer, *, time_zone: str, week: tuple[Hours | None, ...], phone_country: str
) -> None:
    """Other working time and phone country; holidays stay. Raises as `change_office`."""
    now = _for_change(session, viewer)
    change_office(session, viewer, replace(now, time_zone=time_zone, week=week, phone_country=phone_country))


def add_holiday(session: WriteSession, viewer: Viewer, holiday: Holiday) -> None:
    """One more day on which nobody works. Raises as `change_office`."""
    now = _for_change(session, viewer)
    change_office(session, viewer, replace(now, holidays=(*now.holidays, holiday)))


def remove_holiday(session: WriteSession, viewer: Viewer, day: date) -> None:
    """A day like any other. Raises as `change_office`."""
    now = _for_change(session, viewer)
    change_office(session, viewer, replace(now, holidays=tuple(one for one in now.holidays if one.day != day)))


def _for_change(session: WriteSession, viewer: Viewer) -> Office:
    """What is in force, which nobody else changes before this unit ends. Raises `Forbidden`."""
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    return office_of(repository.setting_for_change(session, SETTING))


def change_office(session: WriteSession, viewer: Viewer, wanted: Office) -> None:
    """Put other settings in force, for deadlines and queues from now on. Raises `Forbidden`, `UsageError`."""
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    office = checked(wanted)
    value = {
        "time_zone": office.time_zone,
        "week": [[_clock(each.begin), _clock(each.end)] if each else None for each in office.week],
        "holidays": [
            {"day": each.day.isoformat(), "name": each.name, "yearly": each.yearly} for each in office.holidays
        ],
        "phone_country": office.phone_country,
    }
    repository.put_setting(session, SETTING, value)
    record_act(session, viewer, "company.change", time_zone=office.time_zone, phone_country=office.phone_country)


def checked(wanted: Office) -> Office:
    """The same in its normal form: holidays by date, each once. Raises `UsageError` for what can not be."""
    country = wanted.phone_country.strip().upper()
    if country and country not in CALLING_CODES:
        raise UsageError("There is no such country: write its two letters, as in PL or DE.")
    return Office(known_zone(wanted.time_zone), _week(wanted.week), _holidays(wanted.holidays), country)


def known_zone(name: str) -> str:
    """The name of a time zone. Raises `UsageError` where there is none of that name."""
    try:
        return ZoneInfo(name.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError("There is no time zone of that name: write it as in Europe/Warsaw.") from None


def _week(week: Sequence[Hours | None]) -> tuple[Hours | None, ...]:
    if len(week) != len(USUAL_WEEK):
        raise UsageError("A week has seven days: give hours, or nothing, for each of them from Monday on.")
    if any(hours is not None and hours.begin >= hours.end for hours in week):
        raise UsageError("Working hours end after they begin: correct the day where they do not.")
    if not any(week):
        raise UsageError("Give working hours for one day of the week at least: deadlines and queues go by them.")
    return tuple(week)


def _holidays(holidays: Sequence[Holiday]) -> tuple[Holiday, ...]:
    if len(holidays) > MOST_HOLIDAYS:
        raise UsageError(f"There are more than {MOST_HOLIDAYS} holidays: leave out those that are over.")
    by_day = {each.day: Holiday(each.day, " ".join(each.name.split())[:LONGEST_NAME], each.yearly) for each in holidays}
    return tuple(by_day[day] for day in sorted(by_day))


def _clock(at: time) -> str:
    return at.isoformat("minutes")
