"""How often somebody may guess a password: failures counted in memory, per account and place, for a while."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable

WINDOW_SECONDS = 15 * 60
MOST_REMEMBERED = 100_000
"""Keys; the oldest are forgotten first, so that a flood of names can not fill the memory."""


class FailureLimit:
    """Remembers failures of the last quarter of an hour. Thread-safe; one per process is enough for a company."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._guard = threading.Lock()

    def wait_for(self, limits: Iterable[tuple[str, int]]) -> float:
        """Seconds until another try is allowed by every `(key, allowed failures)`; 0 when it is now."""
        with self._guard:
            return max((self._wait(key, allowed) for key, allowed in limits), default=0.0)

    def count(self, keys: Iterable[str]) -> None:
        """Remember one failure under each key."""
        with self._guard:
            for key in keys:
                self._failures.setdefault(key, deque()).append(self._clock())
                self._failures.move_to_end(key)
            while len(self._failures) > MOST_REMEMBERED:
                self._failures.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Forget the failures of a key: the right password came."""
        with self._guard:
            self._failures.pop(key, None)

    def _wait(self, key: str, allowed: int) -> float:
        failures = self._failures.get(key)
        if failures is None:
            return 0.0
        begin = self._clock() - WINDOW_SECONDS
        while failures and failures[0] <= begin:
            failures.popleft()
        if not failures:
            del self._failures[key]
            return 0.0
        return failures[-allowed] - begin if len(failures) >= allowed else 0.0
