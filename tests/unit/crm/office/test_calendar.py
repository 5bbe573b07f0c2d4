"""Working time: weekends, holidays, absences, time zones, the two Sundays on which clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.office.calendar import Calendar, Days, Holiday, Hours

WARSAW, TOKYO = ZoneInfo("Europe/Warsaw"), ZoneInfo("Asia/Tokyo")
CHRISTMAS = Holiday(date(2020, 12, 25), "Christmas", yearly=True)
CALENDAR = Calendar(WARSAW, holidays=(CHRISTMAS, Holiday(date(2026, 3, 4), "Founders' day")))
HALF_FRIDAY = Calendar(WARSAW, (*Calendar().week[:4], Hours(time(8), time(13, 30)), None, None))


def at(text: str, zone: ZoneInfo = WARSAW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "works_from"),
    [
        ("2026-03-03 12:00", "2026-03-03 12:00"),
        ("2026-03-03 09:00", "2026-03-03 09:00"),
        ("2026-03-03 08:59:59", "2026-03-03 09:00"),
        ("2026-03-03 17:59:59", "2026-03-03 17:59:59"),
        ("2026-03-03 18:00", "2026-03-05 09:00"),  # The fourth is a holiday of that year.
        ("2027-03-04 10:00", "2027-03-04 10:00"),
        ("2026-03-06 18:30", "2026-03-09 09:00"),
        ("2026-03-07 12:00", "2026-03-09 09:00"),
        ("2026-12-25 12:00", "2026-12-28 09:00"),  # Yearly, and a weekend behind it.
        ("2026-03-27 20:00", "2026-03-30 09:00"),  # Summer time begins between.
        ("2026-10-23 20:00", "2026-10-26 09:00"),
    ],
)
def test_work_goes_on(moment: str, works_from: str) -> None:
    found = CALENDAR.at_work_from(at(moment))
    assert found == at(works_from)
    assert found is not None
    assert found.tzinfo is UTC


def test_nobody_who_is_away_is_waited_for_longer_than_a_year() -> None:
    monday = at("2026-03-02 10:00")
    assert CALENDAR.at_work_from(monday, [Days(date(2026, 3, 2), date(2026, 3, 3))]) == at("2026-03-05 09:00")
    assert CALENDAR.at_work_from(monday, [Days(date(2026, 3, 3), date(2026, 3, 3))]) == monday
    assert CALENDAR.at_work_from(monday, [Days(date(2026, 1, 1), date(2029, 1, 1))]) is None


def test_a_colleague_elsewhere_works_by_the_clocks_there() -> None:
    moment = at("2026-03-03 03:00")  # Eleven in the morning in Tokyo.
    assert CALENDAR.in_zone(TOKYO).at_work_from(moment) == moment
    assert CALENDAR.at_work_from(moment) == at("2026-03-03 09:00")


@pytest.mark.parametrize(
    ("calendar", "moment", "deadline"),
    [
        (CALENDAR, "2026-03-02 09:00", "2026-03-03 18:00"),
        (CALENDAR, "2026-03-03 00:30", "2026-03-05 18:00"),
        (CALENDAR, "2026-03-27 12:00", "2026-03-30 18:00"),
        (HALF_FRIDAY, "2026-03-05 12:00", "2026-03-06 13:30"),
    ],
)
def test_an_answer_is_due_when_the_next_working_day_ends(calendar: Calendar, moment: str, deadline: str) -> None:
    assert calendar.end_of_next_working_day(at(moment)) == at(deadline)


@given(
    st.datetimes(*(datetime.fromisoformat(day) for day in ("2020-01-01", "2035-01-01"))),
    st.sampled_from(["UTC", "Europe/Warsaw", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"]),
    st.lists(
        st.none() | st.sampled_from([Hours(time(0), time(23, 59)), Hours(time(9), time(12, 15))]),
        min_size=7,
        max_size=7,
    )
    .filter(any)
    .map(tuple),
)
def test_what_is_found_lies_in_working_hours_and_not_before(moment: datetime, zone: str, week) -> None:
    calendar, moment = Calendar(ZoneInfo(zone), week), moment.replace(tzinfo=UTC)
    found = calendar.at_work_from(moment)
    assert found is not None
    assert found >= moment
    assert calendar.at_work_from(found) == found
    deadline = calendar.end_of_next_working_day(moment)
    assert deadline > moment
    assert calendar.hours_of(deadline.astimezone(calendar.zone).date()) is not None
