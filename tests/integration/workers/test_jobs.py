"""Jobs through the real brokers: in memory and Redis. They are done once, retried, buried, and survive a lost broker."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.clock import utcnow
from core.config import Settings, load_settings
from core.errors import NotYet, Permanent, Transient
from migrated import open_copy
from storage import jobs, outbox
from storage.jobs import OfMessage, OfOutgoing
from storage.models import JobState, Outbox, Setting
from storage.running import JobRun
from storage.store import Store
from workers import actors
from workers.jobs import GRACE_MILLISECONDS, JobsRole

DEADLINE = 20.0


@pytest.fixture(params=["memory", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path) -> Settings:
    if request.param == "memory":
        return load_settings(data_dir=tmp_path)
    return load_settings(data_dir=tmp_path, redis_url=request.getfixturevalue("redis_url"))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_copy(settings)
    yield opened
    opened.close()


@contextmanager
def handled_by(monkeypatch: pytest.MonkeyPatch, handler: Callable[[JobRun], None]) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(actors, "HANDLERS", {jobs.SEND_OUTGOING.name: handler})
        yield


@contextmanager
def running(store: Store, settings: Settings) -> Iterator[None]:
    """The jobs role in a loop of its own, as the daemon has it."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(JobsRole(store, settings).run(stop)))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def enqueue(store: Store, outgoing_id: int) -> None:
    with store.database.unit_of_work() as session:
        jobs.enqueue(session, jobs.SEND_OUTGOING, OfOutgoing(outgoing_id))


def rows(store: Store) -> list[Outbox]:
    with store.database.reading() as session:
        return list(session.execute(select(Outbox).order_by(Outbox.id)).scalars())


