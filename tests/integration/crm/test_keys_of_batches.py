"""On PostgreSQL batches wait for each other where they share a key, and nowhere else."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from core.config import load_settings
from core.crypto import load_key_ring
from core.errors import Transient
from crm.intake.preparing import prepare
from crm.intake.repository.context import load_context
from crm.intake.taking import take_in, take_in_safely
from crm_world import World, mail
from lock_waits import until_somebody_waits
from storage.held_keys import hold_keys
from storage.models import Deal, Message
from storage.store import Store, open_store

AT_ONCE = text("SET LOCAL lock_timeout = '100ms'")
KEYS = 1600
"""Of a batch of 400 mails."""


@pytest.fixture
def store(migrated_postgres_url: str, tmp_path: Path) -> Iterator[Store]:
    keys = tmp_path / "keys.json"
    load_key_ring(keys, create=True)
    opened = open_store(
        load_settings(
            data_dir=tmp_path, database_url=migrated_postgres_url, secret_keys_file=keys, blob_dir=tmp_path / "blobs"
        )
    )
    yield opened
    opened.close()


def keys_of(name: str) -> set[str]:
    return {f"{name}{number}" for number in range(KEYS)}


def test_who_shares_no_key_goes_on_and_who_shares_one_is_given_up_after_the_time_for_locks(store: Store) -> None:
    with store.database.unit_of_work() as first:
        hold_keys(first, keys_of("a"))
        with store.database.unit_of_work() as second:
            second.execute(AT_ONCE)
            hold_keys(second, keys_of("b"))
        with pytest.raises(Transient, match="busy"), store.database.unit_of_work() as third:
            third.execute(AT_ONCE)
            hold_keys(third, keys_of("c") | {"a7"})
    with store.database.unit_of_work() as later:
        later.execute(AT_ONCE)
        hold_keys(later, keys_of("a"))


@pytest.mark.parametrize("undone", [False, True])
def test_who_shares_a_key_waits_until_the_other_has_ended(store: Store, undone: bool) -> None:
    ended, seen = threading.Event(), []

    def take() -> None:
        with store.database.unit_of_work() as session:
            hold_keys(session, keys_of("b") | {"a7"})
            seen.append(ended.is_set())

    second = threading.Thread(target=take)
    try:
        with store.database.unit_of_work() as first:
            hold_keys(first, keys_of("a"))
            second.start()
            until_somebody_waits(store)
            ended.set()
            if undone:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    second.join(20)
    assert seen == [True]


def test_keys_stay_held_when_a_mail_that_was_tried_alone_is_undone(store: Store) -> None:
    with store.database.unit_of_work() as first:
        hold_keys(first, keys_of("a"))
        with pytest.raises(ZeroDivisionError), first.begin_nested():
            hold_keys(first, ["a7"])
            raise ZeroDivisionError
        hold_keys(first, ["a7"])
        with pytest.raises(Transient, match="busy"), store.database.unit_of_work() as second:
            second.execute(AT_ONCE)
            hold_keys(second, ["a7"])
    with store.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM intake_key")).scalar_one() == 0


def test_many_who_share_keys_as_it_comes_never_lock_each_other_out(store: Store) -> None:
    """A deadlock would raise `Transient`; two with one key at the same time would find it taken."""
    taken: set[str] = set()
    everything = [f"key{number}" for number in range(2000)]

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(20):
            keys = set(chance.sample(everything, chance.choice((1, 5, 40, 200))))
            with store.database.unit_of_work() as session:
                hold_keys(session, keys)
                assert not keys & taken
                taken.update(keys)
                session.execute(text("SELECT 1"))  # Lets the others run.
                taken.difference_update(keys)

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, seed) for seed in range(8)]:
            future.result(60)


def test_mail_of_one_mailbox_does_not_wait_for_the_history_of_another(store: Store) -> None:
    """Nor for anything else that taking in writes, until both have ended."""
    world = World(store)
    history_box, new_box = (world.add_mailbox(f"box{number}@ours.example") for number in range(2))
    history = [mail(f"p{n}@old{n}.example", history_box.email, f"Old {n}", message_id=f"old{n}") for n in range(100)]
    news = [mail(f"p{n}@new{n}.example", new_box.email, f"New {n}", message_id=f"new{n}") for n in range(100)]
    world.deliver(mail("first@client.example", new_box.email), new_box)  # The first one of all makes the pipeline.
    ready = prepare(store, [world.arrival(raw, history_box) for raw in history])
    new = prepare(store, [world.arrival(raw, new_box) for raw in news])

    with store.database.unit_of_work() as slow:
        take_in(slow, load_context(slow, history_box.id, store.keys), ready)
        taken = take_in_safely(store, new_box.id, new, lambda session, _: session.execute(AT_ONCE) and None)
        assert taken.stored == 100
    assert len(world.all(Message)) == len(world.all(Deal)) == 201
