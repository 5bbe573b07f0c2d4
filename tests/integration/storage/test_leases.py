"""Leases: one holder at a time, a fence that grows, and a dead holder's work taken over."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from core.clock import utcnow
from core.errors import Transient
from integration.conftest import postgres_store
from storage import leases
from storage.database import LOCK_WAIT, SILENT_FOR
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


def test_who_waits_in_line_for_what_a_stopped_process_has_is_sent_away(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Else the units of that process would be let in one after the other, each as long as the one before, and the lease
    would be kept from everybody else for longer than it lasts."""
    store = postgres_store(request, tmp_path)
    with store.database.unit_of_work() as session:
        lease = leases.acquire(session, "mailbox:1", "a", MINUTE)
        assert session.execute(text("SHOW lock_timeout")).scalar_one() == f"{LOCK_WAIT.seconds}s"
    assert lease is not None
    assert LOCK_WAIT < SILENT_FOR
    with store.database.unit_of_work() as session:
        assert leases.acquire(session, "mailbox:1", "a", MINUTE)
        with pytest.raises(Transient, match="busy"), store.database.unit_of_work() as waiting:
            waiting.execute(text("SET LOCAL lock_timeout = '100ms'"))
            leases.still_held(waiting, lease)
    store.close()


def test_only_what_did_not_run_out_is_renewed(store: Store) -> None:
    lease = acquire(store, "a")
    with store.database.unit_of_work() as session:
        assert leases.acquire(session, "mailbox:2", "b", MINUTE)
        assert leases.acquire(session, "mailbox:3", "a", timedelta(0))
        names = ["mailbox:1", "mailbox:2", "mailbox:3", "mailbox:4"]
        assert leases.renew(session, names, "a", 2 * MINUTE) == {"mailbox:1": lease}
    assert lease is not None
    with store.database.unit_of_work() as session:
        assert leases.still_held(session, lease, margin=MINUTE)
