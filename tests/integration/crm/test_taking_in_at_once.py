"""Two workers take the same mail in at the same time, on both databases: one of everything comes of it."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from core.config import load_settings
from core.errors import Transient
from crm.intake.preparing import prepare
from crm.intake.repository.context import load_context
from crm.intake.taking import take_in, take_in_safely
from crm_world import Box, World, mail
from servers.postgres import Postgres
from storage.models import Activity, Channel, Contact, Deal, FolderRole, Message, Place, Quarantine, Thread
from storage.search import find_messages
from storage.sessions import WriteSession
from storage.store import Store, open_store

WORKERS = 4
MAILS = 40


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        settings = load_settings(data_dir=tmp_path)
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        url = request.getfixturevalue("postgres_url")
        assert postgres
        keys = tmp_path / "keys.json"
        keys.write_text(json.dumps({"keys": {"1": base64.b64encode(b"k" * 32).decode()}, "current": "1"}))
        settings = load_settings(
            data_dir=tmp_path, database_url=url, secret_keys_file=keys, blob_dir=tmp_path / "blobs"
        )
    opened = open_store(settings)
    yield opened
    opened.close()


def at_once(works: list[Callable[[], object]]) -> None:
    """Run all at the same moment; raises what any of them raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait(20)
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(run, work) for work in works]:
            future.result(60)


