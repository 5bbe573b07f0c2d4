"""Who writes next: a fair lock in front of SQLite's single writer.

SQLite's own busy handler polls and lets writers starve (220–320 ms at worst, measured); here each waits in line, and the
line has three lanes, so that a click or a person's reply passes before a backfill.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum


class Urgency(IntEnum):
    """Which lane a unit of work waits in."""

    PERSON = 0
    """Somebody waits for a page, a click to be counted, a mail to be taken."""
    NORMAL = 1
    """Jobs, the ledger of a campaign, new mail."""
    BULK = 2
    """Backfills, imports, repairs: whoever can come back later."""


class WriterLock:
    """First come, first served within a lane; the most urgent lane first. Not reentrant."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._lanes: tuple[deque[threading.Event], ...] = tuple(deque() for _ in Urgency)

    @property
    def waiting(self) -> int:
        """How many stand in line now; backfills yield when others do."""
        return sum(len(lane) for lane in self._lanes)

    @contextmanager
    def hold(self, urgency: Urgency) -> Iterator[None]:
        """Wait for the turn, hold the lock inside the block."""
        turn, lane = threading.Event(), self._lanes[urgency]
        with self._guard:
            if self._held:
                lane.append(turn)
            else:
                self._held = True
                turn.set()
        try:
            turn.wait()
            yield
        finally:
            self._leave(turn, lane)

    def _leave(self, turn: threading.Event, lane: deque[threading.Event]) -> None:
        with self._guard:
            if not turn.is_set():  # Interrupted in the line, by Ctrl-C or SIGTERM: nobody may hand the lock to it.
                lane.remove(turn)
                return
            for waiting in self._lanes:
                if waiting:
                    waiting.popleft().set()  # `_held` stays true: the lock goes straight to the next in line.
                    return
            self._held = False
