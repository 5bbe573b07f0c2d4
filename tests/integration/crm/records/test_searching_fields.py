"""Records are found by what stands in their custom fields, as far as these are seen, on both databases."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from crm.access.rights import FieldAccess
from crm.access.viewer import Viewer
from crm.posting.addressing import SHOWN, Field, understood
from crm.records.completion.repository import company_named
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field, remove_field, restore_field
from crm.records.fields.editing import edit_record
from crm.records.leads import create_lead
from crm.records.merge_jobs import finish_merge
from crm.records.merging import merge, undo_merge
from crm.records.recycling import delete_record, remove_for_ever
from crm.records.repository import reading
from crm.records.views import Order, RecordFilter
from integration.crm.rights.house import WORKS, House
from integration.storage.test_migrations import downgrade
from storage.folding import name_key
from storage.migrate import upgrade
from storage.models import CustomField, FieldKind, FieldValue, RecordTerm, RecordType
from storage.store import Store

SYSTEM = Viewer.system()
CONTACT = RecordType.CONTACT
VALUES = {
    FieldKind.TEXT: ("Ulica Żółwia 5, Łódź", ("zolwia", "lodz 5", "ŻÓŁ"), ("olwia", "ulica 6")),
    FieldKind.NUMBER: (42.5, ("42",), ("43",)),
    FieldKind.DATE: ("2026-12-01", ("2026", "2026-12"), ("2025",)),
    FieldKind.CHOICE: ("Gold star", ("gold", "star"), ("silver",)),
    FieldKind.MONEY: (1250, ("1250",), ("99",)),
    FieldKind.LINK: ("https://shop.example/tesla", ("shop.example", "tesla"), ("volvo",)),
}


class Fields(House):
    """A field of each kind of value, of contacts."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.fields = {kind: self.add_field(kind) for kind in FieldKind}

    def add_field(self, kind: FieldKind, record_type: RecordType = CONTACT) -> int:
        choices = ("Gold star", "Silver") if kind is FieldKind.CHOICE else ()
        return self.do(create_field, SYSTEM, NewField(record_type, f"My {kind.value}", kind, choices))

    def put(self, record: tuple[RecordType, int], field_id: int, value: Any) -> None:
        self.do(edit_record, SYSTEM, record, {f"field_{field_id}": value})

    def found(self, words: str, viewer: Viewer = SYSTEM, order: Order = Order.NEWEST) -> set[str]:
        with self.store.database.reading() as session:
            return {one.name for one in reading.contacts(session, viewer, RecordFilter(words=words, order=order))}

    def terms(self) -> set[tuple[str, str, int]]:
        with self.store.database.reading() as session:
            rows = session.execute(select(RecordTerm).where(RecordTerm.term.startswith("$")))
            kept = {(row.record_type, row.term, row.record_id) for row in rows.scalars()}
        return {each for each in kept if each[1].rpartition(":")[2].isdigit()}

    def terms_of_values(self) -> set[tuple[str, str, int]]:
        """What the index must hold, told once more in Python."""
        with self.store.database.reading() as session:
            rows = session.execute(
                select(FieldValue, CustomField).join(CustomField, CustomField.id == FieldValue.field_id)
            )
            return {
                (field.record_type, f"${word[:64]}:{field.id}", value.record_id)
                for value, field in rows
                for word in name_key(value.text).split()
            }


@pytest.fixture
def world(store: Store) -> Fields:
    return Fields(store)


def test_each_kind_of_value_is_found_by_the_beginnings_of_its_words(world: Fields) -> None:
    for kind, (value, _, _) in VALUES.items():
        world.put((CONTACT, world.do(create_contact, f"Has {kind.value}")), world.fields[kind], value)
    for kind, (_, finds, misses) in VALUES.items():
        for words in finds:
            assert world.found(words) == world.found(words, order=Order.NAME) == {f"Has {kind.value}"}, words
            assert world.found(f"has {words}") == {f"Has {kind.value}"}, "with a word of the name"
        for words in misses:
            assert world.found(words) == set(), words
    assert world.terms() == world.terms_of_values()


