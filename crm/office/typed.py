"""Days and times as people type them, in the formats that are theirs. Pure.

ISO 8601 is always understood, and whatever sign stands between day, month and year: only whether the day or the month comes
first is the reader's to say.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from core.errors import UsageError
from crm.office.formats import DateStyle, Formats

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_WRITTEN: Final = re.compile(r"([0-9]{1,2})([./ -])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})\.?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NO_YEAR_ISO: Final = re.compile(r"--([0-9]{2})(-?)([0-9]{2})")
_NO_YEAR: Final = re.compile(r"([0-9]{1,2})([./ -])([0-9]{1,2})\.?")
_LEAP: Final = 2000
"""A year that has all days."""
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([./ ])([0-9]{1,2})\2([0-9]{1,2})")
_CLOCK: Final = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::[0-9]{2})?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)
_EXAMPLE: Final = date(2026, 12, 31)
_AT: Final = time(14, 30)
LAST_OF_CENTURY: Final = 69
"""Two figures below it are years of the 2000s (as in POSIX)."""


def day_in(text: str, formats: Formats) -> date:
    """The day in a text. Raises `UsageError` that says how to write one."""
    given = " ".join(text.split())
    try:
        if found := _ISO.fullmatch(given):
            return date(*(int(part) for part in found.groups()))
        if found := _YEAR_FIRST.fullmatch(given):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if found := _WRITTEN.fullmatch(given):
            first, second = int(found[1]), int(found[3])
            day, month = (second, first) if formats.month_first else (first, second)
            return date(_year(found[4]), month, day)
    except ValueError:
        pass
    raise UsageError(f"“{given[:40]}” is not a date: write it as {formats.day(_EXAMPLE)}.")


def birthday_in(text: str, formats: Formats) -> str:
    """A birthday as ISO 8601 writes it, `--03-14` where no year is told: that way, as vCards have it, or as days are typed.

    A year has four figures: of `14/03/55` and `14/03/24` nobody can say the century.
    Raises `UsageError` that says how to write one.
    """
    given = " ".join(text.split())
    try:
        if found := _COMPACT.fullmatch(given):
            return date(*(int(part) for part in found.groups())).isoformat()
        if (found := _NO_YEAR_ISO.fullmatch(given)) or (found := _NO_YEAR.fullmatch(given)):
            first, second = int(found[1]), int(found[3])
            is_iso = found.re is _NO_YEAR_ISO
            month_first = is_iso or (found[2] != "." and (formats.month_first or formats.dates is DateStyle.ISO))
            month, day = (first, second) if month_first else (second, first)
            return f"-{date(_LEAP, month, day).isoformat()[4:]}"
        if (found := _WRITTEN.fullmatch(given)) and len(found[4]) == 2:
            raise ValueError("nobody can say of which century")
        return day_in(given, formats).isoformat()
    except (UsageError, ValueError):
        examples = formats.day(_EXAMPLE), formats.birthday("--12-31")
        raise UsageError(f"“{given[:40]}” is not a birthday: write it as {examples[0]}, or {examples[1]}.") from None


def time_in(text: str, formats: Formats) -> time:
    """The time of day in a text: `14:30`, `2:30 pm`, `9`. Raises `UsageError` that says how to write one."""
    given = " ".join(text.split())
    found = _CLOCK.fullmatch(given)
    try:
        if found:
            return time(_hour(int(found[1]), (found[3] or "").lower()), int(found[2] or 0))
    except ValueError:
        pass
    raise UsageError(f"“{given[:40]}” is not a time: write it as {_plain(formats, _AT)}.")


def moment_in(text: str, formats: Formats, otherwise: Callable[[date], time] = lambda _: time()) -> datetime:
    """Day and time in a text, without a zone; `otherwise` says the time where only a day stands there. Raises `UsageError`."""
    given = " ".join(text.split())
    written, sep, at = _parted(given)
    try:
        day = day_in(written, formats)
        return datetime.combine(day, time_in(at, formats) if sep else otherwise(day))
    except UsageError:
        example = f"{formats.day(_EXAMPLE)} {_plain(formats, _AT)}"
        raise UsageError(f"“{given[:40]}” is not a date with a time: write it as {example}.") from None


def _parted(given: str) -> tuple[str, str, str]:
    """The day, and the time behind it; the day may have spaces in it itself."""
    if "T" in given:
        return given.partition("T")
    for pattern in (_ISO, _WRITTEN, _YEAR_FIRST):
        if (found := pattern.match(given)) and given[found.end() : found.end() + 1] in (" ", ","):
            return found[0], " ", given[found.end() :].strip(" ,")
    return given, "", ""


def _year(figures: str) -> int:
    year = int(figures)
    if len(figures) == 4:
        return year
    return year + (2000 if year < LAST_OF_CENTURY else 1900)


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "p" else 0)


def _plain(formats: Formats, at: time) -> str:
    return " ".join(formats.time(at).split())
