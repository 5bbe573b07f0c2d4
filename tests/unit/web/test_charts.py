from datetime import UTC, datetime, timedelta

from web.charts import funnel, timeline

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_a_funnel_is_shares_of_its_first_step() -> None:
    steps = funnel([("Audience", 2000), ("Sent", 1900), ("Clicked", 1), ("Replied", 0)])

    assert [step.of_first for step in steps] == [1.0, 0.95, 0.0005, 0.0]
    assert [step.width for step in steps] == [100, 95, 0.8, 0.0], "one person is still seen, nobody is not"
    assert [step.width for step in funnel([("Audience", 0), ("Sent", 0)])] == [0.0, 0.0]


def test_hours_without_anything_are_gaps_and_the_highest_fills_the_height() -> None:
    bars = timeline([(START, 5), (START + timedelta(hours=3), 10)], width=120, height=50)

    assert [bar.value for bar in bars] == [5, 0, 0, 10]
    assert [bar.height for bar in bars] == [25, 0, 0, 50]
    assert bars[3].y == 0
    assert bars[3].x + bars[3].width <= 120
    assert timeline([], width=120, height=50) == ()


def test_a_year_does_not_make_ten_thousand_bars() -> None:
    assert len(timeline([(START, 1), (START + timedelta(days=365), 1)], width=700, height=50)) == 48
