"""Records that somebody gives out of their own reach: what was given away can be taken back, and nothing else."""

from dataclasses import replace

from sqlalchemy import update

from crm.access.rights import FieldAccess, Scope
from crm.access.rights.built_in import reach
from crm.access.viewer import Viewer
from crm.records.bulk.editing import ask_for_edit, edit_all
from crm.records.bulk.repository import bulk_edit
from crm.records.bulk.undoing import ask_for_undo, undo_all
from crm.records.fields.editing import current_values
from integration.crm.rights.house import SYSTEM, House, records
from storage.models import BulkEdit, Contact, RecordType

OWN = records(reach(Scope.OWN, Scope.OWN))
KIND = RecordType.CONTACT


def edited(house: House, viewer: Viewer, **wanted: object) -> int:
    edit = house.do(ask_for_edit, viewer, KIND, list(house.contacts.values()), wanted)
    edit_all(house.store, edit)
    return edit


def undone(house: House, viewer: Viewer, edit: int) -> tuple[int, int]:
    """How many records were looked at, and fields left."""
    house.do(ask_for_undo, viewer, edit)
    undo_all(house.store, edit)
    row: BulkEdit = house.ask(bulk_edit, SYSTEM, edit)
    assert row.undone_at is not None
    return row.undone, row.kept


def values(house: House, name: str, *keys: str) -> list[object]:
    now = house.ask(current_values, SYSTEM, (KIND, house.contacts[name]))
    return [now[key] for key in keys]


def test_an_edit_of_many_that_gave_records_away_is_undone_by_who_asked_for_it(house: House) -> None:
    ann = house.give(house.ann, OWN)
    edit = edited(house, ann, responsible_id=house.bob, notes="For Bob")
    assert values(house, "ann", "responsible_id", "notes") == [house.bob, "For Bob"]
    assert values(house, "bob", "notes") == [""], "it was not hers"

    assert undone(house, ann, edit) == (1, 0)
    assert values(house, "ann", "responsible_id", "notes") == [house.ann, ""]

    # What somebody gave to others since, and what was only written into, is not theirs to change any more.
    given = edited(house, ann, responsible_id=house.bob, notes="For Bob")
    noted = (KIND, house.contacts["ann"])
    house.do(
        lambda session: session.execute(update(Contact).where(Contact.id == noted[1]).values(responsible_id=house.cat))
    )
    assert undone(house, ann, given) == (1, 2)
    assert values(house, "ann", "responsible_id", "notes") == [house.cat, "For Bob"]

    # Nor what their role does not let them change any more, though it was theirs.
    house.do(
        lambda session: session.execute(update(Contact).where(Contact.id == noted[1]).values(responsible_id=house.ann))
    )
    last = edited(house, ann, notes="Mine", responsible_id=house.bob)
    read = house.give(house.ann, replace(OWN, fields={KIND: {"notes": FieldAccess.READ}}))
    assert undone(house, read, last) == (1, 1), "who is responsible goes back, what was noted stays"
    assert values(house, "ann", "responsible_id", "notes") == [house.ann, "Mine"]
