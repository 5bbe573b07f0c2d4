"""Where links of mail lead, asked of the database no longer than a click may take.

An answer that comes too late for who asked is there for who asks next: a slow database delays the first click of a mail
and no other.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from core.errors import Transient

PATIENCE = 0.2
"""Seconds that a click waits for the database."""

A = TypeVar("A")
Links = TypeVar("Links")


class LinkCache(Generic[Links]):
    """The links of mails or campaigns by id. Each is loaded in a thread, once at a time; at most `most` are remembered."""

    def __init__(self, load: Callable[[int], Links], most: int) -> None:
        self._load = load
        self._most = most
        self._known: dict[int, Links] = {}
        self._asked: dict[int, asyncio.Future[Links]] = {}

    async def of(self, owner_id: int) -> Links:
        """The links of this mail or campaign; nothing is remembered where there are none yet.

        Raises `Transient` when the database does not tell in time, and what `load` raises.
        """
        if owner_id in self._known:
            return self._known[owner_id]
        asked = self._asked.get(owner_id)
        if asked is None:
            asked = self._asked[owner_id] = asyncio.ensure_future(asyncio.to_thread(self._load, owner_id))
            asked.add_done_callback(lambda told: self._told(owner_id, told))
        return await in_time(asked)

    def _told(self, owner_id: int, told: "asyncio.Future[Links]") -> None:
        del self._asked[owner_id]
        if told.cancelled() or told.exception() is not None or not told.result():
            return
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[owner_id] = told.result()


async def in_time(asked: "asyncio.Future[A]") -> A:
    """What is told within `PATIENCE`; what is told later is not lost for others who wait for it.

    Raises `Transient` when that takes longer, and what `asked` raises.
    """
    await asyncio.wait([asked], timeout=PATIENCE)
    if asked.done():
        return asked.result()
    asked.add_done_callback(_look_at)
    raise Transient("The database did not tell in time where the link leads.")


def _look_at(asked: "asyncio.Future[Any]") -> None:
    """Nobody waits for the answer any more; look at it, so that nothing is logged about it."""
    if not asked.cancelled():
        asked.exception()
