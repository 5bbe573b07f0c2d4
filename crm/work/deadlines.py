"""When somebody means: "tomorrow", "Friday 15:00", "2026-12-01", "in 3 days". Pure: the present moment is an argument."""

import re
from datetime import UTC, date, datetime, time, timedelta

from crm.office.calendar import Calendar
from crm.work.phrases import MONTHS, NEXT, TODAY, TOMORROW, WEEKDAYS

LONGEST = 40

_TIME = re.compile(r"(?:\s+(?:at\s+)?|T)(\d{1,2})[:.](\d{2})\s*(am|pm)?$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4})?)?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+([a-z]{3,9})(?:,?\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_IN_DAYS = re.compile(r"in\s+(\d{1,3})\s+(day|week)s?")


def read_moment(words: str, now: datetime, calendar: Calendar) -> datetime | None:
    """The moment in UTC that `words` mean to somebody whose clock shows `now` (aware); None where it is not clear.

    A day that is named without an hour ends when work does. A date such as 01/02/2026 is two dates, so it is none.
    """
    text = " ".join(words.lower().split()).strip(" .,;")
    if not text or len(text) > LONGEST:
        return None
    hour, text = _split_time(text)
    try:
        day = _day(text, now, hour or calendar.closing(now.date()))
    except (ValueError, OverflowError):
        return None
    if day is None:
        return None
    return datetime.combine(day, hour or calendar.closing(day), tzinfo=now.tzinfo).astimezone(UTC)


def _split_time(text: str) -> tuple[time | None, str]:
    match = _TIME.search(text)
    if match is None:
        return None, text
    hour, minute, half = int(match[1]), int(match[2]), match[3]
    if half:
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    if hour > 23 or minute > 59:
        return None, text
    return time(hour, minute), text[: match.start()].strip(" ,")


def _day(text: str, now: datetime, hour: time) -> date | None:
    if text in TODAY or not text:
        return now.date()
    if text in TOMORROW:
        return now.date() + timedelta(days=1)
    if match := _IN_DAYS.fullmatch(text):
        return now.date() + timedelta(days=int(match[1]) * (7 if match[2] == "week" else 1))
    return _weekday(text, now, hour) or _calendar_day(text, now)


def _weekday(text: str, now: datetime, hour: time) -> date | None:
    """The coming one; today while the hour is not over. "next Friday" on a Monday is the one after the coming one."""
    first, _, rest = text.partition(" ")
    further = first in NEXT and rest in WEEKDAYS
    number = WEEKDAYS.get(rest if further else text)
    if number is None:
        return None
    ahead = (number - now.weekday()) % 7
    if ahead == 0 and now.time() >= hour:
        ahead = 7
    return now.date() + timedelta(days=ahead + (7 if further else 0))


def _calendar_day(text: str, now: datetime) -> date | None:
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DOTTED.fullmatch(text):
        return _in_year(match[3], int(match[2]), int(match[1]), now)
    if (match := _DAY_MONTH.fullmatch(text)) and match[2] in MONTHS:
        return _in_year(match[3], MONTHS[match[2]], int(match[1]), now)
    if (match := _MONTH_DAY.fullmatch(text)) and match[1] in MONTHS:
        return _in_year(match[3], MONTHS[match[1]], int(match[2]), now)
    return None


def _in_year(year: str | None, month: int, day: int, now: datetime) -> date:
    """The day in the year given, or the next time it comes."""
    if year is not None:
        return date(int(year), month, day)
    this = date(now.year, month, day)
    return this if this >= now.date() else date(now.year + 1, month, day)
