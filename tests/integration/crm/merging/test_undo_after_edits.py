"""A merge taken back after people went on working: each has what it had, and what was edited since stands where it was edited."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import current_values, edit_record
from crm.records.gone import Record
from crm.records.leads import create_lead
from crm.records.merging import merge, undo_merge
from crm.records.recycling import remove_for_ever
from crm.records.repository import reading
from crm.records.repository.lead_stages import held_stage
from crm.records.stage_lists import add_stage, remove_stage
from crm.records.views import RecordFilter
from crm_world import World, mail
from integration.crm.merging.same_people import SYSTEM, company, contact, merged, undone
from lock_waits import until_somebody_waits
from recycling_world import delete, restore
from storage.models import Contact, FieldKind, Lead, LeadStage, LeadState, RecordType
from storage.store import Store


def fields_of(world: World, record: Record) -> dict[str, Any]:
    with world.store.database.reading() as session:
        return current_values(session, SYSTEM, record)


def edited(world: World, record: Record, **fields: Any) -> None:
    with world.store.database.unit_of_work() as session:
        edit_record(session, SYSTEM, record, fields)


def custom_field(world: World, name: str = "Budget", kind: FieldKind = FieldKind.NUMBER) -> str:
    with world.store.database.unit_of_work() as session:
        return f"field_{create_field(session, SYSTEM, NewField(RecordType.CONTACT, name, kind))}"


def lead_stage(world: World, name: str) -> int:
    with world.store.database.unit_of_work() as session:
        return add_stage(session, SYSTEM, None, name, LeadState.ACTIVE)


def lead(world: World, title: str, stage_id: int) -> Record:
    with world.store.database.unit_of_work() as session:
        lead_id = create_lead(session, title)
        session.get_one(Lead, lead_id).stage_id = stage_id
    return RecordType.LEAD, lead_id


@pytest.mark.parametrize("since", [["a@x.example", "b@x.example", "c@x.example"], ["c@x.example"], ["B@x.example"], []])
def test_addresses_go_back_whatever_was_written_since(world: World, since: list[str]) -> None:
    anna = contact(world, "Anna", emails=["a@x.example"], phones=["+48 601 000 001"])
    twin = contact(world, "Ania", emails=["b@x.example"], phones=["+48 601 000 002"])
    merge_id = merged(world, anna, twin)
    edited(world, anna, emails=since, phones=["+48 601 000 002", "+48 601 000 003"])

    undone(world, merge_id)

    assert fields_of(world, twin)["emails"] == ["b@x.example"]
    assert fields_of(world, twin)["phones"] == ["+48 601 000 002"]
    assert fields_of(world, anna)["emails"] == [each for each in since if each.lower() != "b@x.example"]
    assert fields_of(world, anna)["phones"] == ["+48 601 000 003"]
    letter = world.deliver(mail("b@x.example", world.sales.email, "Later", message_id="l"))
    assert world.bindings(letter) == [twin]


def test_the_first_address_of_each_stays_the_first(world: World) -> None:
    """It is the one that is written to."""
    twin = contact(world, "Ania", emails=["both@x.example", "ania@x.example"])
    anna = contact(world, "Anna", emails=["anna@x.example", "both@x.example"])

    merge_id = merged(world, anna, twin)

    assert fields_of(world, anna)["emails"] == ["anna@x.example", "both@x.example", "ania@x.example"]
    undone(world, merge_id)
    assert fields_of(world, anna)["emails"] == ["anna@x.example", "both@x.example"]
    assert fields_of(world, twin)["emails"] == ["both@x.example", "ania@x.example"]


@pytest.mark.parametrize("since", [7000.0, None, 5000.0])
def test_a_value_that_was_edited_since_stays_and_the_other_one_has_its_own_again(world: World, since: Any) -> None:
    budget = custom_field(world)
    anna, twin = contact(world), contact(world, "Ania")
    edited(world, twin, **{budget: "5000"})
    merge_id = merged(world, anna, twin)
    assert fields_of(world, anna)[budget] == 5000
    edited(world, anna, **{budget: since})

    undone(world, merge_id)

    assert fields_of(world, twin)[budget] == 5000
    assert fields_of(world, anna)[budget] == (None if since == 5000 else since)


@pytest.mark.parametrize("fate", ["there", "in the bin", "removed", "merged"])
def test_the_company_of_before_is_named_again_only_while_it_is_there(world: World, fate: str) -> None:
    acme, other, third = (company(world, name) for name in ("Acme", "Other", "Third"))
    anna, twin = contact(world, company_id=acme[1]), contact(world, "Ania", company_id=other[1])
    merge_id = merged(world, anna, twin, company_id=twin[1])
    if fate in ("in the bin", "removed"):
        delete(world, acme)
    if fate == "removed":
        remove_for_ever(world.store, SYSTEM, acme)
    if fate == "merged":
        merged(world, third, acme)

    undone(world, merge_id)

    expected = {"there": acme, "in the bin": other, "removed": other, "merged": third}[fate]
    assert fields_of(world, anna)["company_id"] == expected[1]
    assert fields_of(world, twin)["company_id"] == other[1]


@pytest.mark.parametrize("kept", [True, False])
def test_a_lead_never_comes_back_into_a_stage_that_was_deleted(world: World, kept: bool) -> None:
    there, chosen = lead_stage(world, "Reached"), lead_stage(world, "Interested")
    one, other = lead(world, "Grinders", there), lead(world, "Grinder", chosen)
    merge_id = merged(world, one, other, stage_id=other[1])
    if not kept:
        remove_stage(world.store, SYSTEM, there, of_leads=True)

    undone(world, merge_id)

    first = world.rows(select(LeadStage.id).where(LeadStage.kind == LeadState.ACTIVE).order_by(LeadStage.position))[0]
    with world.store.database.reading() as session:
        assert reading.lead(session, SYSTEM, one[1]).stage.id == (there if kept else first)
        listed = reading.leads(session, SYSTEM, RecordFilter())
    assert {one[1], other[1]} <= {each.id for each in listed}


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_stage_that_a_merge_writes_is_not_deleted_in_that_moment(world: World, store: Store) -> None:
    there, chosen = lead_stage(world, "Reached"), lead_stage(world, "Interested")
    one, other = lead(world, "Grinders", there), lead(world, "Grinder", chosen)

    with ThreadPoolExecutor(1) as pool:
        with store.database.unit_of_work() as session:
            merge(session, SYSTEM, one, [other[1]], {"stage_id": other[1]})
            removing = pool.submit(remove_stage, store, SYSTEM, chosen, of_leads=True, move_to=there)
            until_somebody_waits(store)
            assert not removing.done()
        removing.result(10)

    assert {row.stage_id for row in world.all(Lead)} == {there}


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_merge_waits_for_a_stage_that_is_being_deleted(world: World, store: Store) -> None:
    there, chosen = lead_stage(world, "Reached"), lead_stage(world, "Interested")
    one, other = lead(world, "Grinders", there), lead(world, "Grinder", there)
    held, go_on = threading.Event(), threading.Event()

    def somebody() -> None:
        with store.database.unit_of_work() as session:
            held_stage(session, chosen)
            session.get_one(Lead, other[1]).stage_id = chosen
            session.flush()
            held.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(2) as pool:
        moving = pool.submit(somebody)
        assert held.wait(10)
        merging_ = pool.submit(merged, world, one, other, stage_id=other[1])
        until_somebody_waits(store)
        assert not merging_.done()
        go_on.set()
        moving.result(10)
        merging_.result(10)
    assert world.rows(select(Lead.stage_id).where(Lead.id == one[1])) == [chosen]


def test_of_two_merges_into_one_the_last_is_taken_back_first(world: World) -> None:
    anna, ania, ana = (contact(world, name, tags=[name.lower()]) for name in ("Anna", "Ania", "Ana"))
    one, two = merged(world, anna, ania), merged(world, anna, ana)
    with pytest.raises(Conflict, match="merged into this one since: take that back first"):
        undone(world, one)
    assert fields_of(world, anna)["tags"] == ["anna", "ania", "ana"]

    undone(world, two)
    undone(world, one)

    for record, tag in ((anna, "anna"), (ania, "ania"), (ana, "ana")):
        assert fields_of(world, record)["tags"] == [tag]


def test_a_survivor_in_the_bin_is_restored_first(world: World) -> None:
    anna, twin = contact(world), contact(world, "Ania")
    merge_id = merged(world, anna, twin)
    delete(world, anna)
    with pytest.raises(Conflict, match="was deleted or merged further: take that back first"):
        undone(world, merge_id)
    restore(world, anna)

    undone(world, merge_id)

    assert all(row.deleted_at is None for row in world.all(Contact))


def test_undoing_twice_at_once_is_done_once(world: World) -> None:
    anna, twin = contact(world, emails=["a@x.example"]), contact(world, "Ania", emails=["b@x.example"])
    merge_id = merged(world, anna, twin)

    def take_back() -> object:
        try:
            with world.store.database.unit_of_work() as session:
                return undo_merge(session, Viewer.system(), merge_id)
        except Conflict as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        told = [each.result() for each in [pool.submit(take_back) for _ in range(2)]]

    assert sorted(isinstance(each, Conflict) for each in told) == [False, True]
    assert [fields_of(world, each)["emails"] for each in (anna, twin)] == [["a@x.example"], ["b@x.example"]]


def test_an_amount_and_its_currency_go_back_together_or_stay(world: World) -> None:
    """Given merges that gave a lead yen or other euros, then whatever was changed of these since, no amount gets another's
    currency."""
    stage = lead_stage(world, "Begun")
    for kept, theirs, since, stands in (
        (None, (500, "JPY"), {}, (0, "")),
        (None, (500, "JPY"), {"amount": 700}, (700, "JPY")),
        ((100, "EUR"), (500, "JPY"), {"currency": "KRW"}, (500, "KRW")),
        ((100, "EUR"), (900, "EUR"), {}, (100, "EUR")),
        ((100, "EUR"), (900, "EUR"), {"currency": "USD"}, (900, "USD")),
    ):
        one, other = lead(world, "One", stage), lead(world, "Other", stage)
        edited(world, other, amount=theirs[0], currency=theirs[1])
        if kept:
            edited(world, one, amount=kept[0], currency=kept[1])
        merge_id = merged(world, one, other, amount=other[1])
        edited(world, one, **since)

        undone(world, merge_id)

        now = fields_of(world, one)
        assert (now["amount"], now["currency"]) == stands, (kept, theirs, since)
