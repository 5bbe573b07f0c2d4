"""Records that are the same become one, on both databases: nothing is lost, and nothing names the others."""

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, UsageError
from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.gone import Merged
from crm.records.leads import create_lead, put_aside
from crm.records.merge_fields import FIELDS, FOLLOWS_BY_ITSELF
from crm.records.repository import moving, reading, writing
from crm.records.repository.fields import put_value
from crm.records.repository.naming import TABLES
from crm.records.repository.recycling import BinFilter, deleted_records
from crm.stream.feed.posting import create_post
from crm.stream.follows import follow
from crm.stream.timeline.entries import add_entry
from crm.stream.timeline.repository import timeline
from crm.stream.views import NewEntry, NewPost
from crm.work.repository import tasks
from crm.work.tasks import create_task
from crm.work.views import NewTask, Part, TaskFilter
from crm_world import NOW, World, mail
from integration.crm.merging.same_people import SYSTEM, company, contact, merged, owners_of, standing_on, undone
from recycling_world import add_recipient, delete, nothing_names
from storage.models import (
    Activity,
    ActivityKind,
    Contact,
    DeclinedSuggestion,
    FieldKind,
    FieldValue,
    Follow,
    Recipient,
    RecordChange,
    RecordType,
    Role,
    SendState,
)


def test_nothing_is_lost_when_two_contacts_become_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 2)  # The job has something to do.
    ann, bob = Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.SELLER)
    firm = company(world, domain="client.example")
    anna = contact(world, "Anna Kowalska", emails=["anna@client.example"], company_id=firm[1])
    twin = contact(world, "A. Kowalska", emails=["ak@client.example", "anna@CLIENT.example"], phones=["+48 601"])
    first = world.deliver(mail("anna@client.example", world.sales.email, message_id="a1"))
    second = world.deliver(mail("ak@client.example", world.sales.email, "Other", message_id="a2"))
    with world.store.database.unit_of_work() as session:
        deal = create_deal(session, "Grinders", contact_id=twin[1])
        lead = create_lead(session, "Again", contact_id=twin[1])
        both = add_entry(session, ann, NewEntry(ActivityKind.CALL, "Both", (twin, anna)))
        note = add_entry(session, ann, NewEntry(ActivityKind.COMMENT, "", (twin,), text="Nice"))
        task = create_task(session, ann, NewTask("Send a sample", world.bob, records=(twin,)))
        post = create_post(session, ann, NewPost("News", "of her", about=(twin,)))
        for viewer, record in ((ann, anna), (ann, twin), (bob, twin)):
            follow(session, viewer, record)
        add_recipient(session, twin[1])
    entries = [activity.id for activity in world.all(Activity)]

    merged(world, anna, twin)

    assert nothing_names(world, twin)
    assert standing_on(world, anna) >= set(entries)
    assert owners_of(world, entries) == [1] * len(entries)
    assert anna in world.bindings(first)
    assert anna in world.bindings(second)
    assert {row.user_id for row in world.all(Follow) if row.record_id == anna[1]} == {world.ann, world.bob}
    assert [row.contact_id for row in world.all(Recipient)] == [anna[1]]
    with world.store.database.reading() as session:
        shown = reading.contact(session, SYSTEM, anna[1])
        told = timeline(session, ann, anna)
        work = tasks(session, bob, TaskFilter(part=Part.ANY, record=anna))
        assert reading.deal(session, SYSTEM, deal).contact == shown_name(shown)
        assert reading.lead(session, SYSTEM, lead).contact == shown_name(shown)
    assert [channel.value for channel in shown.channels] == ["anna@client.example", "ak@client.example", "+48 601"]
    assert [each.id for each in work] == [task]
    titles = [(entry.title, entry.author.name if entry.author else "") for entry in told.past.entries]
    assert ("Merged with A. Kowalska", "") in titles
    assert {both, note} <= {entry.id for entry in told.past.entries}
    assert post in {entry.post_id for entry in told.past.entries}


