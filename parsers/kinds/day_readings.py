"""Which day a written day means, for a message that was sent on a certain day from a certain country.

A missing year and a day of the week count from the day of sending. What stays open, as 03/04 of an English text from
nowhere in particular, means no day.
"""

from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta

from parsers.fields.dates import local_date, offset_of
from parsers.kinds.written_days import Mention
from parsers.phrases.away import MONTH_FIRST_DOMAINS, NO_COUNTRY_DOMAINS

DAY = timedelta(days=1)
EARLIEST = -DAY
LATEST = 730 * DAY
LATEST_WITHOUT_YEAR = 300 * DAY
"""A day of later was meant for last year, and the text forgotten."""
BELIEVABLE = range(1970, 2970)
"""Years that a mail may be sent in; days are counted from there, and the calendar has an end."""
LONG = 60 * DAY
ANNOUNCED = 14 * DAY
AMERICAS = (timedelta(hours=-6), timedelta(hours=-4))
"""Zones where an English 03/04 is a day of March. Not California's: there stand the servers of half the world."""


@dataclass(frozen=True, slots=True)
class Readings:
    """`sent` is the day as the sender saw it; `month_first` how his country writes 03/04, None where that is unknown."""

    sent: Day | None
    month_first: bool | None

    def day_of(self, mention: Mention, since: Mention | None, *, month_first: bool | None) -> Day | None:
        """The day, if only one is possible.

        `since` is the other end of a range of which `mention` is the last day. `month_first` is how the language writes
        03/04; None leaves it to the country.
        """
        if not mention.days:
            return self._near_day(mention)
        readings = mention.days
        order = self.month_first if month_first is None else month_first
        if len(readings) == 2 and order is not None:
            readings = readings[1:] if order else readings[:1]
        days = [day for month, number in readings if (day := self._day(month, number, mention.year))]
        if len(days) == 2 and since is not None and len(since.days) == 2:
            days = self._by_range(days, since)
        return days[0] if len(days) == 1 else None

    def _near_day(self, mention: Mention) -> Day | None:
        if self.sent is None:
            return None
        if mention.weekday is None:
            return self.sent + DAY
        return weekday_after(self.sent, mention.weekday)

    def _day(self, month: int, number: int, year: int | None) -> Day | None:
        if self.sent is None:
            return None if year is None else calendar_day(year, month, number)
        if year is None:
            found = calendar_day(self.sent.year, month, number)
            if found is None or found - self.sent < EARLIEST:
                found = calendar_day(self.sent.year + 1, month, number)
            return found if found is not None and found - self.sent <= LATEST_WITHOUT_YEAR else None
        found = calendar_day(year, month, number)
        return found if found is not None and EARLIEST <= found - self.sent <= LATEST else None

    def _by_range(self, days: list[Day], since: Mention) -> list[Day]:
        """Of two readings of a range the one that the mail was sent in; if both are such, the short one."""
        fitting: list[tuple[timedelta, Day]] = []
        for (month, number), last in zip(since.days, days, strict=True):
            first = calendar_day(since.year or last.year, month, number)
            if first is not None and first <= last and (self.sent is None or first - ANNOUNCED <= self.sent):
                fitting.append((last - first, last))
        fitting.sort()
        if len(fitting) == 2 and fitting[0][0] < LONG < fitting[1][0]:
            fitting.pop()
        return [last for _, last in fitting]


def readings_for(sent: str | None, sender: str) -> Readings:
    """By the Date header and the sender's address: the country by its end, else by the zone."""
    day = local_date(sent)
    return Readings(day if day is not None and day.year in BELIEVABLE else None, _is_month_first(sent, sender))


def weekday_after(day: Day, weekday: int) -> Day:
    """The next such day of the week, never the day itself. Monday is 0."""
    return day + ((weekday - day.weekday() - 1) % 7 + 1) * DAY


def calendar_day(year: int, month: int, number: int) -> Day | None:
    """The day, or None where the month has no such day."""
    try:
        return Day(year, month, number)
    except ValueError:
        return None


def _is_month_first(sent: str | None, sender: str) -> bool | None:
    end = sender.rpartition(".")[2].lower()
    if end in MONTH_FIRST_DOMAINS:
        return True
    if len(end) == 2 and end not in NO_COUNTRY_DOMAINS:
        return False
    offset = offset_of(sent)
    if offset is None or end == "ca":
        return None
    if AMERICAS[0] <= offset <= AMERICAS[1]:
        return True
    return False if offset > timedelta() else None