def test_what_changes_is_found_by_what_it_says_now(world: Fields) -> None:
    text = world.fields[FieldKind.TEXT]
    anna, anne = ((CONTACT, world.do(create_contact, name)) for name in ("Anna", "Anne"))
    world.put(anna, text, "Tesla Volvo")
    world.put(anna, text, "Volvo " + "x" * 200)
    world.put(anne, world.fields[FieldKind.LINK], "https://tesla.example")
    assert (world.found("tesla"), world.found("volvo")) == ({"Anne"}, {"Anna"})
    assert world.found("x" * 100) == {"Anna"}

    merge_id = world.do(merge, SYSTEM, anna, [anne[1]], {})
    finish_merge(world.store, merge_id)
    assert world.found("tesla") == {"Anna"}
    assert world.terms() == world.terms_of_values()
    world.do(undo_merge, SYSTEM, merge_id)
    finish_merge(world.store, merge_id)
    assert world.found("tesla") == {"Anne"}

    world.put(anna, text, "")
    assert world.found("volvo") == set()
    world.do(delete_record, SYSTEM, anne)
    assert world.found("tesla") == set()
    remove_for_ever(world.store, SYSTEM, anne)
    assert world.terms() == world.terms_of_values() == set()


def test_each_kind_of_record_is_found_by_its_own_fields_alone(world: Fields) -> None:
    makers = {RecordType.COMPANY: create_company, RecordType.LEAD: create_lead, RecordType.DEAL: create_deal}
    lists = {
        RecordType.COMPANY: reading.companies, RecordType.LEAD: reading.leads, RecordType.DEAL: reading.deals,
        CONTACT: reading.contacts,
    }  # fmt: skip
    for kind, make in makers.items():
        record_id = world.do(make, "One")
        world.put((kind, record_id), world.add_field(FieldKind.TEXT, kind), f"word{kind.value}")
    for kind in makers:
        wanted = RecordFilter(words=f"word{kind.value}")
        with world.store.database.reading() as session:
            assert {each for each, ask in lists.items() if ask(session, SYSTEM, wanted)} == {kind}


def test_an_address_of_digits_is_found_by_them_though_they_look_like_a_phone(world: Fields) -> None:
    world.do(create_contact, "Li", emails=["12345678@qq.example"], phones=["+48 601 234 567"])
    for words in ("1234", "12345678", "12345678@", "601 234 567"):
        assert world.found(words) == {"Li"}, words


def test_a_company_is_known_by_its_name_in_any_script(world: Fields) -> None:
    wanted = world.do(create_company, "Фирма «Ромашка»")
    world.do(create_company, "Фирма Ромашка Плюс")
    with world.store.database.reading() as session:
        assert company_named(session, SYSTEM, "фирма  «ромашка»") == wanted
        assert company_named(session, SYSTEM, "фирма") is None


def test_of_two_with_one_name_somebody_has_to_say_which_however_many_begin_like_it(world: Fields) -> None:
    same = {f"contact:{world.do(create_contact, 'Anna Berg')}" for _ in range(2)}
    only = f"contact:{world.do(create_contact, 'Zoë Quick')}"
    for number in range(SHOWN + 2):
        world.do(create_contact, f"Anna Bergmann {number}")
        world.do(create_contact, f"Zoë Quickly {number}")
    with world.store.database.reading() as session:
        both = understood(session, SYSTEM, Field.TO, "Anna Berg")
        one = understood(session, SYSTEM, Field.TO, "zoe quick")
    assert ({choice.value for choice in both.possible}, both.certain) == (same, ())
    assert [choice.value for choice in one.certain] == [only]


def test_nobody_finds_by_a_field_that_they_do_not_see(world: Fields) -> None:
    text = world.fields[FieldKind.TEXT]
    world.put((CONTACT, world.do(create_contact, "Anna")), text, "Secret")
    hidden = replace(WORKS, fields={CONTACT: {f"field_{text}": FieldAccess.HIDDEN}})
    assert world.found("secret", world.give(world.ann, hidden)) == set()
    assert world.found("secret", world.give(world.bob, WORKS)) == {"Anna"}
    world.do(remove_field, SYSTEM, text)
    assert world.found("secret") == set()
    world.do(restore_field, SYSTEM, text)
    assert world.found("secret") == {"Anna"}


def test_values_of_before_the_upgrade_are_found(world: Fields) -> None:
    world.put((CONTACT, world.do(create_contact, "Anna")), world.fields[FieldKind.TEXT], "Łódź Mikołaj")
    downgrade(world.store, "0033")
    upgrade(world.store.database)
    assert world.found("mikolaj") == {"Anna"}
    assert world.terms() == world.terms_of_values() != set()
