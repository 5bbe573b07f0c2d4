"""Days, times and numbers as people read and type them."""

# ruff: noqa: DTZ001 (moments as they are typed have no zone)

from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from crm.office.formats import (
    NO_BREAK,
    ClockStyle,
    DateStyle,
    FirstDay,
    Formats,
    NumberStyle,
    formats_of,
    stored,
)
from crm.office.typed import birthday_in, day_in, moment_in, time_in

HERE, AMERICA = Formats(), Formats(DateStyle.MONTH_FIRST, ClockStyle.HOURS_12, first_day=FirstDay.SUNDAY)
POLAND = Formats(DateStyle.DOTS, numbers=NumberStyle.SPACE_COMMA)
ALL = [Formats(dates, clock) for dates in DateStyle for clock in ClockStyle]


def test_each_style_writes_its_own_name() -> None:
    day, at = date(2026, 12, 31), time(14, 30)
    for dates in DateStyle:
        assert Formats(dates).day(day) == dates.value
    for clock in ClockStyle:
        assert Formats(clock=clock).time(at).replace(NO_BREAK, " ") == clock.value
    for numbers in NumberStyle:
        assert Formats(numbers=numbers).number(Decimal("1234.56")).replace(NO_BREAK, " ") == numbers.value
    assert [AMERICA.time(time(hour)) for hour in (0, 12, 23)] == [
        f"12:00{NO_BREAK}am",
        f"12:00{NO_BREAK}pm",
        f"11:00{NO_BREAK}pm",
    ]
    assert [POLAND.number(number) for number in (7, 1234567, 0.5, -1200.25)] == [
        "7",
        f"1{NO_BREAK}234{NO_BREAK}567",
        "0,5",
        f"-1{NO_BREAK}200,25",
    ]
    assert (AMERICA.day_hint, POLAND.day_hint, AMERICA.first_weekday) == ("mm/dd/yyyy", "dd.mm.yyyy", 6)


def test_days_are_read_as_they_are_written_and_in_iso_always() -> None:
    last, second = date(2026, 12, 31), date(2026, 2, 1)
    for formats, text, day in (
        (HERE, "31/12/2026", last),
        (HERE, "31.12.2026", last),
        (HERE, "31-12-26", last),
        (HERE, "1. 2. 2026".replace(". ", "."), second),
        (HERE, " 1/2/2026 ", second),
        (AMERICA, "2/1/2026", second),
        (AMERICA, "02-01-26", second),
        (POLAND, "1.2.2026.", second),
        (POLAND, "1 2 2026", second),
        (AMERICA, "2026-02-01", second),
        (AMERICA, "2026/2/1", second),
        (HERE, "01/02/69", date(1969, 2, 1)),
    ):
        assert day_in(text, formats) == day, text
    for formats, text in (
        (HERE, "12/31/2026"),
        (AMERICA, "31/12/2026"),
        (HERE, "1.2/2026"),
        (HERE, "31/02/2026"),
        (HERE, ""),
    ):
        with pytest.raises(UsageError, match=f"write it as {formats.day(last)}"):
            day_in(text, formats)


def test_times_are_read_in_either_clock() -> None:
    for text, at in (
        ("14:30", time(14, 30)),
        ("2:30 pm", time(14, 30)),
        ("2.30PM", time(14, 30)),
        ("12 am", time(0)),
        ("12:00 p.m.", time(12)),
        ("9", time(9)),
        ("09:00:00", time(9)),
    ):
        assert time_in(text, HERE) == time_in(text, AMERICA) == at, text
    for wrong in ("25:00", "13 pm", "0 am", "9:60", "noon", ""):
        with pytest.raises(UsageError, match="write it as 2:30 pm"):
            time_in(wrong, AMERICA)


def test_a_moment_is_a_day_with_or_without_a_time() -> None:
    for formats, text, at in (
        (HERE, "31/12/2026 14:30", datetime(2026, 12, 31, 14, 30)),
        (AMERICA, "12/31/2026, 2:30 pm", datetime(2026, 12, 31, 14, 30)),
        (AMERICA, "2026-12-31T14:30", datetime(2026, 12, 31, 14, 30)),
        (POLAND, "31.12.2026", datetime(2026, 12, 31, 18)),
        (POLAND, "31.12.2026 9", datetime(2026, 12, 31, 9)),
    ):
        assert moment_in(text, formats, lambda day: time(18)) == at, text
    with pytest.raises(UsageError, match="write it as 31/12/2026 14:30"):
        moment_in("31/12/2026 late", HERE)


def test_a_birthday_has_four_figures_of_a_year_or_none() -> None:
    for formats, text, day in (
        (HERE, "14/03/1955", "1955-03-14"),
        (AMERICA, "3/14/1955", "1955-03-14"),
        (POLAND, "14.03.", "--03-14"),
        (HERE, "19550314", "1955-03-14"),
    ):
        assert birthday_in(text, formats) == day, text
    for text in ("14/03/55", "14.03.55", "14-3-85", "14/03/55."):
        with pytest.raises(UsageError, match="write it as 31/12/2026, or 31/12"):
            birthday_in(text, HERE)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)), st.sampled_from(ALL))
def test_what_is_written_is_read_again(at: datetime, formats: Formats) -> None:
    at = at.replace(second=0, microsecond=0)
    assert moment_in(formats.moment(at), formats) == at


@given(st.text("0123456789.,/-: apmT²١", max_size=20), st.sampled_from(ALL))
def test_garbage_is_a_moment_or_a_sentence(text: str, formats: Formats) -> None:
    for read in (day_in, birthday_in, time_in, moment_in):
        with suppress(UsageError):  # Anything else fails.
            read(text, formats)


def test_what_is_not_chosen_is_as_for_the_company() -> None:
    assert formats_of({"clock": "2:30 pm", "dates": ""}, POLAND) == Formats(
        DateStyle.DOTS, ClockStyle.HOURS_12, NumberStyle.SPACE_COMMA
    )
    assert formats_of(stored(AMERICA)) == AMERICA
    assert formats_of(None) == HERE
    for wrong in ({"dates": "31-12"}, {"first_day": "friday"}, {"colour": "red"}):
        with pytest.raises(UsageError):
            formats_of(wrong)
