"""How days, times and numbers are written: as the company has chosen, and each person for themselves. Pure.

Only what people read and type follows it: what is stored, and what programs are told, stays ISO 8601 with decimal points.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from core.errors import UsageError

NO_BREAK: Final = "\u00a0"


class DateStyle(StrEnum):
    """The last day of 2026, as each writes it."""

    SLASHES = "31/12/2026"
    DOTS = "31.12.2026"
    MONTH_FIRST = "12/31/2026"
    ISO = "2026-12-31"


class ClockStyle(StrEnum):
    """Half past two in the afternoon."""

    HOURS_24 = "14:30"
    HOURS_12 = "2:30 pm"


class NumberStyle(StrEnum):
    """Thousands and decimals."""

    COMMA_POINT = "1,234.56"
    POINT_COMMA = "1.234,56"
    SPACE_COMMA = "1 234,56"
    APOSTROPHE_POINT = "1’234.56"


class FirstDay(StrEnum):
    """On which day a week begins."""

    MONDAY = "monday"
    SUNDAY = "sunday"
    SATURDAY = "saturday"


_DATES: Final = {
    DateStyle.SLASHES: "{0.day:02}/{0.month:02}/{0.year:04}",
    DateStyle.DOTS: "{0.day:02}.{0.month:02}.{0.year:04}",
    DateStyle.MONTH_FIRST: "{0.month:02}/{0.day:02}/{0.year:04}",
    DateStyle.ISO: "{0.year:04}-{0.month:02}-{0.day:02}",
}
_DAYS_OF_YEAR: Final = {
    DateStyle.SLASHES: "{0.day:02}/{0.month:02}",
    DateStyle.DOTS: "{0.day:02}.{0.month:02}.",
    DateStyle.MONTH_FIRST: "{0.month:02}/{0.day:02}",
    DateStyle.ISO: "{0.month:02}-{0.day:02}",
}
_SEPARATORS: Final = {
    NumberStyle.COMMA_POINT: (",", "."),
    NumberStyle.POINT_COMMA: (".", ","),
    NumberStyle.SPACE_COMMA: (NO_BREAK, ","),
    NumberStyle.APOSTROPHE_POINT: ("’", "."),
}
_WEEKDAYS: Final = {FirstDay.MONDAY: 0, FirstDay.SATURDAY: 5, FirstDay.SUNDAY: 6}


@dataclass(frozen=True, slots=True)
class Formats:
    """What was chosen of each."""

    dates: DateStyle = DateStyle.SLASHES
    clock: ClockStyle = ClockStyle.HOURS_24
    numbers: NumberStyle = NumberStyle.COMMA_POINT
    first_day: FirstDay = FirstDay.MONDAY
    numbers_are_chosen: bool = field(default=False, compare=False)
    """Whether somebody has said which sign stands before decimals: until then `1,200` may be two numbers."""

    @property
    def decimal(self) -> str:
        """The sign before decimals."""
        return _SEPARATORS[self.numbers][1]

    @property
    def sure_decimal(self) -> str:
        """The same where it is known that people here type it so; else nothing."""
        return self.decimal if self.numbers_are_chosen else ""

    @property
    def first_weekday(self) -> int:
        """The day that a week begins on; Monday is 0."""
        return _WEEKDAYS[self.first_day]

    @property
    def month_first(self) -> bool:
        """Whether 12/1 is in December."""
        return self.dates is DateStyle.MONTH_FIRST

    @property
    def day_hint(self) -> str:
        """How a day is typed, in letters: `dd/mm/yyyy`."""
        return self.dates.value.replace("2026", "yyyy").replace("31", "dd").replace("12", "mm")

    @property
    def time_hint(self) -> str:
        """How a time is typed: `hh:mm`."""
        return "hh:mm" if self.clock is ClockStyle.HOURS_24 else "hh:mm am"

    def day(self, day: date) -> str:
        """A day in figures, as it is typed too."""
        return _DATES[self.dates].format(day)

    def birthday(self, text: str) -> str:
        """A birthday as it is stored, as people write it: `14.03.` where nobody has told the year."""
        if not text.startswith("--"):
            return self.day(date.fromisoformat(text))
        return _DAYS_OF_YEAR[self.dates].format(date.fromisoformat(f"2000{text[1:]}"))

    def time(self, at: time | datetime) -> str:
        """A time of day."""
        if self.clock is ClockStyle.HOURS_24:
            return f"{at.hour:02}:{at.minute:02}"
        return f"{at.hour % 12 or 12}:{at.minute:02}{NO_BREAK}{'am' if at.hour < 12 else 'pm'}"

    def moment(self, at: datetime) -> str:
        """Day and time, as they are typed too, in the zone of `at`."""
        return f"{self.day(at)} {self.time(at).replace(NO_BREAK, ' ')}"

    def number(self, value: float | Decimal, digits: int | None = None) -> str:
        """A number with its thousands apart; as many decimals as are given, or else at most three."""
        if isinstance(value, int):
            text = f"{value:,}"
        elif digits is None:
            text = f"{value:,.3f}".rstrip("0").rstrip(".")
        else:
            text = f"{value:,.{digits}f}"
        thousands, decimal = _SEPARATORS[self.numbers]
        return text.translate({ord(","): thousands, ord("."): decimal})

    def typed(self, text: str) -> str:
        """A number with a decimal point, as an input shows it: without signs between its thousands."""
        return text.replace(".", self.decimal)


USUAL: Final = Formats()


def formats_of(value: Mapping[str, Any] | None, otherwise: Formats = USUAL) -> Formats:
    """What a stored value says; what it does not say is as in `otherwise`. Raises `UsageError` for what can not be."""
    given = {name: style for name, style in (value or {}).items() if style}
    if unknown := sorted(set(given) - set(KINDS)):
        raise UsageError(f"There is no format called {unknown[0][:80]!r}: there are {', '.join(KINDS)}.")
    chosen: dict[str, Any] = {name: _style(name, style) for name, style in given.items()}
    sure = otherwise.numbers_are_chosen or "numbers" in chosen
    return replace(otherwise, **chosen, numbers_are_chosen=sure)


def stored(formats: Formats) -> dict[str, str]:
    """The same as it is stored."""
    return {name: str(getattr(formats, name)) for name in KINDS}


def _style(name: str, given: object) -> StrEnum:
    try:
        return KINDS[name](str(given))
    except ValueError:
        known = ", ".join(each.value for each in KINDS[name])
        raise UsageError(f"“{str(given)[:80]}” is none of the formats there are: choose one of {known}.") from None


KINDS: Final[dict[str, type[StrEnum]]] = {
    "dates": DateStyle,
    "clock": ClockStyle,
    "numbers": NumberStyle,
    "first_day": FirstDay,
}
