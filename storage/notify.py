"""Wake-ups: a queue has new work. A hint only; whoever misses one finds the work at the next look.

Inside one process a listener is called directly. Between processes on PostgreSQL the same hint travels by NOTIFY
(`storage/pg_notify.py` listens).
"""

import threading
import uuid
from collections.abc import Callable

from storage.models import Queue

Listener = Callable[[Queue], None]

CHANNEL = "mailsync_outbox"
"""Where PostgreSQL's NOTIFY carries the hints."""


class Notifier:
    """Calls listeners when a unit of work that enqueued jobs has committed. Thread-safe."""

    def __init__(self) -> None:
        self.name = uuid.uuid4().hex
        """Tells our own hints, which were heard already, from those of other processes."""
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

    def hint(self, queue: Queue) -> str:
        """What other processes are told."""
        return f"{queue.value} {self.name}"

    def wake(self, queue: Queue) -> None:
        """Tell every listener that `queue` has work."""
        with self._guard:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(queue)


def read_hint(hint: str, *, but_from: str) -> Queue | None:
    """The queue that another process filled; None for our own hints, and for those of a version with other queues."""
    name, _, sender = hint.partition(" ")
    return None if sender == but_from or name not in list(Queue) else Queue(name)
