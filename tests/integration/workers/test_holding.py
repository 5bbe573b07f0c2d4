"""Supervisors and their leases: taken up, renewed whatever happens, put down without anybody else waiting for it."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from core.errors import Transient
from integration.conftest import postgres_store
from storage import leases
from storage.leases import HeldLease
from storage.models import Lease
from storage.store import Store
from workers import holding
from workers.holding import Hands

SECONDS = 20.0
SHORT = timedelta(seconds=1.5)


@pytest.fixture(autouse=True)
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "LEASE_FOR", SHORT)
    monkeypatch.setattr(holding, "RENEW_AFTER", 0.3)


def fences(store: Store) -> dict[str, int]:
    with store.database.reading() as session:
        return {row.name: row.fence for row in session.execute(select(Lease.name, Lease.fence))}


def is_free(store: Store, name: str) -> bool:
    with store.database.unit_of_work() as session:
        return leases.acquire(session, name, "somebody else", SHORT) is not None


async def look_until(hands: Hands, wanted: set[int], fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not fact():
            await hands.look(wanted)
            await asyncio.sleep(0.05)


async def patient(_: int, __: HeldLease, stop: asyncio.Event) -> None:
    await stop.wait()


async def stubborn(one: int, __: HeldLease, stop: asyncio.Event) -> None:
    """The first of them does not hear that it shall end."""
    await (asyncio.sleep(3600) if one == 1 else stop.wait())


async def test_what_is_slow_to_end_keeps_nobody_waiting(store: Store) -> None:
    """Given one that does not end when it is put down, then the other keeps its lease, and a third is taken up."""
    hands = Hands(store, "thing:", stubborn, grace_seconds=2 * SHORT.total_seconds())
    await hands.look({1, 2})
    before = time.monotonic()
    await hands.look({2, 3})
    assert hands.ids == {2, 3}
    await look_until(hands, {2, 3}, lambda: time.monotonic() - before > 1.5 * SHORT.total_seconds())
    assert not is_free(store, "thing:2")
    assert fences(store)["thing:2"] == 1
    await look_until(hands, {2, 3}, lambda: is_free(store, "thing:1"))
    await hands.end()
    assert is_free(store, "thing:2")


async def test_nothing_is_begun_anew_while_it_has_not_ended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given one that goes on after it was cancelled, when it is wanted again, then it waits for its own end."""
    monkeypatch.setattr(holding, "CANCEL_SECONDS", 0.1)
    may_end, at_work, most = asyncio.Event(), 0, 0

    async def deaf(_: int, __: HeldLease, ___: asyncio.Event) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        while not may_end.is_set():
            with suppress(asyncio.CancelledError):
                await may_end.wait()
        at_work -= 1

    hands = Hands(store, "thing:", deaf, grace_seconds=0.1)
    await hands.look({1})
    await hands.look(set())
    before = time.monotonic()
    try:
        await look_until(hands, {1}, lambda: time.monotonic() - before > SHORT.total_seconds())
        assert (at_work, most, hands.ids) == (1, 1, set())
    finally:
        may_end.set()
    await look_until(hands, {1}, lambda: hands.ids == {1})
    await hands.end()
    assert (at_work, most) == (0, 1)


