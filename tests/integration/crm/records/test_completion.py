"""Contacts are completed by what their own mail tells, on both databases: by a person's word, and by nobody's private mail."""

from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from core.errors import Forbidden, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records.completion.settling import accept, decline
from crm.records.completion.suggesting import Suggestion, suggestions_for
from crm.records.contacts import create_company
from crm.records.fields.editing import edit_record
from crm.records.repository import reading
from crm_world import World, mail
from lock_waits import until_somebody_waits
from storage.models import Company, Contact, RecordType, Role, ShareLevel
from storage.store import Store

SIGNED = """Hello,

please send an offer.

--
Carla Nowak
Head of Purchasing
Northwind Cups GmbH
Phone: {phone}
www.client.example
"""
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nEMAIL:{email}\r\nTEL:+48 22 999 99 99\r\nEND:VCARD\r\n"


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def write_in(world: World, n: int = 1, *, phone: str = "+49 30 1234567", text: str = "", **options: Any) -> int:
    raw = mail(
        "Carla <carla@client.example>",
        world.sales.email,
        f"Offer {n}",
        message_id=f"m{n}",
        text=text or SIGNED.format(phone=phone),
    )
    world.deliver(raw, **options)
    return world.all(Contact)[0].id


def told(world: World, contact_id: int, viewer: Viewer | None = None) -> dict[str, str]:
    ann = viewer or Viewer(world.ann, Role.SELLER)
    with world.store.database.reading() as session:
        return {one.field: one.value for one in suggestions_for(world.store, session, ann, contact_id)}


def settle(world: World, act: Any, contact_id: int, field: str, value: str, role: Role = Role.SELLER) -> None:
    with world.store.database.unit_of_work() as session:
        act(session, Viewer(world.ann, role), contact_id, Suggestion.of(field, value))


def test_what_a_signature_tells_is_put_in_by_a_person(world: World) -> None:
    contact_id = write_in(world)
    found = told(world, contact_id)
    assert (found["position"], found["phones"]) == ("Head of Purchasing", "+49 30 1234567")
    assert found["company"] == "Northwind Cups GmbH"

    for field, value in found.items():
        settle(world, accept, contact_id, field, value)
    with world.store.database.reading() as session:
        contact = reading.contact(session, Viewer.system(), contact_id)
    assert contact.position == "Head of Purchasing"
    assert [channel.value for channel in contact.channels] == ["carla@client.example", "+49 30 1234567"]
    assert contact.company is not None
    assert contact.company.name == "Northwind Cups GmbH"
    assert told(world, contact_id) == {}
    write_in(world, 2, phone="030 / 123 45 67")
    assert told(world, contact_id) == {}, "the same phone without its country"


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ("NORTHWIND Cups GmbH", "Northwind  Cups GmbH"),
        ("Łódź Cups", "ŁÓDŹ CUPS"),
        ("ТОВ Ромашка", "ТОВ Ромашка"),
        ("тов ромашка", "ТОВ РОМАШКА"),
        ("Müller & Söhne Straßenbau", "MÜLLER & SÖHNE STRASSENBAU"),
        ("50% Off_Shop", "50% off_shop"),
    ],
)
def test_a_company_that_is_known_is_not_made_twice(world: World, known: str, told: str) -> None:
    with world.store.database.unit_of_work() as session:
        for other in ("Northwind Cup GmbH", "ТОВ Ромашк", "Lodz Cups", "50 Off Shop"):
            create_company(session, other)
        company_id = create_company(session, known)
    contact_id = write_in(world)
    settle(world, accept, contact_id, "company", told)
    with world.store.database.reading() as session:
        assert reading.contact(session, Viewer.system(), contact_id).company.id == company_id
    assert len(world.all(Company)) == 5


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_what_two_people_accept_in_one_moment_is_all_there(world: World) -> None:
    contact_id = write_in(world)

    with ThreadPoolExecutor(1) as pool:
        with world.store.database.unit_of_work() as session:
            accept(session, Viewer.system(), contact_id, Suggestion.of("phones", "+49 30 111 11 11"))
            other = pool.submit(settle, world, accept, contact_id, "phones", "+49 30 222 22 22")
            until_somebody_waits(world.store)
            assert not other.done()
        other.result(20)

    with world.store.database.reading() as session:
        phones = [each.value for each in reading.contact(session, Viewer.system(), contact_id).channels[1:]]
    assert phones == ["+49 30 111 11 11", "+49 30 222 22 22"]


