"""Working time: which moments count, and when work goes on. Pure: no clock, no database.

Days and hours are those of a time zone, so a deadline is at six in the evening in summer and in winter, on the clocks of
whoever works there. Given moments are aware, answers are UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOOKED_AHEAD = 400
"""Days: somebody who is away for longer is not waited for."""


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Working hours of a day: from `begin`, to before `end`."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A day on which nobody works; `yearly`: on that day of every year."""

    day: date
    name: str = ""
    yearly: bool = False

    def is_on(self, day: date) -> bool:
        """Whether it falls on `day`."""
        same = (self.day.month, self.day.day) == (day.month, day.day)
        return self.day == day or (self.yearly and same)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """From the first day to the last one, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


OFFICE_HOURS = Hours(time(9), time(18))
USUAL_WEEK: tuple[Hours | None, ...] = (OFFICE_HOURS,) * 5 + (None, None)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours of each weekday (Monday first; None: a free day) in a time zone, and holidays.

    At least one weekday has hours.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    week: tuple[Hours | None, ...] = USUAL_WEEK
    holidays: tuple[Holiday, ...] = ()

    def in_zone(self, zone: ZoneInfo) -> "Calendar":
        """The same hours on the clocks of another time zone."""
        return replace(self, zone=zone)

    def hours_of(self, day: date, away: Iterable[Days] = ()) -> Hours | None:
        """Working hours of a day; None on a free day, a holiday, and while somebody is `away`."""
        hours = self.week[day.weekday()]
        if hours is None or any(holiday.is_on(day) for holiday in self.holidays):
            return None
        return None if any(day in days for days in away) else hours

    def at_work_from(self, moment: datetime, away: Iterable[Days] = ()) -> datetime | None:
        """`moment` itself within working hours, else when they begin next; None where they do not within `LOOKED_AHEAD` days."""
        local, absences = moment.astimezone(self.zone), tuple(away)
        for ahead in range(LOOKED_AHEAD):
            day = local.date() + timedelta(days=ahead)
            hours = self.hours_of(day, absences)
            if hours is None or (ahead == 0 and local.time() >= hours.end):
                continue
            return max(moment.astimezone(UTC), self._utc(day, hours.begin))
        return None

    def end_of_next_working_day(self, moment: datetime) -> datetime:
        """When work ends on the first working day after that of `moment`."""
        today = moment.astimezone(self.zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(1, LOOKED_AHEAD))
        found = next(((day, hours) for day in days if (hours := self.hours_of(day))), None)
        return self._utc(found[0], found[1].end) if found else moment.astimezone(UTC) + timedelta(days=1)

    def closing(self, day: date) -> time:
        """When a day ends that is named without an hour: when work does; on a free day, as on the first working day of a week."""
        hours = self.hours_of(day) or next(hours for hours in self.week if hours)
        return hours.end

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


USUAL = Calendar()
"""Of whoever has chosen nothing."""
