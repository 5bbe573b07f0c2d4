"""Geometry of the few charts we draw: numbers in, positions out. The templates make SVG of it, and a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MOST_PAIRS = 62
"""Days that are drawn one by one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a funnel: how many, which share of the first one, and how wide its bar is (0 to 100)."""

    name: str
    number: int
    of_first: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a timeline."""

    at: datetime
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bars of one day side by side: what came and what went. `x` and `width` are of one bar."""

    day: date
    values: tuple[int, int]
    x: tuple[float, float]
    heights: tuple[float, float]
    width: float


def pairs(days: Sequence[tuple[date, int, int]], *, width: float, height: float) -> tuple[Pair, ...]:
    """Days in order, or weeks where there are more than fit; the highest bar of all is as high as the picture."""
    shown = list(days) if len(days) <= MOST_PAIRS else _weeks(days)
    highest = max((max(came, went) for _, came, went in shown), default=0) or 1
    slot = width / max(len(shown), 7)
    return tuple(
        Pair(
            day,
            (came, went),
            (round(place * slot, 2), round((place + 0.44) * slot, 2)),
            (round(height * came / highest, 2), round(height * went / highest, 2)),
            round(slot * 0.4, 2),
        )
        for place, (day, came, went) in enumerate(shown)
    )


def _weeks(days: Sequence[tuple[date, int, int]]) -> list[tuple[date, int, int]]:
    sums: dict[date, tuple[int, int]] = {}
    for day, came, went in days:
        monday = day - timedelta(days=day.weekday())
        before = sums.get(monday, (0, 0))
        sums[monday] = (before[0] + came, before[1] + went)
    return [(monday, *both) for monday, both in sums.items()]


def funnel(steps: Sequence[tuple[str, int]]) -> tuple[Step, ...]:
    """Steps as shares of the first one; a bar that is not nothing can be seen."""
    first = steps[0][1] if steps else 0
    shares = [(name, number, number / first if first else 0.0) for name, number in steps]
    return tuple(Step(name, number, share, max(100 * share, 0.8) if number else 0.0) for name, number, share in shares)


def timeline(
    values: Sequence[tuple[datetime, int]], *, width: float, height: float, most: int = 48, gap: float = 2.0
) -> tuple[Bar, ...]:
    """Hours in order, those without an event too, at most `most` of the first ones."""
    if not values:
        return ()
    by_hour = dict(values)
    first, last = min(by_hour), max(by_hour)
    count = min(int((last - first) / timedelta(hours=1)) + 1, most)
    hours = [first + timedelta(hours=place) for place in range(count)]
    highest = max(by_hour.values()) or 1
    slot = width / max(count, 12)
    return tuple(
        Bar(
            hour,
            by_hour.get(hour, 0),
            round(place * slot, 2),
            round(height - height * by_hour.get(hour, 0) / highest, 2),
            round(slot - gap, 2),
            round(height * by_hour.get(hour, 0) / highest, 2),
        )
        for place, hour in enumerate(hours)
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of a row of numbers."""

    x: float
    y: float
    width: float
    height: float


def columns(values: Sequence[int], *, width: float, height: float, gap: float = 6.0) -> tuple[Column, ...]:
    """Bars side by side, the largest as high as the chart."""
    highest, slot = max(values, default=0) or 1, width / max(len(values), 1)
    return tuple(
        Column(
            round(place * slot + gap / 2, 2),
            round(height - height * value / highest, 2),
            round(slot - gap, 2),
            round(height * value / highest, 2),
        )
        for place, value in enumerate(values)
    )
