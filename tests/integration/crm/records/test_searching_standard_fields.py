"""Records and tasks are found by what stands in each of their standard fields, as far as these are seen, on both databases."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import utcnow
from crm.access.rights import FieldAccess
from crm.access.rights.stored import ALWAYS_SHOWN
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.editing import edit_record
from crm.records.importing.repository.records import change_record
from crm.records.leads import create_lead
from crm.records.merge_jobs import finish_merge
from crm.records.merging import merge, undo_merge
from crm.records.recycling import delete_record, remove_for_ever
from crm.records.repository import reading
from crm.records.repository.found import found_records
from crm.records.repository.terms import fields_with_words
from crm.records.views import Order, RecordFilter, StandardCondition
from crm.work.repository import insert_task, tasks, tasks_found, update_task, words
from crm.work.views import NewTask, Part, TaskFilter
from integration.crm.rights.house import WORKS, House
from integration.storage.test_migrations import downgrade
from storage.bulk import insert_rows
from storage.field_words import field_words
from storage.migrate import upgrade
from storage.models import Company, Contact, Deal, Lead, RecordTerm, RecordType, TaskStatus, TaskTerm
from storage.store import Store
from usual_fields import SAMPLES

SYSTEM = Viewer.system()
CONTACT, COMPANY, LEAD, DEAL = RecordType.CONTACT, RecordType.COMPANY, RecordType.LEAD, RecordType.DEAL
LISTS = {CONTACT: reading.contacts, COMPANY: reading.companies, LEAD: reading.leads, DEAL: reading.deals}
MAKERS = {CONTACT: create_contact, COMPANY: create_company, LEAD: create_lead, DEAL: create_deal}
SAID: dict[RecordType, dict[str, tuple[Any, str]]] = {
    CONTACT: {
        "position": ("Head of Łódź sales", "lodz"),
        "notes": ("likes coffee\n" + "word " * 500 + "last", "coffee last"),
        "tags": (["VIP Gold"], "vip"),
        "source": ("Messe 2026", "messe"),
    },
    COMPANY: {
        "domain": ("shop.example", "shop.example"),
        "notes": ("pays late", "late"),
        "tags": (["王"], "王"),
        "source": ("fair", "fair"),
    },
    LEAD: {
        "name": ("Ola Zażółć", "zazolc"),
        "amount": (125050, "1250.50"),
        "currency": ("PLN", "pln"),
        "notes": ("100% sure_thing", "sure"),
        "tags": (["hot"], "hot"),
        "source": ("form", "form"),
    },
    DEAL: {
        "amount": (125050, "1250.50"),
        "currency": ("PLN", "pln"),
        "closes_on": ("2026-12-01", "2026-12"),
        "notes": ("waits for budget", "budget"),
        "tags": (["big"], "big"),
        "source": ("call", "call"),
    },
}

for _kind, _samples in SAMPLES.items():
    SAID[_kind] |= {key: (one.stored, one.words) for key, one in _samples.items()}


class Standard(House):
    """A record of each kind with all that may stand in it, and one with nothing."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.ids = {kind: self.do(make, "Aaa full") for kind, make in MAKERS.items()}
        for kind, make in MAKERS.items():
            self.do(make, "Bbb bare")
            self.put(kind, {field: value for field, (value, _) in SAID[kind].items()})

    def put(self, kind: RecordType, values: dict[str, Any]) -> None:
        self.do(edit_record, SYSTEM, (kind, self.ids[kind]), values)

    def found(self, kind: RecordType, typed: str, viewer: Viewer = SYSTEM, order: Order = Order.NEWEST) -> list[str]:
        wanted = RecordFilter(words=typed, order=order)
        listed = self.ask(LISTS[kind], viewer, wanted)
        return [one.title if hasattr(one, "title") else one.name for one in listed]

    def terms(self) -> set[tuple[str, str, int]]:
        with self.store.database.reading() as session:
            rows = session.execute(select(RecordTerm).where(RecordTerm.term.startswith("$"))).scalars()
            return {(row.record_type, row.term, row.record_id) for row in rows}

    def terms_of_records(self) -> set[tuple[str, str, int]]:
        """What the index must hold, told once more in Python."""
        with self.store.database.reading() as session:
            return {
                (kind, "${2}:{0}".format(*word.partition(":")), row.id)
                for kind, table in {CONTACT: Contact, COMPANY: Company, LEAD: Lead, DEAL: Deal}.items()
                for row in session.execute(select(table)).scalars()
                for word in field_words({field: getattr(row, field) for field in fields_with_words(kind)}).split()
            }


@pytest.fixture
def world(store: Store) -> Standard:
    return Standard(store)


def test_each_field_is_found_by_its_words_by_whoever_sees_it(world: Standard, monkeypatch: Any) -> None:
    for few in (8_000, 0):  # By the index, and by a walk along the list.
        monkeypatch.setattr("crm.records.repository.terms.FEW", few)
        for kind, fields in SAID.items():
            assert set(fields) == set(fields_with_words(kind))
            sees = world.give(world.ann, WORKS)
            kept_back = {field: FieldAccess.HIDDEN for field in fields if field not in ALWAYS_SHOWN[kind]}
            hidden = world.give(world.bob, replace(WORKS, fields={kind: kept_back}))
            usual = SAMPLES.get(kind, {})
            for field, (_, typed) in fields.items():
                if field in usual and not few:
                    continue  # The walk is the same for all of them, and these are many.
                assert world.found(kind, typed, sees) == ["Aaa full"], (kind, field)
                assert world.found(kind, f"{typed} full", sees, Order.NAME) == ["Aaa full"], "together with its name"
                assert [one.name for one in world.ask(found_records, sees, typed, limit=6)[kind]] == ["Aaa full"]
                if field in usual:
                    holds = (
                        StandardCondition(field, equals=typed)
                        if field == "employees"
                        else StandardCondition(field, typed)
                    )
                    told = world.ask(LISTS[kind], sees, RecordFilter(standard=(holds,), order=Order.NAME))
                    assert [one.fields[field] for one in told] == [SAMPLES[kind][field].stored], "filtered by itself"
                if field in kept_back:
                    assert world.found(kind, typed, hidden) == [], (kind, field)
                    assert world.ask(found_records, hidden, typed, limit=6)[kind] == ()
            for garbage in ("notes:late", "otes", "%", "position", "x" * 5000):
                assert world.found(kind, garbage) == [], (kind, garbage)