def test_later_mail_of_either_address_finds_the_one_that_is_left(world: World) -> None:
    anna, twin = contact(world, emails=["anna@client.example"]), contact(world, "Ania", emails=["ania@home.example"])
    world.deliver(mail("ania@home.example", world.sales.email, message_id="a1"))
    merged(world, anna, twin)

    by_address = world.deliver(mail("ania@home.example", world.sales.email, "New", message_id="a2"))
    by_thread = world.deliver(
        mail("x@other.example", world.sales.email, "Re: Offer", message_id="a3", references=["a1"])
    )

    assert world.bindings(by_address) == [anna]
    assert world.bindings(by_thread) == [], "a stranger joins a thread only where they share participants"


def test_mail_of_the_domain_of_a_merged_company_finds_the_one_that_is_left(world: World) -> None:
    firm, twin = company(world, domain="client.example"), company(world, "Client Polska", domain="client-pl.example")
    merged(world, firm, twin)

    message = world.deliver(mail("new@client-pl.example", world.sales.email, message_id="a1"))

    assert world.bindings(message) == [firm]
    with world.store.database.reading() as session:
        for domain in ("client.example", "client-pl.example"):
            known = writing.company_by_domain(session, SYSTEM, domain)
            assert known is not None
            assert known.id == firm[1]


def test_people_and_deals_of_a_merged_company_are_those_of_the_one_that_is_left(world: World) -> None:
    firm, twin = company(world), company(world, "Client Ltd", domain="client.example")
    anna = contact(world, company_id=twin[1])
    with world.store.database.unit_of_work() as session:
        deal = create_deal(session, "Grinders", company_id=twin[1])

    merged(world, firm, twin)

    assert nothing_names(world, twin)
    with world.store.database.reading() as session:
        assert reading.company(session, SYSTEM, firm[1]).domain == "client.example"
        assert reading.contact(session, SYSTEM, anna[1]).company == reading.deal(session, SYSTEM, deal).company


