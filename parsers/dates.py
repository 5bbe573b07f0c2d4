"""Dates of headers, however wild, as UTC."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(?:Z|([+-])(\d\d):?(\d\d))?")
LONGEST = 200


def parse_date(value: str | None) -> datetime | None:
    """The moment that a Date header names, in UTC; None where it names none. A date without zone counts as UTC."""
    if not value:
        return None
    value = value[:LONGEST]
    try:
        return _rfc5322(value) or _iso(value)
    except (ValueError, TypeError, IndexError, OverflowError):
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
