"""What people mean by a moment; the clock stands at Wednesday, 18 November 2026, 10:00 in Warsaw."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from crm.office.calendar import USUAL, Calendar, Hours
from crm.work.deadlines import read_moment

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Warsaw"))


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("today", "2026-11-18 18:00"),
        ("Tomorrow", "2026-11-19 18:00"),
        ("mañana", "2026-11-19 18:00"),
        ("jutro 9:30", "2026-11-19 09:30"),
        ("Friday", "2026-11-20 18:00"),
        ("friday 3:00 pm", "2026-11-20 15:00"),
        ("next Friday", "2026-11-27 18:00"),
        ("wednesday", "2026-11-18 18:00"),
        ("wednesday 09:00", "2026-11-25 09:00"),
        ("in 3 days", "2026-11-21 18:00"),
        ("in 2 weeks", "2026-12-02 18:00"),
        ("2026-12-01", "2026-12-01 18:00"),
        ("2026-12-01T14:15", "2026-12-01 14:15"),
        ("1.12.2026", "2026-12-01 18:00"),
        ("24.12.", "2026-12-24 18:00"),
        ("1 December", "2026-12-01 18:00"),
        ("Dec 1st, 2027", "2027-12-01 18:00"),
        ("3 March", "2027-03-03 18:00"),
    ],
)
def test_moments_that_are_clear(words: str, local: str) -> None:
    expected = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Warsaw"))
    assert read_moment(words, NOW, USUAL) == expected.astimezone(UTC)


@pytest.mark.parametrize(
    "words", ["", "rain", "01/02/2026", "2026-02-30", "in 3 moons", "99:99", "x" * 5000, "friday 26:00"]
)
def test_moments_that_are_not(words: str) -> None:
    assert read_moment(words, NOW, USUAL) is None


def test_a_day_without_an_hour_ends_when_the_company_does() -> None:
    early = Calendar(week=(Hours(time(7), time(15)),) * 5 + (None, None))
    for words in ("tomorrow", "friday", "2026-12-01"):
        moment = read_moment(words, NOW, early)
        assert moment is not None
        assert moment.astimezone(NOW.tzinfo).time() == time(15), words
