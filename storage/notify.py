"""Wake-ups: a queue has new work. A hint only; whoever misses one finds the work at the next look.

Inside one process a listener is called directly. Between processes on PostgreSQL the same hint travels by NOTIFY
(`storage/pg_notify.py` listens).
"""

import threading
from collections.abc import Callable

from storage.models import Queue

Listener = Callable[[Queue], None]


class Notifier:
    """Calls listeners when a unit of work that enqueued jobs has committed. Thread-safe."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._guard = threading.Lock()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(queue)` at each wake-up, from any thread; returns the function that ends it."""
        with self._guard:
            self._listeners.append(listener)

        def forget() -> None:
            with self._guard:
                self._listeners.remove(listener)

        return forget

    def wake(self, queue: Queue) -> None:
        """Tell every listener that `queue` has work."""
        with self._guard:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(queue)
