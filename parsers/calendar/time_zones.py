"""Time zones by the names that calendars use: IANA's, Windows', those of old programs, or rules that they bring along."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parsers.calendar.lines import Component
from parsers.phrases.windows_zones import OTHER_NAMES, WINDOWS

Zone = Callable[[datetime], datetime]
"""Gives the UTC of a local time, which comes called UTC."""

IANA = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?")
IN_NAME = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d\d?)[:.](\d\d))?\)")
BY_DAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def zone_named(name: str) -> Zone | None:
    """The zone that the world knows by this name, or None."""
    found = _known(name.strip().strip('"')[:200])
    return _by(found) if found is not None else None


@lru_cache(maxsize=512)
def _known(name: str) -> tzinfo | None:
    if windows := WINDOWS.get(name.lower()) or OTHER_NAMES.get(name.lower()):
        return _iana(windows)
    # Programs put their own name and version before it: /mozilla.org/20050126_1/Europe/Berlin
    words = name.split("/")
    for width in (3, 2, 1):
        if len(words) >= width and (found := _iana("/".join(words[-width:]))) is not None:
            return found
    return None


def _iana(name: str) -> tzinfo | None:
    if IANA.fullmatch(name) is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _by(zone: tzinfo) -> Zone:
    return lambda local: local.replace(tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Observance:
    """Standard or daylight saving time: from when, each year again or once, and how far from UTC."""

    start: datetime
    offset: timedelta
    before: timedelta
    rule: dict[str, str]

    def begins(self, local: datetime) -> datetime | None:
        """Its last beginning at or before this local time."""
        if local < self.start or not self.rule:
            return self.start if local >= self.start else None
        until = self.rule.get("UNTIL", "")[:4]
        last = min(local.year, int(until)) if until.isdigit() else local.year
        for year in (last, last - 1):
            begin = self._in(year)
            if begin is not None and self.start <= begin <= local:
                return begin
        return self.start

    def _in(self, year: int) -> datetime | None:
        month = self.rule.get("BYMONTH", "")
        at = int(month) if month.isdigit() and 1 <= int(month) <= 12 else self.start.month
        if not 1 <= year <= 9999:
            return None
        first, length = monthrange(year, at)
        match = BY_DAY.match(self.rule.get("BYDAY", ""))
        among = {int(day) for day in self.rule.get("BYMONTHDAY", "").split(",") if day.isdigit()}
        fitting = [
            day
            for day in range(1, length + 1)
            if (not among or day in among) and (match is None or WEEKDAYS[(first + day - 1) % 7] == match[2])
        ]
        if match is None and not among:
            fitting = [min(self.start.day, length)]
        which = int(match[1]) if match and match[1] else 1
        which = which - 1 if which > 0 else which
        if not -len(fitting) <= which < len(fitting):
            return None
        return self.start.replace(year=year, month=at, day=fitting[which])


def own_zone(described: Component) -> Zone:
    """A VTIMEZONE (RFC 5545 §3.6.5): by the place that it names, else by its own rules, else by the offset in its name."""
    for name in ("X-LIC-LOCATION", "X-TZINFO", "TZID"):
        if zone := zone_named(described.text(name).partition("[")[0]):
            return zone
    parts = [*described.inside("STANDARD"), *described.inside("DAYLIGHT")]
    observances = [found for part in parts if (found := _observance(part)) is not None]
    if observances:
        return lambda local: _utc(local, observances)
    return _by(_offset_in_name(described.text("TZID")))


def _utc(local: datetime, observances: list[Observance]) -> datetime:
    begun = [(begin, seen.offset) for seen in observances if (begin := seen.begins(local)) is not None]
    if begun:
        return local - max(begun, key=lambda pair: pair[0])[1]
    return local - min(observances, key=lambda seen: seen.start).before


def _observance(part: Component) -> Observance | None:
    digits = re.sub(r"\D", "", part.text("DTSTART")[:40])
    offset = _offset(part.text("TZOFFSETTO"))
    try:
        start = datetime.strptime(digits[:14].ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    if offset is None:
        return None
    rule = dict(pair.split("=", 1) for pair in part.text("RRULE").upper()[:500].split(";") if "=" in pair)
    before = _offset(part.text("TZOFFSETFROM"))
    return Observance(start, offset, offset if before is None else before, rule)


def _offset(text: str) -> timedelta | None:
    match = OFFSET.match(text.strip())
    if match is None:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    size = min(size, timedelta(hours=23))
    return -size if match[1] == "-" else size


def _offset_in_name(name: str) -> tzinfo:
    match = IN_NAME.search(name[:100])
    if match is None or not match[1]:
        return UTC
    size = min(timedelta(hours=int(match[2]), minutes=int(match[3])), timedelta(hours=23))
    return timezone(-size if match[1] == "-" else size)
