"""Wake-ups between two processes on one PostgreSQL: heard at once, heard again after the server was away."""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from storage import jobs, pg_notify
from storage.database import Database
from storage.jobs import Job, OfOutgoing
from storage.migrate import upgrade
from storage.models import Queue
from storage.pg_notify import hearing

SECONDS = 10.0


@pytest.fixture
def two_processes(postgres_url: str) -> Iterator[tuple[Database, Database]]:
    ours, theirs = Database(postgres_url), Database(postgres_url)
    upgrade(ours)
    yield ours, theirs
    ours.close()
    theirs.close()


class Ear:
    """Counts wake-ups."""

    def __init__(self, database: Database) -> None:
        self.heard: list[Queue] = []
        self._changed = threading.Condition()
        database.notifier.listen(self._hear)

    def _hear(self, queue: Queue) -> None:
        with self._changed:
            self.heard.append(queue)
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= count, SECONDS), self.heard


def enqueue(database: Database, job: Job[OfOutgoing] = jobs.SEND_OUTGOING) -> None:
    with database.unit_of_work() as session:
        jobs.enqueue(session, job, OfOutgoing(1))


def test_a_job_of_another_process_is_heard_and_our_own_once(two_processes: tuple[Database, Database]) -> None:
    ours, theirs = two_processes
    ear = Ear(ours)
    with hearing(ours):
        ear.wait_for(len(Queue))  # It looks at everything once it listens.
        enqueue(theirs)
        ear.wait_for(len(Queue) + 1)
        enqueue(ours)
        enqueue(
            theirs, jobs.STORE_IN_SENT
        )  # PostgreSQL tells in the order of commits: ours would be told again before it.
        ear.wait_for(len(Queue) + 3)
    assert ear.heard == [*Queue, Queue.NOW, Queue.NOW, Queue.MAIL]
    enqueue(theirs)
    assert len(ear.heard) == len(Queue) + 3


def test_after_the_server_was_away_everything_is_looked_at(
    two_processes: tuple[Database, Database], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pg_notify, "RETRY_SECONDS", 0.05)
    ours, theirs = two_processes
    ear = Ear(ours)
    with hearing(ours):
        ear.wait_for(len(Queue))
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mailsync wake-ups'"
            )
        ear.wait_for(2 * len(Queue))
        enqueue(theirs)
        ear.wait_for(2 * len(Queue) + 1)
    assert ear.heard[-1] is Queue.NOW
