"""Rates kept evenly, by the generic cell rate algorithm with a burst of one: never two sends closer than the interval.

A bucket that refills by the minute lets a whole minute's mail go at once, which is what providers answer with 4xx. The
arithmetic is pure (`Gcra.grant`), so that the state can live in memory, or in a row that all senders share.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True)
class Gcra:
    """At most `count` in any `seconds`, evenly spaced."""

    count: int
    seconds: float

    @property
    def interval(self) -> float:
        """Seconds between two sends."""
        return self.seconds / self.count

    def grant(self, next_free: float, now: float, cost: int = 1) -> tuple[float, float]:
        """When the caller may send, and the state to keep: `next_free` is the state so far (0 for a fresh one)."""
        at = max(next_free, now)
        return at, at + cost * self.interval


class Limiter:
    """The limits of many keys (an identity, an MX site) in the memory of one process."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._rates: dict[str, Gcra] = {}
        self._next_free: dict[str, float] = {}

    def set_rate(self, key: str, rate: Gcra | None) -> None:
        """Limit `key` from now on; `None` lifts the limit. What was granted before stays granted."""
        if rate is None:
            self._rates.pop(key, None)
            self._next_free.pop(key, None)
        else:
            self._rates[key] = rate

    def reserve(self, *keys: str) -> float:
        """Seconds until one send that falls under all of `keys` may go; the time is taken for it at once."""
        now = self._clock()
        limited = [(key, self._rates[key]) for key in keys if key in self._rates]
        at = max([now, *(self._next_free.get(key, 0.0) for key, _ in limited)])
        for key, rate in limited:
            _, self._next_free[key] = rate.grant(at, at)
        return at - now

    def push_back(self, key: str, seconds: float) -> None:
        """Nothing for `key` in the next `seconds`: it answered that it has had enough."""
        self._next_free[key] = max(self._next_free.get(key, 0.0), self._clock() + seconds)

    async def wait(self, *keys: str) -> None:
        """Sleep until one send under all of `keys` may go."""
        delay = self.reserve(*keys)
        if delay > 0:
            await asyncio.sleep(delay)
