"""What a supervisor holds: mailboxes or campaigns, each under a lease, each worked on by a task of its own.

Leases are taken and renewed all together, by a thread of their own: thousands of them cost a few short units of work, and
no batch in hand, no writer in the line and no task that is slow to end can make one run out.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from core.errors import Transient
from core.logging import get_logger
from storage import leases
from storage.leases import HeldLease
from storage.store import Store
from storage.writer_lock import Urgency
from workers.scheduler import holder_name

LEASE_FOR = timedelta(seconds=45)
RENEW_AFTER = 15.0
LEASES_AT_ONCE = 500
"""Leases in one unit of work."""
CANCEL_SECONDS = 3.0
"""For a task that was cancelled, because its grace was over."""

log = get_logger(__name__)

Work = Callable[[int, HeldLease, asyncio.Event], Coroutine[Any, Any, None]]
"""Works on one thing until it is done or the event is set. It answers its own errors."""
R = TypeVar("R")


@dataclass(slots=True)
class Held:
    """A thing in our hands."""

    lease: HeldLease
    task: asyncio.Task[None]
    stop: asyncio.Event
    renewed_at: float


class Hands:
    """Takes things of one kind by lease, works on them, and puts them down again."""

    def __init__(self, store: Store, kind: str, work: Work, grace_seconds: float) -> None:
        """`kind` begins the leases' names (`mailbox:`); `grace_seconds` is for what a task has in hand at its end."""
        self._store = store
        self._kind = kind
        self._work = work
        self._grace_seconds = grace_seconds
        self._holder = holder_name()
        self._held: dict[int, Held] = {}
        self._leaving: dict[int, asyncio.Task[None]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"leases of {kind}")

    @property
    def ids(self) -> set[int]:
        """What we hold now."""
        return set(self._held)

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """What may end now: who works, and who is being put down."""
        working = [held.task for held in self._held.values()]
        return [task for task in (*working, *self._leaving.values()) if not task.done()]

    async def aside(self, call: Callable[[], R]) -> R:
        """Run `call` in the thread of the leases, which waits for no batch."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    async def look(self, wanted: Collection[int]) -> None:
        """Put down what has ended or is not wanted any more, renew what is held, take up what is free. Waits for no task."""
        for one, leaving in list(self._leaving.items()):
            if leaving.done():
                del self._leaving[one]
                leaving.result()
        for one, held in list(self._held.items()):
            if held.task.done() or one not in wanted:
                self._put_down(one)
        now = asyncio.get_running_loop().time()
        old = {one for one, held in self._held.items() if now - held.renewed_at > RENEW_AFTER}
        free = set(wanted) - self._held.keys() - self._leaving.keys()
        for chunk in _chunks(sorted(old | free)):
            self._note(await self.aside(partial(self._acquire, chunk)), now)

    async def end(self) -> None:
        """Put everything down, and wait for it."""
        for one in list(self._held):
            self._put_down(one)
        try:
            await asyncio.gather(*self._leaving.values())
        finally:
            self._thread.shutdown(wait=False)

    def _note(self, got: dict[int, HeldLease | None], now: float) -> None:
        for one, lease in got.items():
            held = self._held.get(one)
            if held is None and lease is not None:
                stop = asyncio.Event()
                self._held[one] = Held(lease, asyncio.create_task(self._work(one, lease, stop)), stop, now)
            elif held is not None and (lease is None or lease.fence != held.lease.fence):
                self._put_down(one)
            elif held is not None:
                held.renewed_at = now

    def _put_down(self, one: int) -> None:
        held = self._held.pop(one)
        held.stop.set()
        self._leaving[one] = asyncio.create_task(self._end_of(held))

    async def _end_of(self, held: Held) -> None:
        _, late = await asyncio.wait([held.task], timeout=self._grace_seconds)
        if late:
            held.task.cancel()
            await asyncio.wait([held.task], timeout=CANCEL_SECONDS)
        if held.task.done():  # Else the lease ends by itself, and nobody takes it before.
            with suppress(Transient):
                await self.aside(partial(self._release, held.lease))

    def _acquire(self, wanted: Sequence[int]) -> dict[int, HeldLease | None]:
        """Leases by number; None of what somebody else has. Their rows are read and not touched, each second anew.

        Left out is what a unit of work holds fast: its end is not waited for, while the other leases run out. The next look
        asks again, and nobody else can take it before.
        """
        names = {one: f"{self._kind}{one}" for one in wanted}
        with self._store.database.reading() as session:
            taken = leases.held_elsewhere(session, names.values(), self._holder)
        got: dict[int, HeldLease | None] = dict.fromkeys(wanted)
        free = {one: name for one, name in names.items() if name not in taken}
        if free:
            with self._store.database.unit_of_work(Urgency.PERSON) as session:
                later = leases.held_fast(session, free.values())
                for one, name in free.items():
                    if name in later:
                        del got[one]
                    else:
                        got[one] = leases.acquire(session, name, self._holder, LEASE_FOR)
        return got

    def _release(self, lease: HeldLease) -> None:
        with self._store.database.unit_of_work() as session:
            leases.release(session, lease)


def _chunks(wanted: Sequence[int]) -> Iterator[Sequence[int]]:
    return (wanted[start : start + LEASES_AT_ONCE] for start in range(0, len(wanted), LEASES_AT_ONCE))