def test_leads_are_merged_while_both_are_active(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        one, other, junk = (create_lead(session, f"Cups {n}", emails=[f"l{n}@x.example"]) for n in range(3))
        put_aside(session, junk)
    lead = (RecordType.LEAD, one)
    with pytest.raises(Conflict, match="active"):
        merged(world, lead, (RecordType.LEAD, junk))

    merged(world, lead, (RecordType.LEAD, other))

    with world.store.database.reading() as session:
        assert len(reading.lead(session, SYSTEM, one).channels) == 2
        with pytest.raises(Merged):
            reading.lead(session, SYSTEM, other)


def test_each_field_is_of_the_record_that_was_chosen_else_of_the_first_that_has_one(world: World) -> None:
    anna = contact(world, "Anna", tags=["fair", "vip"])
    twin = contact(world, "Anna Kowalska", position="Buyer", tags=["vip", "poland"], responsible_id=world.ann)
    third = contact(world, "A. K.", position="Head of buying", responsible_id=world.bob)

    merged(world, anna, twin, third, name=twin[1], position=third[1])

    [row] = world.rows(select(Contact).where(Contact.id == anna[1]))
    assert (row.name, row.position, row.responsible_id) == ("Anna Kowalska", "Head of buying", world.ann)
    assert row.tags == ["fair", "vip", "poland"]


def test_a_merged_record_leads_to_the_last_one_of_a_chain_and_is_not_in_the_bin(world: World) -> None:
    first, second, third = (contact(world, f"Anna {n}") for n in range(3))

    merged(world, second, first)
    merged(world, third, second)

    with world.store.database.reading() as session:
        for gone in (first, second):
            with pytest.raises(Merged) as told:
                reading.contact(session, SYSTEM, gone[1])
            assert told.value.survivor_id == third[1]
        assert deleted_records(session, SYSTEM, BinFilter()) == []


def test_nobody_gets_a_campaign_under_both_addresses(world: World) -> None:
    anna, twin = contact(world), contact(world)
    with world.store.database.unit_of_work() as session:
        add_recipient(session, anna[1])
    [sent] = world.all(Recipient)
    with world.store.database.unit_of_work() as session:
        waiting = Recipient(campaign_id=sent.campaign_id, contact_id=twin[1], address="b@x.example", key="b@x.example")
        waiting.state = SendState.PENDING
        session.add(waiting)

    merged(world, anna, twin)

    assert [(row.state, row.contact_id) for row in world.all(Recipient)] == [
        (SendState.SENT, anna[1]),
        (SendState.SKIPPED, anna[1]),
    ]


def test_custom_fields_history_and_notes_go_along_and_come_back(world: World) -> None:
    anna, twin = contact(world), contact(world, "Ania")
    with world.store.database.unit_of_work() as session:
        fields = [
            create_field(session, SYSTEM, NewField(RecordType.CONTACT, n, FieldKind.TEXT)) for n in ("Car", "Pet")
        ]
        put_value(session, fields[0], anna[1], "Fiat", None)
        put_value(session, fields[0], twin[1], "Skoda", None)
        put_value(session, fields[1], twin[1], "Cat", None)
        session.add(RecordChange(record_type=twin[0], record_id=twin[1], at=NOW, changes={}))
        session.add(DeclinedSuggestion(contact_id=twin[1], field="position", key="x"))
        session.get_one(Contact, twin[1]).notes = "Likes tea"

    merge_id = merged(world, anna, twin)

    assert nothing_names(world, twin)
    assert sorted((row.record_id, row.text) for row in world.all(FieldValue)) == [(anna[1], "Cat"), (anna[1], "Fiat")]
    assert [row.contact_id for row in world.all(DeclinedSuggestion)] == [anna[1]]
    assert world.rows(select(Contact.notes).where(Contact.id == anna[1])) == ["Likes tea"]
    undone(world, merge_id)
    assert {(row.record_id, row.text) for row in world.all(FieldValue)} == {
        (anna[1], "Fiat"),
        (twin[1], "Skoda"),
        (twin[1], "Cat"),
    }


@pytest.mark.parametrize("wrong", ["itself", "nobody", "unknown", "deleted", "deals", "field", "value", "too many"])
def test_what_can_not_be_merged_is_refused_in_words_and_stays_as_it_was(world: World, wrong: str) -> None:
    anna, twin, other = (contact(world, f"Anna {n}") for n in range(3))
    with world.store.database.unit_of_work() as session:
        deals = [(RecordType.DEAL, create_deal(session, f"Deal {n}")) for n in range(2)]
    gone = contact(world, "Gone")
    delete(world, gone)
    before = [(row.name, row.deleted_at) for row in world.all(Contact)]
    asked = {
        "itself": (anna, [anna], {}),
        "nobody": (anna, [], {}),
        "unknown": (anna, [(RecordType.CONTACT, 999)], {}),
        "deleted": (anna, [gone], {}),
        "deals": (deals[0], [deals[1]], {}),
        "field": (anna, [twin], {"created_at": twin[1]}),
        "value": (anna, [twin], {"name": other[1]}),
        "too many": (anna, [(RecordType.CONTACT, n) for n in range(100, 200)], {}),
    }[wrong]

    with pytest.raises((UsageError, Conflict)) as error:
        merged(world, asked[0], *asked[1], **asked[2])

    assert str(error.value).endswith(".")
    assert [(row.name, row.deleted_at) for row in world.all(Contact)] == before


def test_guests_merge_nothing(world: World) -> None:
    anna, twin = contact(world), contact(world)
    with pytest.raises(Forbidden):
        merged(world, anna, twin, viewer=Viewer(world.bob, Role.GUEST))
    assert all(row.deleted_at is None for row in world.all(Contact))


@pytest.mark.parametrize("kind", list(FIELDS))
def test_every_column_is_chosen_or_follows_by_itself(kind: RecordType) -> None:
    """Whoever adds one to a record says what a merge does with it."""
    columns = {column.name for column in TABLES[kind].__table__.columns}
    assert columns <= set(FIELDS[kind]) | FOLLOWS_BY_ITSELF
    assert set(FIELDS[kind]) <= columns


def shown_name(shown: object) -> object:
    return reading.Named(RecordType.CONTACT, shown.id, shown.name)
