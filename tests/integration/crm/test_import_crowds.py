"""Imports beside others at work, and into very many: on both databases, and at once on PostgreSQL."""

import threading
import time
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

import crm.records.importing.running as running
from core.clock import utcnow
from crm.records.contacts import create_company, create_contact
from crm.records.importing.repository import records
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_to_run
from crm.records.importing.storing import Storing
from crm.records.importing.views import Counts
from crm.records.repository.fields import record_for_change
from crm_world import World
from imports import SYSTEM, budget_field, imported, made, uploaded
from storage.ids import reserve_ids
from storage.models import Company, Contact, FieldValue, ImportRow, ImportState, RecordType
from storage.store import Store

VERY_MANY = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
"""


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_a_phone_of_very_many_tells_who_somebody_is_only_with_the_same_name(world: World) -> None:
    # given very many people at one switchboard, and five at another
    with world.store.database.unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO contact (id, name, name_key, position, tags, notes, source, created_at) "
                f"{VERY_MANY} SELECT 1000 + i, 'P ' || i, 'p ' || i, '', '[]', '', '', '2026-01-01' FROM n"
            )
        )
        session.execute(
            text(
                "INSERT INTO channel (kind, key, value, record_type, record_id) "
                f"{VERY_MANY} SELECT 'phone', '0', '0', 'contact', 1000 + i FROM n"
            )
        )
        for number in range(5):
            create_contact(session, f"Q {number}", phones=["+1 555 0100"])
    # when
    rows = [
        "P 7,0",
        "P,0",
        "New One,0",
        "new ONE,0",
        "Q,+1 555 0100",
        "R,+1 555 0100",
        "Q,+1 555 0100",
        "Q 3,+1 555 0100",
    ]
    _, counts = imported(world, "\n".join(["Name,Phone", *rows, ""]))
    # then who has a part of a name of so many is somebody else
    assert counts == Counts(new=4, joined=1, unchanged=3)


@pytest.mark.parametrize("at_once", [7, 200])
def test_a_list_of_one_phone_comes_in_once(world: World, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST", at_once)
    rows = "Name,Phone\n" + "".join(f"Ann {number % 90},0\n" for number in range(100))
    assert imported(world, rows)[1] == Counts(new=90, joined=10)
    assert imported(world, rows)[1] == Counts(unchanged=90, joined=10)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_statement_of_too_many_values_is_no_trouble_that_passes(store: Store) -> None:
    with pytest.raises(DBAPIError, match="number of parameters"), store.database.unit_of_work() as session:
        session.execute(select(Contact.id).where(Contact.id.in_(range(70_000))))


def wait_until_somebody_waits(store: Store, thread: threading.Thread) -> None:
    """Or until the thread has ended without waiting."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + 20
    with psycopg.connect(store.database.url, autocommit=True) as connection:
        while thread.is_alive() and connection.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < deadline, "nobody came to wait"


def asked_to_run(world: World, people: str) -> int:
    run_id = uploaded(world, people)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    return run_id


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_what_somebody_writes_while_an_import_waits_for_them_stays(world: World) -> None:
    # given a contact whose budget somebody is just writing
    budget = budget_field(world)
    ann = made(world, "Ann", emails=["ann@x.example"])
    run_id = asked_to_run(world, "Name,E-mail,Budget\nAnn,ann@x.example,999\n")
    importing = threading.Thread(target=run_all, args=(world.store, run_id))
    # when an import comes to the same contact before that is stored
    with world.store.database.unit_of_work() as session:
        record_for_change(session, SYSTEM, (RecordType.CONTACT, ann))
        records.put_custom(session, ann, budget, 1200)
        session.flush()
        importing.start()
        wait_until_somebody_waits(world.store, importing)
    importing.join()
    # then
    assert [value.number for value in world.all(FieldValue)] == [1200]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_two_imports_at_once_make_a_company_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # given two files that share nobody, only a company that is not here yet
    first, second = (
        asked_to_run(world, f"Name,E-mail,Company\n{who},{who}@gmail.com,Acme\n") for who in ("Ann", "Bob")
    )
    other = threading.Thread(target=run_all, args=(world.store, second))
    original = Storing.store

    def meanwhile(*arguments: Any) -> None:
        original(*arguments)
        if other.ident is None:
            other.start()
            wait_until_somebody_waits(world.store, other)

    monkeypatch.setattr(Storing, "store", meanwhile)
    # when the second comes while the first has not ended
    run_all(world.store, first)
    other.join()
    # then
    assert [company.name for company in world.all(Company)] == ["Acme"]
    assert len({contact.company_id for contact in world.all(Contact)}) == 1


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_company_that_was_begun_earlier_and_is_stored_later_is_found(world: World) -> None:
    # given a run that has begun, and a company whose id is from before it
    with world.store.database.unit_of_work() as session:
        (early,) = reserve_ids(session, Company, 1)
    run_id = asked_to_run(
        world, "Name,E-mail,Company\n" + "".join(f"P {n},p{n}@gmail.com,{'Acme' if n else 'Bolt'}\n" for n in range(10))
    )
    process = running.Running(world.store, run_id, at_once=5)
    with world.store.database.unit_of_work() as session:
        create_company(session, "Newer")
    process.step()
    with world.store.database.unit_of_work() as session:
        session.add(Company(id=early, name="Late", created_at=utcnow()))
        session.execute(update(ImportRow).where(ImportRow.number > 6).values(cells=["Q", "q@gmail.com", "late"]))
    # when
    while process.step().state is ImportState.RUNNING:
        pass
    # then
    assert [contact.company_id for contact in world.all(Contact) if contact.name == "Q"] == [early]
