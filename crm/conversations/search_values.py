"""Days and sizes as people type them into the search field."""

import re
from datetime import date, timedelta
from typing import NamedTuple

EARLIEST, LATEST = 1900, 2200
OLDEST_DAYS = 36_500
_DAY = re.compile(r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?", re.ASCII)
_EUROPEAN_DAY = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII)
_AGO = re.compile(r"(?P<number>\d{1,5})(?P<unit>[dwmy])", re.ASCII)
_SIZE = re.compile(r"(?P<number>\d{1,9}(?:\.\d{1,3})?)\s?(?P<unit>[kmg]?)(?:i?b)?", re.ASCII | re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_BYTES = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3}


class Days(NamedTuple):
    """From the beginning of one day to the beginning of another."""

    first: date
    end: date


def days_of(value: str, today: date) -> Days | None:
    """2026, 2026-03, 2026-03-14 (also with / or .), 14.3.2026, today, yesterday, or 7d, 2w, 3m, 1y ago; else None."""
    value = value.strip().lower()
    if value in ("today", "yesterday"):
        return _one_day(today - timedelta(days=value == "yesterday"))
    if ago := _AGO.fullmatch(value):
        days = int(ago["number"]) * _DAYS[ago["unit"]]
        return _one_day(today - timedelta(days=days)) if days <= OLDEST_DAYS else None
    found = _DAY.fullmatch(value) or _EUROPEAN_DAY.fullmatch(value)
    if found is None or not EARLIEST <= int(found["year"]) <= LATEST:
        return None
    try:
        return _calendar(int(found["year"]), found["month"], found["day"])
    except ValueError:
        return None


def size_of(value: str) -> int | None:
    """Bytes: 500, 500k, 1.5M, 2MB; None where it is no size."""
    found = _SIZE.fullmatch(value.strip())
    return int(float(found["number"]) * _BYTES[found["unit"].lower()]) if found else None


def _one_day(day: date) -> Days:
    return Days(day, day + timedelta(days=1))


def _calendar(year: int, month: str | None, day: str | None) -> Days:
    if month is None:
        return Days(date(year, 1, 1), date(year + 1, 1, 1))
    first = date(year, int(month), int(day or 1))
    if day is not None:
        return _one_day(first)
    return Days(first, (first + timedelta(days=31)).replace(day=1))
