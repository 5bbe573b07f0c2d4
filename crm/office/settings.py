"""What an administrator says of the company: time zone, working hours, holidays, formats, currency, country of phone numbers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.currencies import is_currency
from core.errors import NotFound, UsageError
from crm.access import repository
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.office.calendar import USUAL_WEEK, Calendar, Holiday, Hours
from crm.office.calling_codes import CALLING_CODES
from crm.office.formats import USUAL, Formats, formats_of, stored
from storage.jobs import RENUMBER_PHONES, OfPhones, enqueue
from storage.sessions import ReadSession, WriteSession

SETTING = "company"
ONLY_ADMINISTRATORS = "Only an administrator may change the company's settings."
MOST_HOLIDAYS = 400
LONGEST_NAME = 200
USUAL_CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Office:
    """The company's settings, in force or wanted. `phone_country` is two letters, or empty."""

    time_zone: str = "UTC"
    week: tuple[Hours | None, ...] = USUAL_WEEK
    holidays: tuple[Holiday, ...] = field(default=())
    phone_country: str = ""
    currency: str = USUAL_CURRENCY
    """Of what is new, unless somebody says another."""
    formats: Formats = USUAL

    @property
    def calendar(self) -> Calendar:
        """Its working time."""
        return Calendar(ZoneInfo(self.time_zone), self.week, self.holidays)


def read_office(session: ReadSession, *, held: bool = False) -> Office:
    """What is in force; UTC, Monday to Friday from nine to six, unless somebody chose otherwise. `held`: and stays so until this
    unit ends."""
    return office_of(repository.setting(session, SETTING, held=held))


def known_currency(session: ReadSession, given: str) -> str:
    """The code of a currency; the company's where none is given. Raises `UsageError` for what is none."""
    currency = given.strip().upper()
    if currency and not is_currency(currency):
        raise UsageError("A currency has three letters, such as EUR.")
    return currency or read_office(session).currency


def formats_for(session: ReadSession, user_id: int | None) -> Formats:
    """How days and numbers are written for a person; for nobody, as for the company."""
    who = None if user_id is None else repository.person(session, Viewer.system(), user_id)
    return formats_of(who.formats if who else None, read_office(session).formats)


def choose_formats(session: WriteSession, viewer: Viewer, user_id: int, given: Mapping[str, str]) -> None:
    """How days and numbers are written for one person; what is empty is as for the company, also when that changes.

    Raises `Forbidden` for another's choice, `NotFound`, `UsageError` for a format that there is not.
    """
    if viewer.user_id != user_id:
        viewer.require_administrator()
    formats_of(given)
    own = {name: style for name, style in given.items() if style}
    if not repository.update_person(session, user_id, formats=own):
        raise NotFound("There is no such person.")


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
        value.get("currency", USUAL_CURRENCY),
        formats_of(value.get("formats")),
    )


def change_hours(
    session: WriteSession,
    viewer: Viewer,
    *,
    time_zone: str,
    week: tuple[Hours | None, ...],
    phone_country: str,
    phones_anew: bool = False,
) -> None:
    """Other working time and phone country; holidays stay. Raises as `change_office`."""
    now = office_for_change(session, viewer)
    wanted = replace(now, time_zone=time_zone, week=week, phone_country=phone_country)
    change_office(session, viewer, wanted, before=now, phones_anew=phones_anew)


def change_formats(session: WriteSession, viewer: Viewer, formats: Formats, currency: str) -> None:
    """Other formats for all who have not chosen their own, and another currency for what is new. Raises as `change_office`."""
    now = office_for_change(session, viewer)
    change_office(session, viewer, replace(now, formats=formats, currency=currency), before=now)


def add_holiday(session: WriteSession, viewer: Viewer, holiday: Holiday) -> None:
    """One more day on which nobody works. Raises as `change_office`."""
    now = office_for_change(session, viewer)
    change_office(session, viewer, replace(now, holidays=(*now.holidays, holiday)), before=now)


def remove_holiday(session: WriteSession, viewer: Viewer, day: date) -> None:
    """A day like any other. Raises as `change_office`."""
    now = office_for_change(session, viewer)
    left = tuple(one for one in now.holidays if one.day != day)
    change_office(session, viewer, replace(now, holidays=left), before=now)


def office_for_change(session: WriteSession, viewer: Viewer) -> Office:
    """What is in force, which nobody else changes before this unit ends. Raises `Forbidden`."""
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    return office_of(repository.setting_for_change(session, SETTING))


def change_office(
    session: WriteSession, viewer: Viewer, wanted: Office, *, before: Office, phones_anew: bool = False
) -> None:
    """Put other settings in force, for deadlines and queues from now on. Raises `Forbidden`, `UsageError`.

    `before`: what `office_for_change` gave in this unit of work.
    Phones that are stored without a country get the one that is chosen now; `phones_anew`: so do those that are written
    without a code and were noted as numbers of another one.
    """
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    office = checked(wanted)
    if office.phone_country and (phones_anew or office.phone_country != before.phone_country):
        enqueue(session, RENUMBER_PHONES, OfPhones(office.phone_country, phones_anew))
    value = {
        "time_zone": office.time_zone,
        "week": [[_clock(each.begin), _clock(each.end)] if each else None for each in office.week],
        "holidays": [
            {"day": each.day.isoformat(), "name": each.name, "yearly": each.yearly} for each in office.holidays
        ],
        "phone_country": office.phone_country,
        "currency": office.currency,
        "formats": stored(office.formats) if office.formats.numbers_are_chosen else {},
    }
    repository.put_setting(session, SETTING, value)
    record_act(session, viewer, "company.change", time_zone=office.time_zone, phone_country=office.phone_country)


def checked(wanted: Office) -> Office:
    """The same in its normal form: holidays by date, each once. Raises `UsageError` for what can not be."""
    country = wanted.phone_country.strip().upper()
    if country and country not in CALLING_CODES:
        raise UsageError("There is no such country: write its two letters, as in PL or DE.")
    currency = wanted.currency.strip().upper()
    if not is_currency(currency):
        raise UsageError("A currency has three letters, such as EUR.")
    return Office(
        known_zone(wanted.time_zone),
        _week(wanted.week),
        _holidays(wanted.holidays),
        country,
        currency,
        wanted.formats,
    )


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
