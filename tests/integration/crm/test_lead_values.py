"""Tags, notes and custom fields of a lead are written on what it becomes, on both databases, as far as rights go."""

from typing import Any

import pytest

from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.conversions import convert_lead
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import current_values, edit_record
from crm.records.leads import create_lead
from crm.records.modes import Client, CrmMode, Mode
from crm.records.outcomes import Conversion
from crm_world import World
from storage.models import FieldKind, RecordType
from storage.store import Store

SYSTEM = Viewer.system()
CONTACT, COMPANY, DEAL, LEAD = RecordType.CONTACT, RecordType.COMPANY, RecordType.DEAL, RecordType.LEAD


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.mode(CrmMode(Mode.CLASSIC))
    return world


def add_field(world: World, kind: RecordType, name: str, holds: FieldKind, **more: Any) -> str:
    with world.store.database.unit_of_work() as session:
        return f"field_{create_field(session, SYSTEM, NewField(kind, name, holds, **more))}"


def values(world: World, kind: RecordType, record_id: int | None) -> dict[str, Any]:
    assert record_id is not None
    with world.store.database.reading() as session:
        return current_values(session, SYSTEM, (kind, record_id))


def lead_with(world: World, **wanted: Any) -> int:
    with world.store.database.unit_of_work() as session:
        lead_id = create_lead(session, "Cups", name="Anna", emails=["anna@client.example"])
        edit_record(session, SYSTEM, (LEAD, lead_id), wanted)
    return lead_id


def converted(world: World, lead_id: int, how: Conversion) -> Any:
    with world.store.database.unit_of_work() as session:
        return convert_lead(session, lead_id, how)


def test_what_is_new_has_what_stood_on_the_lead(world: World) -> None:
    text = add_field(world, LEAD, "Budget from", FieldKind.TEXT)
    amount = add_field(world, LEAD, "Budget", FieldKind.MONEY, currency="EUR")
    size = add_field(world, LEAD, "Size", FieldKind.CHOICE, choices=["S", "XL"])
    color = add_field(world, LEAD, "Colour", FieldKind.CHOICE, choices=["Red"])
    same = add_field(world, CONTACT, "budget FROM", FieldKind.TEXT)
    of_deal = add_field(world, DEAL, "Budget", FieldKind.MONEY, currency="EUR")
    other_currency = add_field(world, CONTACT, "Budget", FieldKind.MONEY, currency="PLN")
    same_choice = add_field(world, COMPANY, "Size", FieldKind.CHOICE, choices=["M", "XL"])
    other_choice = add_field(world, COMPANY, "Colour", FieldKind.CHOICE, choices=["Blue"])
    told = {text: "autumn", amount: 50_000, size: "XL", color: "Red"}
    lead = lead_with(world, tags=["fair", "vip"], notes="Likes tea.", **told)

    became = converted(world, lead, Conversion(Client.BOTH))

    shown = [values(world, *record) for record in became.records]
    assert {(tuple(each["tags"]), each["notes"]) for each in shown} == {(("fair", "vip"), "Likes tea.")}
    deal, person, firm = shown
    assert deal[of_deal] == 50_000
    assert (person[same], person[other_currency]) == ("autumn", None), "another currency is another amount"
    assert (firm[same_choice], firm[other_choice]) == ("XL", ""), "only a word that can be chosen there"


def test_a_known_client_keeps_what_is_written_and_gets_what_it_has_not(world: World) -> None:
    car, of_contact = add_field(world, LEAD, "Car", FieldKind.TEXT), add_field(world, CONTACT, "Car", FieldKind.TEXT)
    pet, pet_there = add_field(world, LEAD, "Pet", FieldKind.TEXT), add_field(world, CONTACT, "Pet", FieldKind.TEXT)
    with world.store.database.unit_of_work() as session:
        anna = create_contact(session, "Anna", emails=["anna@client.example"], tags=["old", "vip"])
        edit_record(session, SYSTEM, (CONTACT, anna), {"notes": "Buyer.", of_contact: "Fiat"})
    lead = lead_with(world, **{"tags": ["vip", "fair"], "notes": "Likes tea.", car: "Skoda", pet: "Cat"})

    assert converted(world, lead, Conversion(deal=False)).contact_id == anna

    there = values(world, CONTACT, anna)
    assert (there["tags"], there["notes"]) == (["old", "vip", "fair"], "Buyer.\n\nLikes tea.")
    assert (there[of_contact], there[pet_there]) == ("Fiat", "Cat")