def test_what_was_declined_is_not_asked_again(world: World) -> None:
    contact_id = write_in(world)
    settle(world, decline, contact_id, "phones", "+49 (30) 123-4567")
    settle(world, decline, contact_id, "phones", "+49 30 1234567")
    settle(world, decline, contact_id, "position", "head of  purchasing")
    assert set(told(world, contact_id)) == {"company", "website"}
    write_in(world, 2, phone="+49 30 7654321")
    assert told(world, contact_id)["phones"] == "+49 30 7654321", "another number is another question"


def test_the_newest_word_counts(world: World) -> None:
    contact_id = write_in(world)
    write_in(world, 2, text=SIGNED.format(phone="+49 30 1234567").replace("Head of Purchasing", "Managing Director"))
    assert told(world, contact_id)["position"] == "Managing Director"


def test_nobody_learns_what_stands_in_mail_that_they_may_not_read(world: World) -> None:
    contact_id = write_in(world)
    world.change(world.sales, share_level=ShareLevel.PRIVATE)
    assert "phones" in told(world, contact_id), "it is her mailbox"
    assert told(world, contact_id, Viewer(world.bob, Role.SELLER)) == {}


@pytest.mark.parametrize(
    ("name", "email", "phones"),
    [("Carla", "CARLA@client.example", "+48 22 999 99 99"), ("Somebody Else", "else@client.example", None)],
)
def test_a_card_counts_where_it_is_their_own(world: World, name: str, email: str, phones: str | None) -> None:
    message = message_from_bytes(
        mail("Carla <carla@client.example>", world.sales.email, message_id="c"), policy=default
    )
    assert isinstance(message, EmailMessage)
    card = CARD.format(name=name, email=email).encode()
    message.add_attachment(card, maintype="text", subtype="vcard", filename="card.vcf")
    world.deliver(message.as_bytes())
    assert told(world, world.all(Contact)[0].id).get("phones") == phones


def test_a_card_tells_a_website_and_an_address_part_by_part(world: World) -> None:
    # given a card of their own with an address
    message = message_from_bytes(
        mail("Carla <carla@client.example>", world.sales.email, message_id="c"), policy=default
    )
    assert isinstance(message, EmailMessage)
    lines = "URL:client.example\r\nADR:;;Hauptstr. 1;Berlin;;10115;Deutschland\r\nEND:VCARD\r\n"
    card = CARD.format(name="Carla", email="carla@client.example").replace("END:VCARD\r\n", lines).encode()
    message.add_attachment(card, maintype="text", subtype="vcard", filename="card.vcf")
    world.deliver(message.as_bytes())
    contact_id = world.all(Contact)[0].id
    address = {"street": "Hauptstr. 1", "city": "Berlin", "postcode": "10115", "country": "Deutschland"}
    suggested = told(world, contact_id)
    assert {**address, "website": "https://client.example"}.items() <= suggested.items()
    # when a part is put in, then the others are told still
    settle(world, accept, contact_id, "city", "Berlin")
    settle(world, accept, contact_id, "website", "https://client.example")
    assert {"street", "postcode", "country"} == told(world, contact_id).keys() & {*address, "website"}
    # and where another town stands there, none is
    with world.store.database.unit_of_work() as session:
        edit_record(session, Viewer.system(), (RecordType.CONTACT, contact_id), {"city": "Paris"})
    assert not told(world, contact_id).keys() & {*address}


def test_wrong_wishes_change_nothing(world: World) -> None:
    contact_id = write_in(world)
    for field, value in (("notes", "x"), ("emails", "nobody"), ("position", "x" * 501), ("company", " ")):
        with pytest.raises(UsageError):
            settle(world, accept, contact_id, field, value)
    with pytest.raises(Forbidden):
        settle(world, accept, contact_id, "position", "x", Role.GUEST)
    for act in (accept, decline):
        with pytest.raises(NotFound):
            settle(world, act, 404, "position", "x")
    with world.store.database.reading() as session:
        assert reading.contact(session, Viewer.system(), contact_id).position == ""
