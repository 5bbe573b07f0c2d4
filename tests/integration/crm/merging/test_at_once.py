"""Merges beside each other and beside mail that comes in, on both databases: no mail is lost, and nothing stands on the dead."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, NotFound
from crm.records import merge_jobs, merging
from crm.records.gone import Record
from crm.records.merging import merge
from crm.records.repository.standing import keep_records
from crm_world import World, mail
from integration.crm.merging.same_people import SYSTEM, contact, merged, owners_of
from lock_waits import until_somebody_waits
from recycling_world import nothing_names
from storage.models import Activity, ActivityBinding, Channel, Contact, Message
from storage.store import Store

ROUNDS = 12


def together(*acts: Callable[[], Any]) -> list[Any]:
    """All at the same moment; what each gave or raised."""
    gate = threading.Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return one()
        except (Conflict, NotFound) as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def living(world: World, *records: Record) -> list[Record]:
    there = set(world.rows(select(Contact.id).where(Contact.deleted_at.is_(None))))
    return [record for record in records if record[1] in there]


def test_of_two_merges_of_overlapping_sets_the_later_one_is_told(world: World) -> None:
    for number in range(ROUNDS):
        a, b, c = (contact(world, f"Anna {n}", emails=[f"r{number}p{n}@x.example"]) for n in range(3))

        done = together(lambda a=a, b=b: merged(world, a, b), lambda b=b, c=c: merged(world, b, c))

        lost = [each for each in done if isinstance(each, Conflict)]
        assert len(lost) <= 1
        left = living(world, a, b, c)
        assert len(left) == (1 if not lost else 2)
        for gone in {a, b, c} - set(left):
            assert nothing_names(world, gone)
        keys = {row.key for row in world.all(Channel) if row.record_id in {record[1] for record in left}}
        assert {f"r{number}p{n}@x.example" for n in range(3)} <= keys


def test_two_that_are_merged_into_each_other_leave_one(world: World) -> None:
    for number in range(ROUNDS):
        a, b = (contact(world, emails=[f"r{number}p{n}@x.example"]) for n in range(2))

        done = together(lambda a=a, b=b: merged(world, a, b), lambda a=a, b=b: merged(world, b, a))

        assert sum(isinstance(each, Conflict) for each in done) == 1
        assert len(living(world, a, b)) == 1


def test_mail_for_either_stands_on_the_one_that_is_left(world: World) -> None:
    for number in range(ROUNDS):
        a, b = (contact(world, emails=[f"r{number}p{n}@x.example"]) for n in range(2))
        letters = [
            world.arrival(mail(f"r{number}p{n % 2}@x.example", world.sales.email, f"Q{n}", message_id=f"r{number}q{n}"))
            for n in range(20)
        ]

        together(
            lambda a=a, b=b: merged(world, a, b),
            lambda letters=letters: world.take(letters[:10]),
            lambda letters=letters: world.take(letters[10:]),
        )

        assert nothing_names(world, b)
        mine = {row.activity_id for row in world.all(ActivityBinding) if row.record_id == a[1]}
        mails = [row for row in world.all(Activity) if row.message_id is not None]
        assert sum(row.id in mine for row in mails) == 20
    entries = [row.id for row in world.all(Activity)]
    assert owners_of(world, entries) == [1] * len(entries)
    assert len(world.all(Message)) == 20 * ROUNDS


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_merge_waits_for_a_batch_that_has_looked_records_up(world: World, store: Store) -> None:
    a, b = contact(world), contact(world)
    begun, go_on = threading.Event(), threading.Event()

    def batch() -> None:
        with store.database.unit_of_work() as session:
            keep_records(session)
            begun.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(batch)
        assert begun.wait(10)
        merging_ = pool.submit(merged, world, a, b)
        until_somebody_waits(store)
        assert not merging_.done()
        go_on.set()
        waiting.result(10)
        merging_.result(10)
    assert living(world, a, b) == [a]


def test_what_was_put_on_one_of_them_in_that_very_moment_moves_with_the_job(world: World) -> None:
    """Not everybody who puts something on a record holds up merges."""
    a, b = contact(world), contact(world)
    with world.store.database.unit_of_work() as session:
        merge_id = merge(session, SYSTEM, a, [b[1]], {})
    with world.store.database.unit_of_work() as session:
        late = Activity(kind="comment", title="Late", at=merging.utcnow(), created_at=merging.utcnow())
        session.add(late)
        session.flush()
        session.add(ActivityBinding(activity_id=late.id, record_type=b[0], record_id=b[1], owner=True))
    assert not nothing_names(world, b)

    merge_jobs.finish_merge(world.store, merge_id)

    assert nothing_names(world, b)
