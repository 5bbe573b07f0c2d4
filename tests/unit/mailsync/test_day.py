"""What is left of a provider's day: any 24 hours, in whole hours; older mail waits first, then everything."""

from datetime import UTC, datetime, timedelta

import pytest

from mailsync.traffic.day import Day, Hour

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


def hours(*downloaded: int, refused: bool = False) -> list[Hour]:
    """One after the other from noon on; `refused` in the last."""
    last = len(downloaded) - 1
    return [
        Hour(NOON + timedelta(hours=index), size, size // 10, refused and index == last)
        for index, size in enumerate(downloaded)
    ]


def at(hour: int) -> datetime:
    return NOON + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("day", "history_from", "all_from"),
    [
        (Day(None, None), None, None),
        (Day(1000, None), None, None),
        (Day(1000, None, hours(799)), None, None),
        (Day(1000, None, hours(500, 300)), at(25), None),
        (Day(1000, None, hours(100, 700, 100)), at(26), None),
        (Day(1000, None, hours(100, 700, 150)), at(26), at(25)),
        (Day(1000, None, hours(2000)), at(25), at(25)),
        (Day(1000, None, hours(1, 1, refused=True)), at(26), None),
        (Day(1000, None, hours(900, 1, refused=True)), at(26), None),
    ],
)
def test_who_waits_until_when(day: Day, history_from: datetime | None, all_from: datetime | None) -> None:
    assert (day.history_from, day.all_from) == (history_from, all_from)


def test_what_is_appended_has_a_bound_of_its_own() -> None:
    day = Day(1000, 100, hours(500, 300))
    assert day.uploaded == 80
    assert day.upload_from(15) is None
    assert day.upload_from(16) == at(25)
    assert day.upload_from(90) == at(26)
    assert day.upload_from(5000) == at(26), "the provider says what is too large, once nothing else is counted"
    assert Day(1000, 100).upload_from(5000) is None
    assert Day(1000, None, hours(5000)).upload_from(5000) is None