def wait_until(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not fact():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def leave_a_mark(run: JobRun) -> None:
    with run.completing() as session:
        session.add(Setting(name=f"sent {run.args.outgoing_id}", value={}))


def test_many_jobs_are_each_done_once(store: Store, settings: Settings, monkeypatch) -> None:
    with handled_by(monkeypatch, leave_a_mark), running(store, settings):
        for number in range(150):
            enqueue(store, number)
        wait_until(lambda: all(row.state is JobState.DONE for row in rows(store)))
    with store.database.reading() as session:
        assert len(session.execute(select(Setting)).all()) == 150
    assert {row.tries for row in rows(store)} == {1}


def test_failures_are_settled_by_their_class(store: Store, settings: Settings, monkeypatch) -> None:
    def fail(run: JobRun) -> None:
        match run.args.outgoing_id:
            case 1:
                raise Transient("The server said 451.", retry_after=3600)
            case 2:
                raise Permanent("The address does not exist.")
            case 3:
                raise ZeroDivisionError
            case 4:
                return  # Forgot to complete.
            case 5:
                raise NotYet("The day is used up.", retry_after=3600)
            case _:
                leave_a_mark(run)

    with handled_by(monkeypatch, fail), running(store, settings):
        for number in range(1, 7):
            enqueue(store, number)
        wait_until(lambda: all(row.tries for row in rows(store)[:4]) and rows(store)[5].state is JobState.DONE)
        wait_until(lambda: bool(rows(store)[4].reason))
        wait_until(lambda: not any(row.state in (JobState.HANDED, JobState.RUNNING) for row in rows(store)))
    transient, permanent, crashed, unfinished, put_off, fine = rows(store)
    assert (transient.state, transient.reason) == (JobState.DUE, "The server said 451.")
    assert (permanent.state, permanent.reason) == (JobState.DEAD, "The address does not exist.")
    assert (crashed.state, crashed.reason) == (JobState.DUE, "unexpected ZeroDivisionError")
    assert (unfinished.state, unfinished.reason) == (JobState.DUE, "unexpected Unfinished")
    assert (put_off.state, put_off.reason, put_off.tries) == (JobState.DUE, "The day is used up.", 0)
    assert 3500 < (put_off.due_at - utcnow()).total_seconds() <= 3600
    assert transient.tries == fine.tries == 1
    assert fine.state is JobState.DONE


def test_a_job_that_the_broker_lost_is_handed_again(store: Store, settings: Settings, monkeypatch) -> None:
    """Given a job marked as handed whose message is nowhere, when its time is up, then it is done all the same."""
    enqueue(store, 1)
    with store.database.unit_of_work() as session:
        session.execute(update(Outbox).values(state=JobState.HANDED, until=rows(store)[0].created_at))
    with handled_by(monkeypatch, leave_a_mark), running(store, settings):
        wait_until(lambda: rows(store)[0].state is JobState.DONE)


def test_a_long_job_is_begun_once(store: Store, settings: Settings, monkeypatch) -> None:
    """Given a job that takes several times as long as a silent one is waited for, then it is not handed out again."""
    monkeypatch.setattr(outbox, "RUN_FOR", timedelta(seconds=0.5))
    monkeypatch.setattr("workers.jobs.KEEP_SECONDS", 0.05)
    monkeypatch.setattr("workers.jobs.LOOK_SECONDS", 0.05)

    def long(run: JobRun) -> None:
        time.sleep(1.5)
        leave_a_mark(run)

    with handled_by(monkeypatch, long), running(store, settings):
        enqueue(store, 1)
        wait_until(lambda: rows(store)[0].state is JobState.DONE)
    assert rows(store)[0].tries == 1


def test_stopping_lets_the_job_in_hand_finish(store: Store, settings: Settings, monkeypatch) -> None:
    begun = threading.Event()

    def slow(run: JobRun) -> None:
        begun.set()
        time.sleep(0.5)
        leave_a_mark(run)

    with handled_by(monkeypatch, slow):
        with running(store, settings):
            enqueue(store, 1)
            assert begun.wait(DEADLINE)
        assert rows(store)[0].state is JobState.DONE


def test_stopping_gives_up_waiting_for_a_server(store: Store, settings: Settings, monkeypatch) -> None:
    """Given a job that waits for a server that is silent, and one that comes to it too late, then both are due at once."""
    begun = threading.Event()

    async def wait_for_ever() -> None:
        begun.set()
        await asyncio.Event().wait()

    def handler(run: JobRun) -> None:
        if run.args.outgoing_id == 2:
            assert begun.wait(DEADLINE)
            while not run.talks.interrupted:
                time.sleep(0.01)
        run.talks.run(wait_for_ever())
        leave_a_mark(run)

    with handled_by(monkeypatch, handler):
        enqueue(store, 1)
        enqueue(store, 2)
        with running(store, settings):
            wait_until(begun.is_set)
            wait_until(lambda: all(row.state is JobState.RUNNING for row in rows(store)))
            asked_at = time.monotonic()
        assert time.monotonic() - asked_at < GRACE_MILLISECONDS / 1000 / 2
    assert [(row.state, row.tries) for row in rows(store)] == [(JobState.DUE, 0)] * 2
    assert all(row.due_at <= utcnow() for row in rows(store))


def test_a_person_does_not_wait_for_slow_jobs(store: Store, settings: Settings, monkeypatch) -> None:
    """Given more slow jobs than there are threads, when somebody asks for something, then it is done meanwhile."""
    over = threading.Event()

    def slow(run: JobRun) -> None:
        over.wait(DEADLINE)
        with run.completing():
            pass

    monkeypatch.setattr(actors, "HANDLERS", {jobs.SEND_OUTGOING.name: leave_a_mark, jobs.MESSAGE_RECEIVED.name: slow})
    with store.database.unit_of_work() as session:
        jobs.enqueue_many(session, [jobs.Order(jobs.MESSAGE_RECEIVED, OfMessage(one, 1)) for one in range(40)])
    with running(store, settings):
        try:
            wait_until(lambda: any(row.state is JobState.RUNNING for row in rows(store)))
            enqueue(store, 1)
            wait_until(lambda: rows(store)[40].state is JobState.DONE)
            assert not any(row.state is JobState.DONE for row in rows(store)[:40])
        finally:
            over.set()


def test_a_backlog_flows_without_pauses(store: Store, settings: Settings, monkeypatch) -> None:
    """Given far more jobs than a broker carries, then the next ones follow as soon as there is room."""
    with store.database.unit_of_work() as session:
        jobs.enqueue_many(session, [jobs.Order(jobs.SEND_OUTGOING, OfOutgoing(one)) for one in range(300)])
    monkeypatch.setattr("workers.jobs.LOOK_SECONDS", 3600.0)
    with handled_by(monkeypatch, leave_a_mark), running(store, settings):
        wait_until(lambda: all(row.state is JobState.DONE for row in rows(store)))
    assert {row.tries for row in rows(store)} == {1}
