"""Times and spans of calendars (RFC 5545 §3.3.4–3.3.6), brought to UTC."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from parsers.calendar.lines import Component, Property
from parsers.calendar.time_zones import Zone, own_zone, zone_named

VALUE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d{1,9})?(Z)?)?$")
LONGEST = 200
DURATION = re.compile(r"\+?P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in UTC. `is_floating`: it was told without a zone, or in one that nobody knows."""

    at: datetime
    is_date: bool = False
    is_floating: bool = False
    local: datetime | None = None
    """As it was written, called UTC."""


def zones_of(calendar: Component) -> dict[str, Zone]:
    """The zones that a calendar describes itself, by its names for them."""
    return {zone.text("TZID"): own_zone(zone) for zone in calendar.inside("VTIMEZONE")}


def moment_of(found: Property | None, zones: Mapping[str, Zone]) -> Moment | None:
    """The time that a property tells; None for none, or for what is no time."""
    value = found.value.strip()[-LONGEST:] if found else ""
    match = VALUE.search(value.upper())
    if found is None or match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        if match[4] is None:
            return Moment(local, is_date=True, local=local)
        if match[7]:
            return Moment(local, local=local)
        zone = _zone(_name(found, value[: match.start()]), zones)
        if zone is None:
            return Moment(local, is_floating=True, local=local)
        return Moment(zone(local), local=local)
    except (ValueError, OverflowError):
        return None


def _name(found: Property, before: str) -> str:
    """The zone's name; Microsoft's has a colon and no quotes, so that its end stands before the time."""
    name = found.parameters.get("TZID", "")
    return f"{name}:{before.removesuffix(':')}" if name and before else name


def _zone(name: str, zones: Mapping[str, Zone]) -> Zone | None:
    """By its name where the world knows it, else as the calendar describes it."""
    if not name:
        return None
    only = next(iter(zones.values())) if len(zones) == 1 else None
    return zone_named(name) or zones.get(name) or only


def span_of(found: Property | None) -> timedelta | None:
    """A DURATION; None for none, for what is no span and for one that goes back."""
    match = DURATION.match(found.value.strip().upper()) if found else None
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
