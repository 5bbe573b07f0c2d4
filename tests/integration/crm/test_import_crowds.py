"""Imports beside others at work, and into very many: on both databases, and at once on PostgreSQL."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

import crm.records.importing.running as running
from crm.records.contacts import create_contact
from crm.records.importing.views import Counts
from crm_world import World
from imports import imported
from storage.models import Contact
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
    people = "Name,Phone\n" + "".join(f"Ann {number % 90},0\n" for number in range(100))
    assert imported(world, people)[1] == Counts(new=90, joined=10)
    assert imported(world, people)[1] == Counts(unchanged=90, joined=10)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_statement_of_too_many_values_is_no_trouble_that_passes(store: Store) -> None:
    with pytest.raises(DBAPIError, match="number of parameters"), store.database.unit_of_work() as session:
        session.execute(select(Contact.id).where(Contact.id.in_(range(70_000))))
