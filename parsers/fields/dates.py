"""Dates of headers, however wild, as UTC; and the day and zone that the sender wrote."""

import re
from datetime import UTC, datetime, timedelta
from datetime import date as Day
from email.utils import parsedate_tz

ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(?:Z|([+-])(\d\d):?(\d\d))?")
# What nearly all programs write; anything else is read by the standard library, ten times as slowly.
USUAL = re.compile(
    r"(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Za-z]{3}) ([12]\d{3}) (\d\d:\d\d:\d\d) ([+-]\d{4})(?: \([A-Z]{1,5}\))?$", re.ASCII
)
OFFSET = re.compile(r":\d\d(?:\.\d{1,9})?\s{0,3}([+-])(\d\d):?(\d\d)(?!\d)")
MONTHS = {
    "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
    "Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
}  # fmt: skip
LONGEST = 200


def parse_date(value: str | None) -> datetime | None:
    """The moment that a Date header names, in UTC; None where it names none. A date without zone counts as UTC."""
    if not value:
        return None
    value = value[:LONGEST]
    try:
        return _usual(value) or _rfc5322(value) or _iso(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def offset_of(value: str | None) -> timedelta | None:
    """How far the zone of a Date header is from UTC; None where it names none, or no date."""
    if parse_date(value) is None:
        return None
    match = OFFSET.search((value or "")[:LONGEST])
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -offset if match[1] == "-" else offset


def local_date(value: str | None) -> Day | None:
    """The day of a Date header as its sender saw it."""
    moment = parse_date(value)
    try:
        return None if moment is None else (moment + (offset_of(value) or timedelta())).date()
    except OverflowError:
        return None


def _usual(value: str) -> datetime | None:
    match = USUAL.match(value)
    if match is None:
        return None
    day, name, year, clock, zone = match.groups()
    month = MONTHS.get(name)
    if month is None:
        return None
    try:
        return datetime.fromisoformat(f"{year}-{month}-{day.zfill(2)}T{clock}{zone}").astimezone(UTC)
    except ValueError:
        # A leap second, an hour 24, a zone beyond a day.
        return None


def _rfc5322(value: str) -> datetime | None:
    parsed = parsedate_tz(value)
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    local = datetime(year, month, day, min(hour, 23), min(minute, 59), min(second, 59), tzinfo=UTC)
    return local - timedelta(seconds=parsed[9] or 0)


def _iso(value: str) -> datetime | None:
    match = ISO.search(value)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(number or 0) for number in match.groups()[:6])
    local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    if match[7] is None:
        return local
    offset = timedelta(hours=int(match[8]), minutes=int(match[9]))
    return local - offset if match[7] == "+" else local + offset
