"""An import undone after people have merged, deleted and worked on what it brought, on both databases."""

from typing import Any

import pytest
from sqlalchemy import select

from crm.access.viewer import Viewer
from crm.records.fields.custom import NewField, create_field, remove_field, restore_field
from crm.records.fields.editing import edit_record
from crm.records.importing.kinds import OnKnown
from crm.records.importing.repository.undoing import kept_clients, kept_records
from crm.records.importing.views import UndoCounts
from crm.records.recycling import remove_for_ever
from crm.records.repository import reading
from crm.stream.follows import follow
from crm_world import World
from imports import SYSTEM, budget_field, contacts, imported, made, snapshot, undone
from integration.crm.merging.same_people import company, merged
from integration.crm.merging.same_people import undone as merge_undone
from recycling_world import delete
from storage.models import Company, Contact, FieldKind, ImportState, RecordType, Role
from storage.store import Store

OVERWRITTEN = "Name,E-mail,Company,Position\nAnn,ann@x.example,New Inc,CEO\n"


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def id_of(world: World, name: str) -> tuple[RecordType, int]:
    (found,) = world.rows(select(Company).where(Company.name == name))
    return RecordType.COMPANY, found.id


def living(world: World) -> set[str]:
    with world.store.database.reading() as session:
        return {found.name for found in reading.companies(session, SYSTEM)}


def company_of(world: World, name: str = "Ann") -> str | None:
    found = contacts(world)[name].company
    return found.name if found else None


def kept(world: World, run_id: int) -> list[str]:
    with world.store.database.reading() as session:
        found = [*kept_records(session, SYSTEM, run_id, 10), *kept_clients(session, SYSTEM, run_id, 10)]
    return [one.name for one in found]


@pytest.mark.parametrize("how", ["deleted", "removed for ever"])
def test_a_company_that_is_not_there_any_more_is_not_put_back(world: World, how: str) -> None:
    # given somebody whose company was overwritten, and the company before is gone
    old = company(world, "Old Inc")
    made(world, "Ann", emails=["ann@x.example"], company_id=old[1])
    run_id, _ = imported(world, OVERWRITTEN, OnKnown.OVERWRITE)
    delete(world, old)
    if how == "removed for ever":
        remove_for_ever(world.store, SYSTEM, old)
    # when
    done = undone(world, run_id)
    # then only that is kept
    assert done.state is ImportState.UNDONE
    assert done.undo == UndoCounts(kept=1, companies_kept=1)
    assert (company_of(world), contacts(world)["Ann"].position) == ("New Inc", "")
    assert kept(world, run_id) == ["Ann", "New Inc"]


def test_a_company_that_became_another_one_is_found_there(world: World) -> None:
    # given a company before and a company behind that were merged into others since
    old, older = company(world, "Old Inc"), company(world, "Older Inc")
    made(world, "Ann", emails=["ann@x.example"], company_id=old[1])
    run_id, _ = imported(world, OVERWRITTEN + "Bob,bob@x.example,New Inc,\n", OnKnown.OVERWRITE)
    merged(world, older, old)
    merged(world, company(world, "Newer Inc"), id_of(world, "New Inc"))
    assert company_of(world) == "Newer Inc"
    # when
    done = undone(world, run_id)
    # then
    assert done.undo == UndoCounts(removed=1, put_back=1)
    assert company_of(world) == "Older Inc"
    assert living(world) == {"Older Inc", "Newer Inc"}


def test_a_company_removed_for_ever_does_not_hold_back_its_people(world: World) -> None:
    run_id, _ = imported(world, OVERWRITTEN)
    delete(world, id_of(world, "New Inc"))
    remove_for_ever(world.store, SYSTEM, id_of(world, "New Inc"))
    assert undone(world, run_id).undo == UndoCounts(removed=1)


def test_who_was_merged_since_is_kept_in_whoever_has_it_now(world: World) -> None:
    # given two of a file, one merged into somebody of before, and somebody of before merged into the other
    survivor, other = made(world, "Anna Lee", emails=["a@x.example"]), made(world, "Robert", emails=["r@x.example"])
    run_id, _ = imported(world, "Name,E-mail\nAnn,ann@x.example\nBob,bob@x.example\nCarl,carl@x.example\n")
    people = contacts(world)
    merged(world, (RecordType.CONTACT, survivor), (RecordType.CONTACT, people["Ann"].id))
    merge_id = merged(world, (RecordType.CONTACT, people["Bob"].id), (RecordType.CONTACT, other))
    # and one deleted by hand, which nobody needs to remove
    delete(world, (RecordType.CONTACT, people["Carl"].id))
    # when
    done = undone(world, run_id)
    # then nothing of those before is lost
    assert done.undo == UndoCounts(kept=2)
    assert kept(world, run_id) == ["Anna Lee", "Bob"]
    merge_undone(world, merge_id)
    assert [channel.value for channel in contacts(world)["Robert"].channels] == ["r@x.example"]


def test_fields_that_were_removed_since_are_taken_back_too(world: World) -> None:
    # given a field that the import filled in, for somebody of before and somebody new
    budget = budget_field(world)
    made(world, "Ann", emails=["ann@x.example"])
    before = snapshot(world)
    run_id, _ = imported(world, "Name,E-mail,Budget\nAnn,ann@x.example,1200\nBob,bob@x.example,7\n")
    field_id = int(budget.removeprefix("field_"))
    with world.store.database.unit_of_work() as session:
        remove_field(session, SYSTEM, field_id)
    # when
    done = undone(world, run_id)
    # then
    assert done.undo == UndoCounts(removed=1, put_back=1)
    with world.store.database.unit_of_work() as session:
        restore_field(session, SYSTEM, field_id)
    assert snapshot(world) == before


def renamed(world: World, record: Any) -> None:
    with world.store.database.unit_of_work() as session:
        edit_record(session, SYSTEM, record, {"name": "New & Sons"})


def noted(world: World, record: Any) -> None:
    with world.store.database.unit_of_work() as session:
        edit_record(session, SYSTEM, record, {"notes": "Pays late"})


def filled_in(world: World, record: Any) -> None:
    with world.store.database.unit_of_work() as session:
        field_id = create_field(session, SYSTEM, NewField(RecordType.COMPANY, "Size", FieldKind.NUMBER))
        edit_record(session, SYSTEM, record, {f"field_{field_id}": 7})


def followed(world: World, record: Any) -> None:
    with world.store.database.unit_of_work() as session:
        follow(session, Viewer(world.ann, Role.SELLER), record)


def merged_into_it(world: World, record: Any) -> None:
    merged(world, record, company(world, "Old Inc"))


@pytest.mark.parametrize("work", [renamed, noted, filled_in, followed, merged_into_it])
def test_a_company_that_people_have_worked_on_is_kept_and_named(world: World, work: Any) -> None:
    run_id, _ = imported(world, OVERWRITTEN + "Bob,bob@x.example,Other Inc,\n")
    work(world, id_of(world, "New Inc"))
    done = undone(world, run_id)
    assert done.undo == UndoCounts(removed=2, companies_kept=1)
    assert living(world) == set(kept(world, run_id)) == {"New & Sons" if work is renamed else "New Inc"}
    assert all(row.deleted_at for row in world.all(Contact))
