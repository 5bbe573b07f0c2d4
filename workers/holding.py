"""What a supervisor holds: mailboxes or campaigns, each under a lease, each worked on by a task of its own.

Leases are taken and renewed all together, by a thread of their own: thousands of them cost a few short units of work, and
no batch in hand, no writer in the line and no task that is slow to end can make one run out.

Supervisors share. Each has a lease that says no more than that it lives; from these it knows how many there are, takes up
to its share, and slowly puts down what it has beyond it. What nobody has taken for a while is taken whatever the share is.
"""

import asyncio
import math
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
TAKEN_AT_ONCE = 100
"""Things taken up in one look: those who start together then find something left."""
SURPLUS_AT_ONCE = 5
"""Things put down in one look because others have less: each may be a login more for somebody's server."""
LEFT_LYING = 10.0
"""Seconds after which what is free is taken by whoever sees it."""
LIVING = "supervisor:"
"""Begins the names of the leases by which supervisors tell that they live."""
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

    def __init__(self, store: Store, kind: str, work: Work, grace_seconds: float, *, shares: bool = False) -> None:
        """`kind` begins the leases' names (`mailbox:`); `grace_seconds` is for what a task has in hand at its end.

        With `shares` no more is held than is our part, as many supervisors of this kind as there are.
        """
        self._store = store
        self._kind = kind
        self._work = work
        self._grace_seconds = grace_seconds
        self._holder = holder_name()
        self._held: dict[int, Held] = {}
        self._leaving: dict[int, asyncio.Task[None]] = {}
        self._late: dict[int, asyncio.Task[None]] = {}
        """Who did not even end when cancelled. Until they do, nobody begins anew: under one holder both would have the lease."""
        self._shares = shares
        self._living = f"{LIVING}{kind}{self._holder}"
        self._told_at = -math.inf
        self._free_since: dict[int, float] = {}
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
        old = sorted(one for one, held in self._held.items() if now - held.renewed_at > RENEW_AFTER)
        for chunk in _chunks(old):
            self._note(await self.aside(partial(self._acquire, chunk)), now)
        others = await self._tell_and_count(now) if self._shares else 0
        share = math.ceil(len(wanted) / (others + 1))
        self._late = {one: task for one, task in self._late.items() if not task.done()}
        ours = {*self._held, *self._leaving, *self._late}
        free = await self._find_free(set(wanted) - ours, now)
        if not free and not self._leaving:
            for one in list(self._held)[share:][-SURPLUS_AT_ONCE:]:
                self._put_down(one)
        room = min(share - len(self._held), TAKEN_AT_ONCE)
        lying = [one for one in free if now - self._free_since[one] > LEFT_LYING]
        for chunk in _chunks(sorted({*free[: max(room, 0)], *lying[:TAKEN_AT_ONCE]})):
            self._note(await self.aside(partial(self._acquire, chunk)), now)

    async def end(self) -> None:
        """Put everything down, and wait for it."""
        for one in list(self._held):
            self._put_down(one)
        try:
            if self._told_at > -math.inf:
                with suppress(Transient):
                    await self.aside(self._stop_telling)
            await asyncio.gather(*self._leaving.values())
        finally:
            self._thread.shutdown(wait=False)

    async def _tell_and_count(self, now: float) -> int:
        """Say that we live, when that is due; how many others do."""
        if now - self._told_at > RENEW_AFTER:
            await self.aside(self._tell)
            self._told_at = now
        return await self.aside(self._count_others)

    async def _find_free(self, candidates: set[int], now: float) -> list[int]:
        """Those that nobody has, in order; since when they were seen so is remembered."""
        free = [one for chunk in _chunks(sorted(candidates)) for one in await self.aside(partial(self._free, chunk))]
        self._free_since = {one: self._free_since.get(one, now) for one in free}
        return free

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
        self._leaving[one] = asyncio.create_task(self._end_of(one, held))

    async def _end_of(self, one: int, held: Held) -> None:
        _, late = await asyncio.wait([held.task], timeout=self._grace_seconds)
        if late:
            held.task.cancel()
            await asyncio.wait([held.task], timeout=CANCEL_SECONDS)
        if not held.task.done():  # The lease ends by itself, and nobody takes it before.
            self._late[one] = held.task
            return
        with suppress(Transient):
            await self.aside(partial(self._release, held.lease))

    def _tell(self) -> None:
        with self._store.database.unit_of_work(Urgency.PERSON) as session:
            leases.forget_expired(session, LIVING + self._kind)
            leases.acquire(session, self._living, self._holder, LEASE_FOR)

    def _stop_telling(self) -> None:
        with self._store.database.unit_of_work(Urgency.PERSON) as session:
            leases.release(session, HeldLease(self._living, self._holder, 1))

    def _count_others(self) -> int:
        with self._store.database.reading() as session:
            return leases.count_others(session, LIVING + self._kind, self._holder)

    def _free(self, candidates: Sequence[int]) -> list[int]:
        """Which of these nobody else has. Their rows are read and not touched, each second anew."""
        with self._store.database.reading() as session:
            taken = leases.held_elsewhere(session, [f"{self._kind}{one}" for one in candidates], self._holder)
        return [one for one in candidates if f"{self._kind}{one}" not in taken]

    def _acquire(self, wanted: Sequence[int]) -> dict[int, HeldLease | None]:
        """Leases by number; None of what somebody else has.

        Left out is what a unit of work holds fast: its end is not waited for, while the other leases run out. The next look
        asks again, and nobody else can take it before. Where that unit is of who had it before, and silent, it is ended.
        """
        names = {one: f"{self._kind}{one}" for one in wanted}
        with self._store.database.unit_of_work(Urgency.PERSON) as session:
            later = leases.held_fast(session, names.values())
            now = {one: name for one, name in names.items() if name not in later}
            kept = leases.renew(session, now.values(), self._holder, LEASE_FOR) if now else {}
            got = {
                one: kept.get(name) or leases.acquire(session, name, self._holder, LEASE_FOR)
                for one, name in now.items()
            }
            if any(one not in self._held for one in wanted if names[one] in later):
                leases.end_silent(session)
        return got

    def _release(self, lease: HeldLease) -> None:
        with self._store.database.unit_of_work() as session:
            leases.release(session, lease)


def _chunks(wanted: Sequence[int]) -> Iterator[Sequence[int]]:
    return (wanted[start : start + LEASES_AT_ONCE] for start in range(0, len(wanted), LEASES_AT_ONCE))
