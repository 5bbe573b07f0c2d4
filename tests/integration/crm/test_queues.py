"""Queues of responsible people: fair between two processes at once, by working time, and nothing where nothing is made."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from crm.access.viewer import Viewer
from crm.intake.policies.repository.queues import HeldQueue
from crm.intake.repository.context import load_context
from crm.office.absences import Away, add_absence
from crm.office.settings import Office, change_office
from crm.records.deals import create_deal
from crm_world import World, mail
from lock_waits import until_somebody_waits
from storage.models import Deal, QueueMethod, QueueTurn, User
from storage.store import Store

SYSTEM = Viewer.system()
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.carl = world.add_user("carol@ours.example", "Carol")
    world.change(world.sales, queue=[world.ann, world.bob, world.carl])
    return world


def strangers(world: World, first: int, count: int) -> None:
    for number in range(first, first + count):
        world.deliver(mail(f"p{number}@new{number}.example", world.sales.email, message_id=f"m{number}"))


def responsible(world: World) -> list[int]:
    return [deal.responsible_id for deal in world.all(Deal)]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_two_processes_at_once_skip_nobody_and_double_nobody(world: World) -> None:
    """Given two connections that give out turns at once, then the second waits for the first, and goes on behind it."""
    store, order = world.store, []
    strangers(world, 0, 1)  # The row is there: inserting it makes nobody wait.
    first_has_it = threading.Event()

    def second() -> None:
        first_has_it.wait(20)
        with store.database.unit_of_work() as session:
            queue = HeldQueue(session, load_context(session, world.sales.id, store.keys), MONDAY)
            order.extend(["second", queue.next(), queue.next()])
            queue.write()

    thread = threading.Thread(target=second)
    thread.start()
    with store.database.unit_of_work() as session:
        queue = HeldQueue(session, load_context(session, world.sales.id, store.keys), MONDAY)
        turns = [queue.next(), queue.next()]
        first_has_it.set()
        until_somebody_waits(store)
        order.extend(["first", *turns])
        queue.write()
    thread.join(20)

    assert order == ["first", world.bob, world.carl, "second", world.ann, world.bob]
    assert [row.last_user_id for row in world.all(QueueTurn)] == [world.bob]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_mail_taken_in_by_many_at_once_is_shared_out_evenly(world: World) -> None:
    threads = [threading.Thread(target=strangers, args=(world, 100 * number, 10)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(Counter(responsible(world)).values()) == [10, 10, 10]


def test_what_is_rolled_back_takes_no_turn(world: World) -> None:
    strangers(world, 0, 1)
    with pytest.raises(RuntimeError), world.store.database.unit_of_work() as session:
        queue = HeldQueue(session, load_context(session, world.sales.id, world.store.keys), MONDAY)
        assert queue.next() == world.bob
        queue.write()
        raise RuntimeError
    strangers(world, 1, 1)

    assert responsible(world) == [world.ann, world.bob]


def test_who_is_away_or_left_gets_nothing_and_at_night_it_is_whose_morning_comes_first(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        add_absence(session, SYSTEM, world.bob, Away(MONDAY.date(), MONDAY.date() + timedelta(days=1)))
        change_office(session, SYSTEM, Office(time_zone="Europe/Warsaw"), before=Office())
    with time_machine.travel(MONDAY, tick=False):
        strangers(world, 0, 3)
    with time_machine.travel(MONDAY.replace(hour=23), tick=False):
        strangers(world, 3, 2)
        with world.store.database.unit_of_work() as session:
            session.get_one(User, world.bob).time_zone = "Asia/Tokyo"  # Morning there, but he is away.
            session.get_one(User, world.carl).time_zone = "Asia/Tokyo"
        strangers(world, 5, 2)
    with world.store.database.unit_of_work() as session:
        session.get_one(User, world.carl).active = False
        session.get_one(User, world.ann).active = False
    strangers(world, 7, 1)

    ann, bob, carol = world.ann, world.bob, world.carl
    assert responsible(world) == [ann, carol, ann, carol, ann, carol, carol, bob]


def test_least_busy_counts_open_deals_of_the_person(world: World) -> None:
    world.change(world.sales, queue_method=QueueMethod.LEAST_BUSY)
    with world.store.database.unit_of_work() as session:
        for number, user_id in enumerate([world.ann, world.ann, world.carl]):
            create_deal(session, f"Deal {number}", responsible_id=user_id)

    strangers(world, 0, 4)

    assert responsible(world)[3:] == [world.bob, world.carl, world.bob, world.carl], (
        "of two alike the next behind the last"
    )


def test_without_anybody_in_the_queue_it_is_the_owner_of_the_mailbox(world: World) -> None:
    world.change(world.sales, queue=[])
    strangers(world, 0, 2)
    assert responsible(world) == [world.ann, world.ann]
    assert world.all(QueueTurn) == []
