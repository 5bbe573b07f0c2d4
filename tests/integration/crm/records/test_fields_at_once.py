"""Custom fields made, named and restored in one moment, on both databases: never two of one name."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.records.fields.custom import NewField, change_field, create_field, remove_field, restore_field
from crm_world import World
from storage.models import CustomField, FieldKind, RecordType
from storage.sessions import WriteSession
from storage.store import Store

SYSTEM = Viewer.system()
ROUNDS = 4


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_two_connections_never_leave_two_fields_of_one_name(world: World) -> None:
    gate = threading.Barrier(3)

    def changed(act: Callable[[WriteSession], object]) -> bool:
        gate.wait()
        with world.store.database.unit_of_work() as session:
            try:
                act(session)
            except Conflict:
                return False
        return True

    def new(name: str) -> NewField:
        return NewField(RecordType.CONTACT, name, FieldKind.TEXT)

    with ThreadPoolExecutor(3) as pool:
        for number in range(ROUNDS):
            name = f"Car {number}"
            with world.store.database.unit_of_work() as session:
                gone, other = (create_field(session, SYSTEM, new(each)) for each in (name, f"Other {number}"))
                remove_field(session, SYSTEM, gone)

            done = pool.map(
                changed,
                (
                    lambda session, name=name: create_field(session, SYSTEM, new(name)),
                    lambda session, name=name, other=other: change_field(session, SYSTEM, other, name.upper(), ()),
                    lambda session, gone=gone: restore_field(session, SYSTEM, gone),
                ),
            )

            assert sorted(done) == [False, False, True], "one has the name, the others are told"
            shown = [row for row in world.all(CustomField) if row.removed_at is None]
            assert sum(row.name.casefold() == name.casefold() for row in shown) == 1
    positions = [row.position for row in world.all(CustomField)]
    assert len(set(positions)) == len(positions)
