"""The actors: one per queue, all the same. Each takes a job by its id, runs the bound use case, and settles the row.

Transient      due again, later each time
NotYet         due when its time comes; no try is counted
Permanent      dead, with the reason
Conflict       somebody else has the job now: nothing to settle
anything else  a bug: logged with its traceback, tried again like a transient failure
"""

from collections.abc import Callable
from threading import Lock

import dramatiq

from core.config import Settings
from core.errors import Conflict, MailsyncError, NotYet, Transient
from core.interrupting import Interruptible
from core.logging import get_logger
from storage import outbox
from storage.models import Queue
from storage.outbox import Taken
from storage.running import JobRun
from storage.store import Store
from workers.bindings import HANDLERS
from workers.broker import ACTOR

log = get_logger(__name__)


class Unfinished(RuntimeError):
    """A handler returned without completing its job: a bug in the handler."""


class JobRunner:
    """Runs one job at a time for each actor thread, and tells `on_ended` each time that there is room for another."""

    def __init__(self, store: Store, settings: Settings, on_ended: Callable[[], None]) -> None:
        self._store = store
        self._settings = settings
        self._on_ended = on_ended
        self._lock = Lock()
        self._in_hand: dict[tuple[int, int], Taken] = {}
        self._talks = Interruptible()

    def run(self, job_id: int) -> None:
        """Take, run and settle the job; does nothing when it was taken already or is done.

        When the database is away, the row stays as it is and is due again when its time is up.
        """
        try:
            self._run(job_id)
        except Transient:
            log.warning("job.waiting", job_id=job_id)
        except Conflict:
            log.info("job.lost", job_id=job_id)
        finally:
            self._on_ended()

    def interrupt(self) -> None:
        """Give up waiting for other people's servers: the process ends."""
        self._talks.interrupt()

    def keep_in_hand(self) -> None:
        """Tell the outbox that the jobs which run here go on; every few seconds, or others take them over."""
        with self._lock:
            in_hand = list(self._in_hand.values())
        if in_hand:
            with self._store.database.unit_of_work() as session:
                outbox.keep(session, in_hand)

    def _run(self, job_id: int) -> None:
        with self._store.database.unit_of_work() as session:
            taken = outbox.take(session, job_id)
        if taken is None:
            return
        key = (taken.id, taken.fence)
        with self._lock:
            self._in_hand[key] = taken
        try:
            self._settle(taken)
        finally:
            with self._lock:
                del self._in_hand[key]

    def _settle(self, taken: Taken) -> None:
        run = JobRun(self._store, self._settings, taken, self._talks)
        try:
            HANDLERS[taken.job.name](run)
            if not run.completed:
                raise Unfinished(taken.job.name)
        except Conflict:
            raise
        except NotYet as error:
            self._put_off(taken, str(error), after=error.retry_after)
        except Transient as error:
            self._retry(taken, str(error), after=error.retry_after)
        except MailsyncError as error:
            self._bury(taken, str(error))
        except Exception as error:
            log.exception("job.crashed", job_id=taken.id, job=taken.job.name)
            self._retry(taken, f"unexpected {type(error).__name__}")

    def _retry(self, taken: Taken, reason: str, *, after: float | None = None) -> None:
        log.info("job.retried", job_id=taken.id, job=taken.job.name, tries=taken.tries)
        with self._store.database.unit_of_work() as session:
            outbox.retry_later(session, taken, reason, after=after)

    def _put_off(self, taken: Taken, reason: str, *, after: float) -> None:
        log.info("job.put_off", job_id=taken.id, job=taken.job.name)
        with self._store.database.unit_of_work() as session:
            outbox.put_off(session, taken, reason, after=after)

    def _bury(self, taken: Taken, reason: str) -> None:
        log.warning("job.buried", job_id=taken.id, job=taken.job.name)
        with self._store.database.unit_of_work() as session:
            outbox.bury(session, taken, reason)


def declare_actors(broker: dramatiq.Broker, runner: JobRunner) -> None:
    """Bind the three actors to `broker`. Of what waits for the same threads, the more urgent queue goes first."""
    for priority, queue in enumerate(Queue):
        actor = dramatiq.actor(actor_name=f"{ACTOR}.{queue}", queue_name=queue.value, priority=priority, broker=broker)
        actor(runner.run)