def correspondence() -> list[bytes]:
    """Many strangers, each writing twice in one thread."""
    raws = []
    for number in range(MAILS // 2):
        sender = f"Person {number} <p{number}@client{number}.example>"
        to = "sales@ours.example, " + ", ".join(f"box{box}@ours.example" for box in range(WORKERS))
        raws.append(mail(sender, to, f"Offer {number}", message_id=f"a{number}"))
        raws.append(mail(sender, to, f"Re: Offer {number}", message_id=f"b{number}", references=[f"a{number}"]))
    return raws


def test_one_message_one_activity_one_deal(store: Store) -> None:
    world = World(store)
    boxes = [world.add_mailbox(f"box{number}@ours.example") for number in range(WORKERS)]
    raws = correspondence()

    def worker(box: Box, order: list[bytes], size: int) -> Callable[[], None]:
        batches = [
            prepare(store, [world.arrival(raw, box) for raw in order[start : start + size]])
            for start in range(0, len(order), size)
        ]

        def work() -> None:
            for batch in batches:
                taken = take_in_safely(store, box.id, batch)
                assert not taken.quarantined

        return work

    orders = [raws, raws[::-1], raws[::2] + raws[1::2], raws]
    at_once([worker(box, order, size) for box, order, size in zip(boxes, orders, (1, 3, 7, 40), strict=True)])

    assert len(world.all(Message)) == len(world.all(Activity)) == MAILS
    assert len(world.all(Place)) == MAILS * WORKERS
    assert len(world.all(Deal)) == len(world.all(Contact)) == len(world.all(Channel)) == MAILS // 2
    assert world.threads() == {frozenset({f"a{number}", f"b{number}"}) for number in range(MAILS // 2)}
    assert sorted(world.jobs()) == ["message.received"] * MAILS


def test_two_first_mails_of_one_stranger_make_one_client(store: Store) -> None:
    world = World(store)
    boxes = [world.add_mailbox(f"box{number}@ours.example") for number in range(2)]

    for number in range(10):
        sender = f"p{number}@client{number}.example"
        ready = [
            prepare(
                store, [world.arrival(mail(sender, box.email, f"To {box.id}", message_id=f"{number}-{box.id}"), box)]
            )
            for box in boxes
        ]
        at_once([partial(take_in_safely, store, box.id, batch) for box, batch in zip(boxes, ready, strict=True)])

    assert len(world.all(Message)) == len(world.all(Activity)) == 20
    assert len(world.all(Contact)) == len(world.all(Deal)) == 10


def test_late_mails_merge_threads_while_others_answer_in_them(store: Store) -> None:
    world = World(store)
    boxes = [world.add_mailbox(f"box{number}@ours.example") for number in range(2)]
    client, to = "carl@client.example", "box0@ours.example, box1@ours.example"
    for number in range(10):
        world.deliver(mail(client, to, f"Topic {number}", message_id=f"root{number}"), boxes[0])
    joining = [
        mail(client, to, "All", message_id=f"join{n}", references=[f"root{n}", f"root{n + 1}"]) for n in range(9)
    ]
    answering = [mail(client, to, "More", message_id=f"more{n}", references=[f"root{n}"]) for n in range(10)]

    def worker(box: Box, raws: list[bytes]) -> Callable[[], None]:
        batches = [prepare(store, [world.arrival(raw, box, FolderRole.ARCHIVE)]) for raw in raws]
        return lambda: [take_in_safely(store, box.id, batch) for batch in batches] and None

    at_once([worker(boxes[0], joining), worker(boxes[1], answering)])

    assert len(world.threads()) == 1
    (alive,) = [thread for thread in world.all(Thread) if thread.merged_into_id is None]
    assert {activity.thread_id for activity in world.all(Activity)} == {alive.id}
    assert {thread.merged_into_id for thread in world.all(Thread)} == {alive.id, None}


def test_what_one_unit_did_is_undone_with_it(store: Store) -> None:
    world = World(store)
    ready = prepare(store, [world.arrival(mail("carl@client.example", "sales@ours.example", message_id="a"), uid=1)])

    with pytest.raises(ZeroDivisionError), store.database.unit_of_work() as session:
        take_in(session, load_context(session, world.sales.id, store.keys), ready)
        raise ZeroDivisionError

    assert [len(world.all(table)) for table in (Message, Thread, Deal, Activity)] == [0, 0, 0, 0]
    take_in_safely(store, world.sales.id, ready)
    assert [len(world.all(table)) for table in (Message, Thread, Deal, Activity)] == [1, 1, 1, 1]


def test_marks_are_committed_with_the_mail_or_not_at_all(store: Store) -> None:
    world = World(store)
    ready = prepare(store, [world.arrival(mail("carl@client.example", "sales@ours.example", message_id="a"), uid=1)])

    def broken_marks(*_: object) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        take_in_safely(store, world.sales.id, ready, broken_marks)
    assert world.all(Message) == []

    def marks(session: WriteSession, taken: object) -> None:
        session.execute(text("UPDATE folder SET newest_uid = 1"))

    take_in_safely(store, world.sales.id, ready, marks)
    assert len(world.all(Message)) == 1


def test_one_that_fails_alone_is_quarantined_on_both_databases(store: Store) -> None:
    world = World(store)
    raws = [mail(f"p{n}@client.example", "sales@ours.example", f"Word{n}", message_id=f"m{n}") for n in range(5)]
    ready = prepare(store, [world.arrival(raw, uid=n) for n, raw in enumerate(raws, start=1)])
    first = prepare(store, [world.arrival(raws[0], uid=90)])
    take_in_safely(store, world.sales.id, first)
    statement = (
        "CREATE TRIGGER refuse BEFORE INSERT ON place WHEN NEW.uid = 3 BEGIN SELECT RAISE(ABORT, 'no'); END"
        if store.database.embedded
        else "ALTER TABLE place ADD CONSTRAINT refuse CHECK (uid <> 3)"
    )
    with store.database.unit_of_work() as session:
        session.execute(text(statement))

    taken = take_in_safely(store, world.sales.id, ready)

    (kept,) = world.all(Quarantine)
    assert (taken.stored, [uid for _, uid in taken.quarantined], kept.uid) == (4, [3], 3)
    with store.database.reading() as session:
        assert store.blobs.read(session, kept.raw_blob_id) == raws[2]
        assert find_messages(session, "word3")
        assert not find_messages(session, "word2")


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_one_by_one_known_messages_are_held_in_the_order_of_their_ids(store: Store) -> None:
    """So does whoever takes their places away in the meantime: neither waits for the other."""
    world = World(store)
    raws = [mail("carl@client.example", "sales@ours.example", message_id=f"m{n}") for n in range(4)]
    take_in_safely(
        store, world.sales.id, prepare(store, [world.arrival(raw, uid=n) for n, raw in enumerate(raws[:3], 1)])
    )
    again = prepare(store, [world.arrival(raw, uid=uid) for uid, raw in enumerate(reversed(raws), start=11)])
    with store.database.unit_of_work() as session:
        session.execute(text("ALTER TABLE place ADD CONSTRAINT refuse CHECK (uid <> 12)"))

    taken = take_in_safely(store, world.sales.id, again)

    assert taken.quarantined == [(world.sales.folders[FolderRole.INBOX], 12)]
    assert list(taken.places.values()) == sorted(taken.places.values())
    assert [uid for _, uid in taken.places] == [14, 13, 11], "known ones as they were stored, then the new one"


REFUSE = """
    CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.uid = 2 THEN RAISE EXCEPTION 'string is too long for tsvector' USING ERRCODE = '{code}'; END IF;
        RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON place FOR EACH ROW EXECUTE FUNCTION refuse()
"""


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_mail_beyond_a_limit_of_the_database_is_quarantined_and_its_trouble_is_not(store: Store) -> None:
    """Both are `OperationalError` to the driver."""
    world = World(store)
    raws = [mail("carl@client.example", "sales@ours.example", message_id=f"{n}@client") for n in range(3)]
    prepared = prepare(store, [world.arrival(raw, uid=uid) for uid, raw in enumerate(raws, start=1)])

    with store.database.unit_of_work() as session:
        session.execute(text(REFUSE.format(code="58030")))
    with pytest.raises(Transient, match="disk"):
        take_in_safely(store, world.sales.id, prepared)
    assert world.all(Place) == world.all(Quarantine) == []

    with store.database.unit_of_work() as session:
        session.execute(text(REFUSE.format(code="54000")))
    taken = take_in_safely(store, world.sales.id, prepared)
    assert (taken.stored, [uid for _, uid in taken.quarantined]) == (2, [2])
    (kept,) = world.all(Quarantine)
    assert kept.reason == "could not be stored (OperationalError)"
