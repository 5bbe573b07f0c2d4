"""The `scheduler` role: small work that is due by the clock. One process at a time, by lease."""

import asyncio
import os
import socket
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import utcnow
from core.errors import Transient
from core.logging import get_logger
from crm.intake.forgetting import forget_old_tallies
from crm.records.duplicates import find_duplicates
from crm.records.merge_jobs import forget_old_merges
from crm.records.recycling import remove_expired
from crm.stream.files.keeping import forget_old_files
from crm.stream.timeline.reminding import remind
from mailsync.actions.repository.forgetting import FORGOTTEN_AT_ONCE, drop_told_drafts, forget_settled
from storage import leases, outbox
from storage.leases import HeldLease
from storage.store import Store
from storage.writer_lock import Urgency

LEASE = "scheduler"
LEASE_FOR = timedelta(seconds=45)
TICK_SECONDS = 10.0
KEEP_DONE_JOBS = timedelta(days=7)
FORGET_AT_ONCE = 2000

log = get_logger(__name__)


@dataclass(slots=True)
class Errand:
    """Something to do every so often. `task` must be safe to repeat: a crash may repeat it."""

    name: str
    every: timedelta
    task: Callable[[Store], None]
    last: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether its time has come."""
        return self.last is None or now - self.last >= self.every


def forget_done_jobs(store: Store) -> None:
    """Delete all jobs that were done a week ago, a chunk at a time."""
    before = utcnow() - KEEP_DONE_JOBS
    gone = FORGET_AT_ONCE
    while gone == FORGET_AT_ONCE:
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone = outbox.forget_done(session, before, FORGET_AT_ONCE)


def forget_settled_actions(store: Store) -> None:
    """Delete what people did to mail a month ago and the mail server knows."""
    gone = FORGOTTEN_AT_ONCE
    while gone == FORGOTTEN_AT_ONCE:
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone = forget_settled(session, utcnow())


def drop_drafts_of_actions(store: Store) -> None:
    """Delete the bytes that drafts waited in for the mail server, once it has them."""
    gone = FORGOTTEN_AT_ONCE
    while gone == FORGOTTEN_AT_ONCE:
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone = drop_told_drafts(session)


def shorten_log(store: Store) -> None:
    """See `Database.shorten_log`."""
    store.database.shorten_log()


def holder_name() -> str:
    """Who we are, for leases: machine, process, and a part that a restart changes."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class SchedulerRole:
    """Runs errands while it holds the scheduler's lease."""

    name = "scheduler"

    def __init__(self, store: Store, errands: list[Errand]) -> None:
        self._store = store
        self._errands = [
            Errand("jobs.forget_done", timedelta(hours=1), forget_done_jobs),
            Errand("actions.forget_settled", timedelta(days=1), forget_settled_actions),
            Errand("actions.drop_drafts", timedelta(hours=1), drop_drafts_of_actions),
            Errand("records.remove_expired", timedelta(hours=1), remove_expired),
            Errand("records.forget_files", timedelta(hours=1), forget_old_files),
            Errand("records.find_duplicates", timedelta(hours=1), find_duplicates),
            Errand("records.forget_merges", timedelta(days=1), forget_old_merges),
            Errand("stream.remind", timedelta(seconds=20), remind),
            Errand("intake.forget_tallies", timedelta(days=1), forget_old_tallies),
            Errand("database.shorten_log", timedelta(minutes=1), shorten_log),
            *errands,
        ]
        self._holder = holder_name()
        self._lease: HeldLease | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Look every ten seconds until `stop`; then give the lease back."""
        while not stop.is_set():
            await asyncio.to_thread(self._tick)
            try:
                await asyncio.wait_for(stop.wait(), TICK_SECONDS)
            except TimeoutError:
                continue
        with suppress(Transient):  # It ends by itself.
            await asyncio.to_thread(self._give_back)

    def _tick(self) -> None:
        """Every errand that is due, while the lease is ours."""
        for errand in self._errands:
            try:
                with self._store.database.unit_of_work() as session:
                    self._lease = leases.acquire(session, LEASE, self._holder, LEASE_FOR)
            except Transient:
                log.warning("scheduler.waiting")
                return
            if self._lease is None:
                return
            if errand.is_due(utcnow()):
                self._run(errand)

    def _run(self, errand: Errand) -> None:
        """One errand's trouble stays its own: it is tried again, at the next look if it may pass, else when it is due again."""
        try:
            errand.task(self._store)
        except Transient:
            log.warning("errand.waiting", errand=errand.name)
            return
        except Exception:
            log.exception("errand.failed", errand=errand.name)
        errand.last = utcnow()

    def _give_back(self) -> None:
        if self._lease is not None:
            with self._store.database.unit_of_work() as session:
                leases.release(session, self._lease)
