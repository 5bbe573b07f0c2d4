"""Geometry of the few charts we draw: numbers in, positions out. The templates make SVG of it, and a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


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
