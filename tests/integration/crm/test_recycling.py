"""Records in the recycle bin and out of it, and what becomes of mail meanwhile, on both databases."""

from datetime import timedelta

import pytest

from core.clock import utcnow
from core.cursors import Cursor
from core.errors import Conflict, Forbidden
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.gone import InRecycleBin
from crm.records.leads import create_lead
from crm.records.recycling import remove_for_ever
from crm.records.repository import reading
from crm.records.repository.recycling import BinFilter, deleted_records, hanging
from crm.stream.follows import follow
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry
from crm.work.tasks import create_task
from crm.work.views import NewTask
from crm_world import World, known_contact
from recycling_world import SYSTEM, bin_of, delete, from_carl, restore
from storage.models import (
    ActivityKind,
    Audit,
    Contact,
    RecordType,
    Role,
)
from storage.store import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_a_deleted_contact_takes_no_mail_and_a_restored_one_finds_it_again(world: World) -> None:
    carl = (RecordType.CONTACT, known_contact(world))
    world.create_nothing()
    first = from_carl(world, "Before", 1)
    assert world.bindings(first) == [carl]

    delete(world, carl)
    second = from_carl(world, "While it was deleted", 2)
    answer = from_carl(world, "Re: Before", 3, references=["m1"])

    assert world.bindings(second) == []
    assert world.bindings(answer) == [], "its thread leads nowhere either"
    assert world.bindings(first) == [carl], "what stood on it stands there still"
    restore(world, carl)
    assert world.bindings(from_carl(world, "After", 4)) == [carl]


def test_mail_of_a_deleted_contact_makes_a_new_one(world: World) -> None:
    carl = known_contact(world)
    delete(world, (RecordType.CONTACT, carl))

    message = from_carl(world, "Who is he?", 1)

    [fresh] = [contact for contact in world.all(Contact) if contact.id != carl]
    assert (RecordType.CONTACT, fresh.id) in world.bindings(message)


def test_a_deal_takes_mail_without_the_contact_and_company_that_were_deleted(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        company = create_company(session, "Client", domain="client.example")
    carl = known_contact(world, company_id=company)
    with world.store.database.unit_of_work() as session:
        deal = create_deal(session, "Grinders", contact_id=carl, company_id=company)
    from_carl(world, "Offer", 1)
    world.create_nothing()

    delete(world, (RecordType.CONTACT, carl))
    answer = from_carl(world, "Re: Offer", 2, references=["m1"])

    assert world.bindings(answer) == [(RecordType.DEAL, deal), (RecordType.COMPANY, company)]
    delete(world, (RecordType.COMPANY, company))
    third = from_carl(world, "Re: Offer", 3, references=["m1"])
    assert world.bindings(third) == [(RecordType.DEAL, deal)]
    with world.store.database.reading() as session:
        shown = reading.deal(session, SYSTEM, deal)
    assert shown.contact is not None
    assert (shown.contact.name, shown.contact.deleted) == ("Carl", True)


def test_who_deleted_it_and_when_is_told_to_whoever_asks_for_it(world: World) -> None:
    carl = (RecordType.CONTACT, known_contact(world))
    ann = Viewer(world.ann, Role.SELLER)

    delete(world, carl, ann)

    with world.store.database.reading() as session, pytest.raises(InRecycleBin) as told:
        reading.contact(session, SYSTEM, carl[1])
    deleted = told.value.deleted
    assert deleted.by is not None
    assert (deleted.name, deleted.by.name) == ("Carl", "Ann")
    assert utcnow() - deleted.at < timedelta(minutes=1)
    assert deleted.goes_at == deleted.at + timedelta(days=30)
    assert [row.action for row in world.all(Audit)][-1:] == ["record.delete"]


def test_deleting_says_what_hangs_on_a_record(world: World) -> None:
    carl = (RecordType.CONTACT, known_contact(world))
    ann = Viewer(world.ann, Role.SELLER)
    with world.store.database.unit_of_work() as session:
        gone = create_deal(session, "Deleted before", contact_id=carl[1])
        create_deal(session, "Grinders", contact_id=carl[1])
        add_entry(session, ann, NewEntry(ActivityKind.CALL, "Rang him", (carl,)))
        create_task(session, ann, NewTask("Send a sample", world.ann, records=(carl,)))
        follow(session, ann, carl)
    from_carl(world, "Offer", 1)
    delete(world, (RecordType.DEAL, gone))

    with world.store.database.reading() as session:
        found = hanging(session, SYSTEM, carl)

    assert (found.deals, found.mails, found.tasks, found.notes, found.followers) == (1, 1, 1, 1, 1)


@pytest.mark.parametrize("kind", list(RecordType))
def test_each_kind_goes_into_the_bin_and_out_of_it(world: World, kind: RecordType) -> None:
    with world.store.database.unit_of_work() as session:
        ids = {
            RecordType.CONTACT: create_contact(session, "Carl Client"),
            RecordType.COMPANY: create_company(session, "Client Ltd"),
            RecordType.LEAD: create_lead(session, "Lead of Client"),
            RecordType.DEAL: create_deal(session, "Deal of Client"),
        }
    record = (kind, ids[kind])

    delete(world, record)

    assert bin_of(world) == [record]
    assert bin_of(world, words="client") == [record]
    assert bin_of(world, words="nobody") == []
    assert bin_of(world, type=next(other for other in RecordType if other is not kind)) == []
    with pytest.raises(InRecycleBin):
        delete(world, record)
    restore(world, record)
    assert bin_of(world) == []
    with pytest.raises(Conflict, match="not deleted"):
        restore(world, record)
    with world.store.database.reading() as session:
        assert reading.names_of(session, SYSTEM, [record])


def test_the_bin_is_read_page_by_page(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        people = [(RecordType.CONTACT, create_contact(session, f"Person {n}")) for n in range(7)]
    for record in people:
        delete(world, record)

    with world.store.database.reading() as session:
        first = deleted_records(session, SYSTEM, BinFilter(limit=4))
        behind = Cursor(first[-1].at, first[-1].id)
        second = deleted_records(session, SYSTEM, BinFilter(limit=4, behind=behind))

    assert [(each.type, each.id) for each in [*first, *second]] == people[::-1]


def test_guests_delete_nothing_and_sellers_remove_nothing(world: World) -> None:
    carl = (RecordType.CONTACT, known_contact(world))
    with pytest.raises(Forbidden):
        delete(world, carl, Viewer(world.bob, Role.GUEST))
    assert bin_of(world) == []
    delete(world, carl)
    with pytest.raises(Forbidden):
        restore(world, carl, Viewer(world.bob, Role.GUEST))
    with pytest.raises(Forbidden, match="administrator"):
        remove_for_ever(world.store, Viewer(world.bob, Role.MANAGER), carl)
    assert bin_of(world) == [carl]
