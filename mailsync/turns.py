"""Who may begin now: so many mailboxes at once log in and make their first pass; the others wait in line.

After a start, or when the network is back, thousands want that in the same moment. All at once they would share the
processor, and none would be ready before the last; in turns the first is ready after a second, and the last no later.
Of one host there are fewer at once: where it does not answer, the mailboxes of other hosts go past.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from mailsync.waiting import first_of

TURN_SECONDS = 30.0
"""After so long the next may begin all the same: years of mail to load, and servers that do not answer, hold nobody up."""


@dataclass(slots=True, eq=False)
class _Waiting:
    host: str
    is_urgent: Callable[[], bool]
    called: asyncio.Event = field(default_factory=asyncio.Event)


class Turns:
    """A line in order of arrival, but for those for whom somebody waits: they come first."""

    def __init__(self, at_once: int, at_one_host: int, seconds: float = TURN_SECONDS) -> None:
        self._free = at_once
        self._at_one_host = at_one_host
        self._seconds = seconds
        self._line: list[_Waiting] = []
        self._at: Counter[str] = Counter()
        """How many have a turn, by host."""

    @asynccontextmanager
    async def turn(self, host: str, is_urgent: Callable[[], bool], stop: asyncio.Event) -> AsyncIterator[None]:
        """The block is one turn; it may go on for longer. When `stop` is set it begins without one: it is to end at once.

        `is_urgent` is asked whenever a turn is given away.
        """
        if not await self._called(_Waiting(host, is_urgent), stop):
            yield
            return
        over = False

        def end() -> None:
            nonlocal over
            if not over:
                over = True
                self._give_back(host)

        timer = asyncio.get_running_loop().call_later(self._seconds, end)
        try:
            yield
        finally:
            timer.cancel()
            end()

    async def _called(self, waiting: _Waiting, stop: asyncio.Event) -> bool:
        """Wait in line; false where the wait has ended without a turn."""
        self._line.append(waiting)
        self._call()
        try:
            await first_of(None, waiting.called, stop)
        except asyncio.CancelledError:
            if waiting.called.is_set():
                self._give_back(waiting.host)
            raise
        finally:
            if not waiting.called.is_set():
                self._line.remove(waiting)
        return waiting.called.is_set()

    def _give_back(self, host: str) -> None:
        self._free += 1
        self._at[host] -= 1
        self._call()

    def _call(self) -> None:
        """Call the next in line who may begin, if there is a turn to be had."""
        if not self._free:
            return
        ready = [one for one in self._line if self._at[one.host] < self._at_one_host]
        chosen = next((one for one in ready if one.is_urgent()), None) or next(iter(ready), None)
        if chosen is not None:
            self._line.remove(chosen)
            self._free -= 1
            self._at[chosen.host] += 1
            chosen.called.set()
