"""Whoever becomes responsible for records hears of it: once for a record, once for an edit of many, on both databases."""

import pytest

from crm.access.notifications import notices
from crm.access.viewer import Viewer
from crm.records.bulk.editing import ask_for_edit, edit_all
from crm.records.bulk.undoing import ask_for_undo, undo_all
from crm.records.contacts import create_contact
from crm.records.fields.editing import edit_record
from crm_world import World
from storage.models import RecordType, Role
from storage.store import Store

CONTACT = RecordType.CONTACT


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def bells(world: World, user_id: int) -> list[tuple[str, str]]:
    with world.store.database.reading() as session:
        return [(each.title, each.link) for each in notices(session, Viewer(user_id, Role.SELLER))]


def test_new_responsible_people_are_told(world: World) -> None:
    ann = Viewer(world.ann, Role.SELLER)
    with world.store.database.unit_of_work() as session:
        ids = [create_contact(session, f"Person {number}") for number in range(12)]
    for new in (
        {"responsible_id": world.bob},
        {"responsible_id": world.bob},
        {"position": "Buyer"},
        {"responsible_id": None},
    ):
        with world.store.database.unit_of_work() as session:
            edit_record(session, ann, (CONTACT, ids[0]), new)
    assert bells(world, world.bob) == [("Yours now: the contact “Person 0”", f"/contacts/{ids[0]}")]

    with world.store.database.unit_of_work() as session:
        edit_record(session, ann, (CONTACT, ids[0]), {"responsible_id": world.ann})
        edit = ask_for_edit(session, ann, CONTACT, ids, {"responsible_id": world.bob})
    edit_all(world.store, edit)
    edit_all(world.store, edit)
    with world.store.database.unit_of_work() as session:
        ask_for_undo(session, ann, edit)
    undo_all(world.store, edit)
    assert bells(world, world.bob)[:-1] == [("Yours now, by an edit of 12 contacts", "/contacts?mine=true")]
    assert bells(world, world.ann) == [], "nobody is told of what they did"