async def test_leases_are_renewed_while_every_thread_is_busy(store: Store) -> None:
    """Given batches that fill all threads of the process, then no lease runs out."""

    async def busy(_: int, __: HeldLease, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.to_thread(time.sleep, 0.4)

    hands, wanted = Hands(store, "thing:", busy, grace_seconds=SECONDS), set(range(1, 61))
    await hands.look(wanted)
    before = time.monotonic()
    await look_until(hands, wanted, lambda: time.monotonic() - before > 2 * SHORT.total_seconds())
    assert set(fences(store).values()) == {1}, "a higher fence means that a lease had run out"
    assert hands.ids == wanted
    await hands.end()


async def test_a_unit_that_holds_one_lease_fast_keeps_no_other_from_being_renewed(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Given a unit of work that asked for its lease and takes long, then the others are renewed meanwhile, and it afterwards.

    On PostgreSQL: elsewhere there is one unit at a time.
    """
    store = postgres_store(request, tmp_path)
    hands = Hands(store, "thing:", patient, grace_seconds=1)
    await hands.look({1, 2})
    with store.database.unit_of_work() as session:
        assert leases.still_held(session, hands._held[1].lease)
        async with asyncio.timeout(SECONDS):
            assert set(await hands.aside(lambda: hands._acquire([1, 2, 3]))) == {2, 3}
    assert set(hands._acquire([1, 2, 3])) == {1, 2, 3}
    assert set(fences(store).values()) == {1}
    await hands.end()
    store.close()


async def test_who_lost_a_lease_ends_and_takes_it_up_again_when_it_is_free(store: Store) -> None:
    hands = Hands(store, "thing:", patient, grace_seconds=1)
    await hands.look({1})
    with store.database.unit_of_work() as session:
        leases.forget_all(session)
        assert leases.acquire(session, "thing:1", "somebody else", SHORT)
    await look_until(hands, {1}, lambda: hands.ids == set())
    await look_until(hands, {1}, lambda: hands.ids == {1})
    assert fences(store)["thing:1"] == 3
    await hands.end()


async def test_two_that_want_the_same_share_it(store: Store) -> None:
    one, other = (Hands(store, "thing:", patient, grace_seconds=1) for _ in range(2))
    await asyncio.gather(one.look(set(range(20))), other.look(set(range(10, 30))))
    assert one.ids | other.ids == set(range(30))
    assert not one.ids & other.ids
    await one.end()
    await other.look(set(range(30)))
    assert other.ids == set(range(30))
    await other.end()


async def test_supervisors_share_and_who_ends_is_replaced(store: Store) -> None:
    """Given one that has all, then another that starts has half of them after a while, and never does one have two holders."""
    wanted = set(range(1, 21))
    one, other = (Hands(store, "thing:", patient, grace_seconds=1, shares=True) for _ in range(2))
    await look_until(one, wanted, lambda: one.ids == wanted)
    async with asyncio.timeout(SECONDS):
        while len(other.ids) < 10:
            await asyncio.gather(one.look(wanted), other.look(wanted))
            assert not one.ids & other.ids
    await asyncio.gather(one.look(wanted), other.look(wanted))
    assert (len(one.ids), one.ids | other.ids) == (10, wanted)
    assert sorted(set(fences(store).values())) == [1, 2], "what was given up once, and nothing to and fro"
    await other.end()
    await look_until(one, wanted, lambda: one.ids == wanted)
    await one.end()


async def test_what_is_left_lying_is_taken_whatever_the_share_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "LEFT_LYING", 0.5)
    wanted = set(range(1, 5))
    lazy, other = (Hands(store, "thing:", patient, grace_seconds=1, shares=True) for _ in range(2))
    await lazy.look(set())
    await other.look(wanted)
    assert len(other.ids) == 2
    await look_until(other, wanted, lambda: other.ids == wanted)
    await asyncio.gather(lazy.end(), other.end())


def begin_and_fall_silent(store: Store, name: str, over: threading.Event, begun: threading.Event) -> None:
    """Hold the lease fast, begin a COPY, and stand still in its middle, as a process that is stopped."""
    with store.database.unit_of_work() as session:
        lease = leases.acquire(session, name, "stopped", SHORT)
        assert lease is not None
    with pytest.raises(Transient), store.database.unit_of_work() as session:
        assert leases.still_held(session, lease)
        driver = session.connection().connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        with driver.cursor() as cursor, cursor.copy("COPY setting (name, value) FROM STDIN"):
            begun.set()
            over.wait(SECONDS)


async def test_who_is_stopped_in_the_middle_of_a_copy_keeps_nobody_from_its_lease(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends by itself what is silent between two statements; within one, whoever wants the lease has it ended."""
    monkeypatch.setattr(leases, "SILENT_FOR", timedelta(seconds=1))
    store = postgres_store(request, tmp_path)
    over, begun = threading.Event(), threading.Event()
    stopped = asyncio.create_task(asyncio.to_thread(begin_and_fall_silent, store, "thing:1", over, begun))
    assert await asyncio.to_thread(begun.wait, SECONDS)
    hands = Hands(store, "thing:", patient, grace_seconds=1)
    try:
        await look_until(hands, {1}, lambda: hands.ids == {1})
    finally:
        over.set()
        await stopped
        await hands.end()
        store.close()
