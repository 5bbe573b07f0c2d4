"""Filters and orders of lists of records mean the same on both databases, page by page."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.repository import reading
from crm.records.repository.filtering import ids_matching
from crm.records.views import FieldCondition, Order, RecordFilter
from crm_world import NOW, World
from storage.models import Contact, FieldKind, RecordType
from storage.store import Store

SYSTEM = Viewer.system()
TAGS = ("vip", 'a "b"', "c\\d", "żółw", "%", "vi", "nord_", "?")


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def make(world: World, name: str, **fields: Any) -> int:
    with world.store.database.unit_of_work() as session:
        contact_id = create_contact(session, name)
        edit_record(session, SYSTEM, (RecordType.CONTACT, contact_id), fields)
        return contact_id


def names(world: World, **wanted: Any) -> list[str]:
    with world.store.database.reading() as session:
        return [row.name for row in reading.contacts(session, SYSTEM, RecordFilter(**wanted))]


def add_field(world: World, kind: FieldKind, **more: Any) -> int:
    with world.store.database.unit_of_work() as session:
        return create_field(session, SYSTEM, NewField(RecordType.CONTACT, kind.value.title() + "!", kind, **more))


def test_tags_are_found_as_they_are_written(world: World) -> None:
    for tag in TAGS:
        make(world, f"Has {tag}", tags=[tag, "other"])
    make(world, "Has none")
    for tag in TAGS:
        assert names(world, tag=tag) == [f"Has {tag}"]
    assert len(names(world, tag="other")) == len(TAGS)
    assert names(world, tag="VIP") == []


def test_person_source_and_time(world: World) -> None:
    make(world, "Ann's", responsible_id=world.ann, source="fair")
    old = make(world, "Nobody's", source="web")
    with world.store.database.unit_of_work() as session:
        session.execute(update(Contact).where(Contact.id == old).values(created_at=NOW - timedelta(days=9)))
    assert names(world, responsible_id=world.ann) == ["Ann's"]
    assert names(world, unassigned=True) == ["Nobody's"]
    assert names(world, source="web") == ["Nobody's"]
    assert names(world, created_to=NOW) == ["Nobody's"]
    assert names(world, created_from=NOW - timedelta(days=9), created_to=NOW - timedelta(days=8)) == ["Nobody's"]
    assert names(world, created_from=NOW - timedelta(days=8), created_to=NOW) == []


def test_custom_fields(world: World) -> None:
    text, size = add_field(world, FieldKind.TEXT), add_field(world, FieldKind.NUMBER)
    day, drink = add_field(world, FieldKind.DATE), add_field(world, FieldKind.CHOICE, choices=("Tea", "Iced tea"))
    make(world, "A", **{f"field_{text}": "Big % deal", f"field_{size}": 9, f"field_{day}": "2026-12-01"})
    make(world, "B", **{f"field_{text}": "small", f"field_{size}": 10.5, f"field_{drink}": "Tea"})
    make(world, "C", **{f"field_{day}": "2027-01-02", f"field_{drink}": "Iced tea"})

    def found(*conditions: FieldCondition) -> list[str]:
        return sorted(names(world, conditions=conditions))

    assert found(FieldCondition(text, contains="BIG %")) == ["A"]
    assert found(FieldCondition(size, least=9.0)) == ["A", "B"]
    assert found(FieldCondition(size, least=9.5, most=10.5)) == ["B"]
    assert found(FieldCondition(day, most="2026-12-31")) == ["A"]
    assert found(FieldCondition(day, least="2026-12-01")) == ["A", "C"]
    assert found(FieldCondition(drink, equals="Tea")) == ["B"]
    assert found(FieldCondition(drink, equals="Tea"), FieldCondition(size, least=11.0)) == []
    assert found(FieldCondition(drink)) == ["B", "C"], "whatever stands in it"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    labels=st.lists(st.sampled_from(["Ann", "ann", "Bob", "Zoë", "zed", "Ä", "  a b", "1"]), min_size=1, max_size=12),
    size=st.integers(1, 4),
)
@pytest.mark.parametrize(
    "order", [Order.NEWEST, Order.OLDEST, Order.NAME, Order.NAME_DOWN]
)  # Each of each kind: test_sorting.
def test_pages_hold_each_record_once_in_order(world: World, order: Order, labels: list[str], size: int) -> None:
    with world.store.database.unit_of_work() as session:
        session.execute(update(Contact).values(deleted_at=NOW))
        made = [create_contact(session, label) for label in labels]
    with world.store.database.reading() as session:
        whole = reading.contacts(session, SYSTEM, RecordFilter(order=order))
        paged: list[int] = []
        asked = RecordFilter(order=order, limit=size)
        while page := reading.contacts(session, SYSTEM, asked):
            paged += [row.id for row in page]
            asked = asked.behind(page[-1])
        assert ids_matching(session, SYSTEM, RecordType.CONTACT, RecordFilter(limit=100)) == sorted(made)[::-1]
    assert paged == [row.id for row in whole]
    assert sorted(paged) == sorted(made)
    if order in (Order.NEWEST, Order.OLDEST):
        assert paged == sorted(made, reverse=order is Order.NEWEST)
