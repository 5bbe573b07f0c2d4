"""Jobs: they leave with the commit, are done once, are tried again, and are given up with a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import Conflict
from storage import jobs, outbox
from storage.jobs import OfMessage, OfOutgoing
from storage.models import JobState, Outbox, Queue
from storage.outbox import Taken
from storage.store import Store

ALL_QUEUES = list(Queue)


def enqueue_one(store: Store, **options: object) -> None:
    with store.database.unit_of_work() as session:
        jobs.enqueue(session, jobs.SEND_OUTGOING, OfOutgoing(7), **options)  # type: ignore[arg-type]  # Options by name.


def hand_out(store: Store) -> list[tuple[int, Queue]]:
    with store.database.unit_of_work() as session:
        return outbox.hand_out(session, ALL_QUEUES, 10)


def take(store: Store, job_id: int) -> Taken | None:
    with store.database.unit_of_work() as session:
        return outbox.take(session, job_id)


def only_row(store: Store) -> Outbox:
    with store.database.reading() as session:
        return session.execute(select(Outbox)).scalar_one()


def let_time_pass(store: Store) -> None:
    """As if the holder had been silent for too long, and every waiting time were over."""
    past = utcnow() - timedelta(seconds=1)
    with store.database.unit_of_work() as session:
        session.execute(update(Outbox).values(until=past, due_at=past))


def test_a_job_leaves_with_the_commit_and_wakes_its_queue(store: Store) -> None:
    woken: list[Queue] = []
    store.database.notifier.listen(woken.append)
    with pytest.raises(RuntimeError), store.database.unit_of_work() as session:
        jobs.enqueue(session, jobs.SEND_OUTGOING, OfOutgoing(7))
        raise RuntimeError
    assert hand_out(store) == []
    assert woken == []
    enqueue_one(store)
    assert woken == [Queue.NOW]
    assert [queue for _, queue in hand_out(store)] == [Queue.NOW]


def test_the_same_key_is_one_job(store: Store) -> None:
    enqueue_one(store, key="send:7")
    enqueue_one(store, key="send:7")
    assert len(hand_out(store)) == 1


def test_a_job_is_taken_once_and_done_once(store: Store) -> None:
    enqueue_one(store)
    [(job_id, _)] = hand_out(store)
    assert hand_out(store) == [], "handed jobs are not handed again"
    taken = take(store, job_id)
    assert taken is not None
    assert taken.args == OfOutgoing(7)
    assert take(store, job_id) is None
    with store.database.unit_of_work() as session:
        outbox.finish(session, taken)
    assert only_row(store).state is JobState.DONE
    with pytest.raises(Conflict), store.database.unit_of_work() as session:
        outbox.finish(session, taken)


def test_the_effect_of_a_worker_that_lost_its_job_is_not_kept(store: Store) -> None:
    """Given a slow worker whose job was handed to another, when the slow one finishes, then nothing of it stays."""
    enqueue_one(store)
    [(job_id, _)] = hand_out(store)
    slow = take(store, job_id)
    let_time_pass(store)
    assert [found for found, _ in hand_out(store)] == [job_id]
    fast = take(store, job_id)
    assert slow is not None
    assert fast is not None
    with pytest.raises(Conflict), store.database.unit_of_work() as session:
        jobs.enqueue(session, jobs.SEND_OUTGOING, OfOutgoing(8))
        outbox.finish(session, slow)
    with store.database.unit_of_work() as session:
        outbox.finish(session, fast)
    assert only_row(store).state is JobState.DONE


def test_a_job_that_goes_on_is_not_given_to_another(store: Store) -> None:
    """Given a job that takes long, while its process lives nobody else begins it; what was lost is not held on to."""
    enqueue_one(store)
    [(job_id, _)] = hand_out(store)
    lost = take(store, job_id)
    let_time_pass(store)
    hand_out(store)
    long = take(store, job_id)
    assert lost is not None
    assert long is not None
    let_time_pass(store)
    with store.database.unit_of_work() as session:
        outbox.keep(session, [lost, long])
    assert hand_out(store) == []
    let_time_pass(store)
    with store.database.unit_of_work() as session:
        outbox.keep(session, [lost])
    assert [found for found, _ in hand_out(store)] == [job_id]


def test_a_job_that_is_done_is_not_kept(store: Store) -> None:
    enqueue_one(store)
    [(job_id, _)] = hand_out(store)
    taken = take(store, job_id)
    assert taken is not None
    with store.database.unit_of_work() as session:
        outbox.finish(session, taken)
    with store.database.unit_of_work() as session:
        outbox.keep(session, [taken])
    assert (only_row(store).state, only_row(store).until) == (JobState.DONE, None)


def test_a_transient_failure_waits_longer_each_time_and_ends(store: Store) -> None:
    enqueue_one(store)
    waits = []
    for _ in range(jobs.SEND_OUTGOING.max_tries):
        let_time_pass(store)
        [(job_id, _)] = hand_out(store)
        taken = take(store, job_id)
        assert taken is not None
        before = utcnow()
        with store.database.unit_of_work() as session:
            outbox.retry_later(session, taken, "the server said 451")
        waits.append((only_row(store).due_at - before).total_seconds())
    assert waits[0] >= 4
    assert waits[:6] == sorted(waits[:6])
    row = only_row(store)
    assert row.state is JobState.DEAD
    assert "the server said 451" in row.reason
    let_time_pass(store)
    assert hand_out(store) == []


def test_a_server_hint_decides_when_to_try_again(store: Store) -> None:
    enqueue_one(store)
    [(job_id, _)] = hand_out(store)
    taken = take(store, job_id)
    assert taken is not None
    with store.database.unit_of_work() as session:
        outbox.retry_later(session, taken, "throttled", after=500)
    assert 490 < (only_row(store).due_at - utcnow()).total_seconds() <= 500


def test_a_restart_takes_up_what_was_in_hand(store: Store) -> None:
    enqueue_one(store)
    [(job_id, _)] = hand_out(store)
    take(store, job_id)
    with store.database.unit_of_work() as session:
        assert outbox.release_all(session) == 1
    assert [found for found, _ in hand_out(store)] == [job_id]


def test_waiting_jobs_tell_when_they_are_due(store: Store) -> None:
    due = utcnow() + timedelta(hours=3)
    enqueue_one(store, due=due)
    assert hand_out(store) == []
    with store.database.reading() as session:
        found = outbox.next_due(session)
        assert outbox.unfinished(session) == 1
    assert found is not None
    assert abs((found - due).total_seconds()) < 0.001


def test_a_backlog_stays_in_the_outbox_and_nobody_stands_behind_it(store: Store) -> None:
    """Given more mail than a broker carries, when a person asks for something, then it is handed out at once."""
    with store.database.unit_of_work() as session:
        orders = [jobs.Order(jobs.MESSAGE_RECEIVED, OfMessage(number, 1)) for number in range(30)]
        jobs.enqueue_many(session, orders)
    assert [queue for _, queue in hand_out(store)] == [Queue.MAIL] * 10
    assert hand_out(store) == []
    enqueue_one(store)
    [(person, queue)] = hand_out(store)
    assert queue is Queue.NOW
    with store.database.reading() as session:
        assert outbox.next_due(session) is None, "what is due already is not waited for by the clock"
    for job_id in range(1, 6):
        assert take(store, job_id)
        assert len(hand_out(store)) == (5 if job_id == 5 else 0), "more follow when half of them were taken"
    assert take(store, person)


def test_a_job_of_another_version_waits_for_it(store: Store) -> None:
    enqueue_one(store)
    for strange in ({"job": "cakes.bake"}, {"job": jobs.SEND_OUTGOING.name, "args": {"cake_id": 7}}):
        with store.database.unit_of_work() as session:
            session.execute(update(Outbox).values(**strange))
        let_time_pass(store)
        [(job_id, _)] = hand_out(store)
        assert take(store, job_id) is None
        assert (only_row(store).state, only_row(store).reason) == (JobState.DUE, outbox.NOT_KNOWN)
    with store.database.unit_of_work() as session:
        session.execute(update(Outbox).values(args={"outgoing_id": 7}))
    let_time_pass(store)
    [(job_id, _)] = hand_out(store)
    assert take(store, job_id)


def test_a_job_that_ends_the_process_each_time_is_given_up(store: Store) -> None:
    enqueue_one(store)
    for _ in range(jobs.SEND_OUTGOING.max_tries):
        [(job_id, _)] = hand_out(store)
        assert take(store, job_id)
        let_time_pass(store)
    [(job_id, _)] = hand_out(store)
    assert take(store, job_id) is None
    assert only_row(store).state is JobState.DEAD
    assert "ended" in only_row(store).reason
