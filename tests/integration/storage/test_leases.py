"""Leases: one holder at a time, a fence that grows, and a dead holder's work taken over."""

import threading
import time
from datetime import timedelta

from sqlalchemy import update

from core.clock import utcnow
from storage import leases
from storage.leases import HeldLease
from storage.models import Lease, Setting
from storage.store import Store

MINUTE = timedelta(minutes=1)


def acquire(store: Store, holder: str) -> HeldLease | None:
    with store.database.unit_of_work() as session:
        return leases.acquire(session, "mailbox:1", holder, MINUTE)


def expire(store: Store) -> None:
    with store.database.unit_of_work() as session:
        session.execute(update(Lease).values(expires_at=utcnow() - MINUTE))


def test_one_holder_at_a_time(store: Store) -> None:
    first = acquire(store, "a")
    assert first is not None
    assert acquire(store, "b") is None
    assert acquire(store, "a") == first, "a holder that asks again keeps its fence"
    with store.database.unit_of_work() as session:
        assert leases.still_held(session, first)
        assert not leases.still_held(session, first, margin=MINUTE * 2)


def test_an_expired_lease_is_taken_over_with_a_higher_fence(store: Store) -> None:
    first = acquire(store, "a")
    expire(store)
    second = acquire(store, "b")
    assert first is not None
    assert second is not None
    assert second.fence > first.fence
    with store.database.unit_of_work() as session:
        assert not leases.still_held(session, first)
        leases.release(session, first)  # A late release of the old holder changes nothing.
    assert acquire(store, "a") is None


def test_a_holder_that_let_its_lease_expire_gets_a_new_fence(store: Store) -> None:
    first = acquire(store, "a")
    expire(store)
    again = acquire(store, "a")
    assert first is not None
    assert again is not None
    assert again.fence > first.fence


def test_a_released_lease_is_free(store: Store) -> None:
    first = acquire(store, "a")
    assert first is not None
    with store.database.unit_of_work() as session:
        leases.release(session, first)
    assert acquire(store, "b") is not None


def test_of_many_that_ask_at_once_one_wins(store: Store) -> None:
    winners = []

    def ask(holder: str) -> None:
        if acquire(store, holder) is not None:
            winners.append(holder)

    threads = [threading.Thread(target=ask, args=(f"holder {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1


def test_what_others_have_is_told_without_touching_it(store: Store) -> None:
    with store.database.unit_of_work() as session:
        for name, holder in (("mailbox:1", "a"), ("mailbox:2", "b"), ("mailbox:3", "b")):
            leases.acquire(session, name, holder, MINUTE if name != "mailbox:3" else timedelta(0))
    names = [f"mailbox:{number}" for number in range(1, 5)]
    with store.database.reading() as session:
        assert leases.held_elsewhere(session, names, "a") == {"mailbox:2"}, (
            "not ours, not what expired, not what is new"
        )


def test_a_unit_that_asked_for_its_lease_ends_before_anybody_else_begins(store: Store) -> None:
    """Given a process that is stopped between its question and its commit, for longer than its lease, then the next holder
    does not begin before that unit has ended."""
    name, seen = "mailbox:1", []
    with store.database.unit_of_work() as session:
        lease = leases.acquire(session, name, "a", timedelta(seconds=0.2))
    assert lease is not None

    def take_over() -> None:
        while True:
            with store.database.unit_of_work() as session:
                if leases.acquire(session, name, "b", MINUTE):
                    seen.append(session.get(Setting, "late") is not None)
                    return
            time.sleep(0.01)

    other = threading.Thread(target=take_over)
    with store.database.unit_of_work() as session:
        assert leases.still_held(session, lease)
        session.add(Setting(name="late", value={}))
        session.flush()
        other.start()
        other.join(0.6)
        assert other.is_alive(), "the lease has run out, and is not to be had"
    other.join(10)
    assert seen == [True], "it saw what was written before it began"
    with store.database.unit_of_work() as session:
        assert not leases.still_held(session, lease)
