"""The `jobs` role: a relay that hands out what is due, and dramatiq worker threads that do it.

The relay sleeps until a unit of work enqueues something (in any process that `storage.pg_notify` hears), until a job
has ended and made room for another, until the next one is due, or until `LOOK_SECONDS` have passed (jobs whose holder
died).
"""

import asyncio
from contextlib import suppress
from datetime import datetime

import dramatiq
from dramatiq import Worker
from redis import RedisError

from core.clock import utcnow
from core.config import Settings
from core.errors import Transient
from core.logging import get_logger
from storage import outbox
from storage.models import Queue
from storage.store import Store
from workers.actors import JobRunner, declare_actors
from workers.broker import job_message, make_broker

THREADS = (((Queue.NOW,), 2), ((Queue.MAIL, Queue.BULK), 4))
"""Threads by queue: jobs that a person waits for have their own, however long the others take."""
LOOK_SECONDS = 2.0
GRACE_MILLISECONDS = 10_000
"""For jobs in hand at the end; one that takes longer is cut off as by a power cut, and its row tells so."""
KEEP_SECONDS = 10.0
"""Between two signs of life of the jobs in hand; `storage.outbox.RUN_FOR` leaves room for three that are late."""
HAND_OUT = 64
"""Jobs of one queue that a broker carries at a time."""

log = get_logger(__name__)


class JobsRole:
    """Relay and actors of one process."""

    name = "jobs"

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None

    async def run(self, stop: asyncio.Event) -> None:
        """Hand out and do jobs until `stop`; jobs in hand get ten seconds to finish, and wait for no other server."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake(_: Queue | None = None) -> None:
            with suppress(RuntimeError):  # A job that outlived its grace ends after the loop.
                loop.call_soon_threadsafe(woken.set)

        broker = make_broker(self._redis_url)
        runner = JobRunner(self._store, self._settings, on_ended=wake)
        declare_actors(broker, runner)
        workers = [
            Worker(broker, queues={queue.value for queue in queues}, worker_threads=threads, worker_timeout=100)
            for queues, threads in THREADS
        ]
        for worker in workers:
            worker.start()
        forget = self._store.database.notifier.listen(wake)
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(_keep_in_hand(runner))
            try:
                await relay(self._store, broker, woken, stop)
            finally:
                forget()
                runner.interrupt()
                await asyncio.gather(*(_end(worker) for worker in workers))
                keeping.cancel()


async def _keep_in_hand(runner: JobRunner) -> None:
    while True:
        await asyncio.sleep(KEEP_SECONDS)
        try:
            await asyncio.to_thread(runner.keep_in_hand)
        except Transient:
            log.warning("jobs.waiting", on="database")


async def _end(worker: Worker) -> None:
    with suppress(RedisError):  # Messages that can not be put back are due again by their rows.
        await asyncio.to_thread(worker.stop, GRACE_MILLISECONDS)


async def relay(store: Store, broker: dramatiq.Broker, woken: asyncio.Event, stop: asyncio.Event) -> None:
    """Carry due jobs from the outbox to the broker until `stop`."""
    while not stop.is_set():
        woken.clear()
        next_due = await asyncio.to_thread(_hand_out, store, broker)
        await _sleep(_pause(next_due), woken, stop)


def _hand_out(store: Store, broker: dramatiq.Broker) -> datetime | None:
    try:
        with store.database.unit_of_work() as session:
            jobs = outbox.hand_out(session, list(Queue), HAND_OUT)
        if not _carry(store, broker, jobs):
            return None
        with store.database.reading() as session:
            return outbox.next_due(session)
    except Transient:
        log.warning("relay.waiting", on="database")
        return None


def _carry(store: Store, broker: dramatiq.Broker, jobs: list[tuple[int, Queue]]) -> bool:
    """Enqueue all, or take back those that Redis did not take, so that they go as soon as it is back."""
    carried = 0
    try:
        for job_id, queue in jobs:
            broker.enqueue(job_message(job_id, queue))
            carried += 1
    except RedisError:
        log.warning("relay.waiting", on="redis")
        with store.database.unit_of_work() as session:
            outbox.take_back(session, [job_id for job_id, _ in jobs[carried:]])
        return False
    return True


def _pause(next_due: datetime | None) -> float:
    if next_due is None:
        return LOOK_SECONDS
    return min(LOOK_SECONDS, max(0.0, (next_due - utcnow()).total_seconds()))


async def _sleep(seconds: float, woken: asyncio.Event, stop: asyncio.Event) -> None:
    waiters = [asyncio.create_task(woken.wait()), asyncio.create_task(stop.wait())]
    await asyncio.wait(waiters, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for waiter in waiters:
        waiter.cancel()
