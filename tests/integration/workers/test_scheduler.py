"""Errands: done by one process at a time, each on its own account."""

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import Transient, UsageError
from storage import jobs, leases
from storage.jobs import OfOutgoing
from storage.models import JobState, Outbox
from storage.store import Store
from workers import scheduler
from workers.scheduler import Errand, SchedulerRole, forget_done_jobs

SECONDS = 10.0
OFTEN = timedelta(0)


async def play(store: Store, errands: list[Errand], until: asyncio.Event) -> None:
    """Let the role run its errands until the event is set by one of them."""
    stop = asyncio.Event()
    role = asyncio.create_task(SchedulerRole(store, errands).run(stop))
    try:
        await asyncio.wait_for(until.wait(), SECONDS)
    finally:
        stop.set()
        await role


async def test_an_errand_that_fails_stops_no_other(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.01)
    loop, seen, done = asyncio.get_running_loop(), [], asyncio.Event()

    def fail(error: Exception):
        def task(_: Store) -> None:
            seen.append(type(error))
            raise error

        return task

    def work(_: Store) -> None:
        seen.append(int)
        if seen.count(int) == 2:
            loop.call_soon_threadsafe(done.set)

    failing = [fail(UsageError("A setting is wrong.")), fail(ZeroDivisionError()), fail(Transient("Busy."))]
    await play(store, [Errand("failing", OFTEN, task) for task in failing] + [Errand("fine", OFTEN, work)], done)
    assert seen[:8] == [UsageError, ZeroDivisionError, Transient, int] * 2


async def test_the_errands_are_done_by_one_process(store: Store) -> None:
    with store.database.unit_of_work() as session:
        lease = leases.acquire(session, scheduler.LEASE, "somebody else", timedelta(minutes=1))
    assert lease is not None
    done = []
    role = SchedulerRole(store, [Errand("fine", OFTEN, lambda _: done.append(1))])
    role._tick()
    assert done == []
    with store.database.unit_of_work() as session:
        leases.release(session, lease)
    role._tick()
    assert done == [1]


def test_all_jobs_that_were_done_long_ago_are_forgotten(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(scheduler, "FORGET_AT_ONCE", 2)
    with store.database.unit_of_work() as session:
        jobs.enqueue_many(session, [jobs.Order(jobs.SEND_OUTGOING, OfOutgoing(number)) for number in range(7)])
        long_ago = utcnow() - timedelta(days=8)
        session.execute(update(Outbox).where(Outbox.id <= 5).values(state=JobState.DONE, done_at=long_ago))
        session.execute(update(Outbox).where(Outbox.id == 6).values(state=JobState.DONE, done_at=utcnow()))
    forget_done_jobs(store)
    with store.database.reading() as session:
        assert session.execute(select(Outbox.id).order_by(Outbox.id)).scalars().all() == [6, 7]