def test_the_words_of_fields_follow_whatever_changes_them(world: Standard) -> None:
    assert world.terms() == world.terms_of_records() != set()
    twin = world.do(create_contact, "Aaa twin")
    world.do(edit_record, SYSTEM, (CONTACT, twin), {"notes": "speaks Basque", "tags": ["ski"]})
    world.put(CONTACT, {"notes": "likes tea", "position": ""})
    assert (world.found(CONTACT, "coffee"), world.found(CONTACT, "lodz")) == ([], [])
    assert world.found(CONTACT, "tea") == ["Aaa full"]

    merge_id = world.do(merge, SYSTEM, (CONTACT, world.ids[CONTACT]), [twin], {})
    finish_merge(world.store, merge_id)
    assert world.found(CONTACT, "basque") == ["Aaa full"]
    world.do(undo_merge, SYSTEM, merge_id)
    finish_merge(world.store, merge_id)
    assert world.found(CONTACT, "basque") == ["Aaa twin"]

    with world.store.database.unit_of_work() as session:
        change_record(session, RecordType.CONTACT, twin, {"position": "Pilot"})
        rows = [{"name": "Óne", "position": "Cook", "tags": ["t u"], "source": "s", "created_at": utcnow()}] * 9
        insert_rows(session, Contact, rows)
    assert world.found(CONTACT, "pilot basque ski") == ["Aaa twin"]
    assert world.found(CONTACT, "cook u") == ["Óne"] * 9
    assert world.terms() == world.terms_of_records()

    world.do(delete_record, SYSTEM, (CONTACT, twin))
    assert world.found(CONTACT, "basque") == []
    remove_for_ever(world.store, SYSTEM, (CONTACT, twin))
    assert world.terms() == world.terms_of_records()


def test_of_many_that_say_it_those_come_first_whose_name_does(world: Standard) -> None:
    world.do(create_contact, "Messe Berlin")
    for number in range(8):
        world.do(create_contact, f"Guest {number}", source="Messe")
    found = world.ask(found_records, SYSTEM, "messe", limit=6)[CONTACT]
    assert [one.name for one in found] == ["Messe Berlin", *(f"Guest {number}" for number in (7, 6, 5, 4, 3))]


def test_tasks_are_found_by_all_that_they_say_whether_few_do_or_many(world: Standard, monkeypatch: Any) -> None:
    ann = world.viewer(world.ann)

    def found(typed: str, viewer: Viewer = ann) -> list[str]:
        return [one.title for one in world.ask(tasks_found, viewer, typed, limit=6)]

    new = NewTask("Zażółć contract", world.ann, "Call Łukasz\nabout 100% of it", tags=("urgent",))
    new = replace(new, sender_name="Carla Rossi", sender_address="carla@client.example")
    with world.store.database.unit_of_work() as session:
        first = insert_task(session, world.ann, new)
        second = insert_task(session, world.ann, NewTask("Old contract", world.ann))
        update_task(session, second, status=TaskStatus.DONE)
    for few in (2_000, 0):
        monkeypatch.setattr(words, "FEW", few)
        for typed in ("zazolc", "lukasz contr", "urgent", "rossi", "carla@client.example", "100"):
            assert found(typed) == ["Zażółć contract"], typed
            listed = world.ask(tasks, ann, TaskFilter(part=Part.ANY, words=typed))
            assert [one.id for one in listed] == [first], typed
        assert found("contract") == ["Zażółć contract", "Old contract"], "what is done stands behind"
        for nothing in ("azolc", "nobody contract", "%", "!!!"):
            assert found(nothing) == [], nothing
        assert found("contract", world.give(world.bob, WORKS)) == [], "it is Ann's alone"
    with world.store.database.unit_of_work() as session:
        update_task(session, first, title="Offer", tags=[])
    assert (found("zazolc"), found("urgent"), found("offer lukasz")) == ([], [], ["Offer"])


def test_what_stood_there_before_the_upgrade_is_found(world: Standard) -> None:
    with world.store.database.unit_of_work() as session:
        insert_task(session, world.ann, NewTask("Łódź contract", world.ann, "text", tags=("urgent",)))

    def task_terms() -> set[str]:
        with world.store.database.reading() as session:
            return set(session.execute(select(TaskTerm.term)).scalars())

    later = {(kind, key) for kind, samples in SAMPLES.items() for key in samples}  # What 0053 added is lost below it.
    later |= {(LEAD, "amount"), (LEAD, "currency")}
    before, of_tasks = world.terms(), task_terms()
    before = {one for one in before if (one[0], one[1].rpartition(":")[2]) not in later}
    downgrade(world.store, "0040")
    upgrade(world.store.database)
    assert world.terms() == world.terms_of_records() == before
    assert task_terms() == of_tasks == {"lodz", "contract", "text", "urgent"}
