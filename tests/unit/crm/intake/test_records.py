"""Steps 6 to 10: whose mail it is, what it creates, what waits for an answer, and who hears of it."""

import pytest

from crm.records.contacts import create_company
from crm.records.conversions import convert_lead
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm.records.modes import Client, CrmMode, Mode
from crm_world import HISTORY, NOW, World, close_deal, known_contact, mail
from storage.models import (
    Contact,
    Deal,
    Direction,
    FolderRole,
    Lead,
    OnUnknown,
    RecordType,
)

CARL = "Carl Client <carl@client.example>"
SALES, ANN, BOB = "sales@ours.example", "ann@ours.example", "bob@ours.example"


# Somebody unknown


@pytest.mark.parametrize(
    ("mode", "sender", "kinds"),
    [
        (CrmMode(), CARL, ["deal", "contact"]),
        (CrmMode(client=Client.COMPANY), CARL, ["deal", "company"]),
        (CrmMode(client=Client.BOTH), CARL, ["deal", "contact", "company"]),
        (CrmMode(client=Client.COMPANY), "carl@gmail.com", ["deal", "contact"]),
        (CrmMode(client=Client.BOTH), "carl@gmail.com", ["deal", "contact"]),
        (CrmMode(Mode.CLASSIC), CARL, ["lead"]),
    ],
)
def test_a_stranger_becomes_what_the_mode_says(world: World, mode: CrmMode, sender: str, kinds: list[str]) -> None:
    world.mode(mode)
    first = world.deliver(mail(sender, SALES, "Please quote", message_id="a"))
    again = world.deliver(mail(sender, SALES, "One more thing", message_id="b"))

    assert world.kinds(first) == kinds
    assert world.bindings(again) == world.bindings(first)
    (item,) = world.all(Lead if mode.is_classic else Deal)
    assert (item.title, item.source, item.repeat, item.responsible_id) == ("Please quote", "email", False, world.ann)


def test_names_come_from_the_header_or_the_address(world: World) -> None:
    world.deliver(mail(CARL, SALES, "", message_id="a"))
    world.deliver(mail("dora.d@other.example", SALES, message_id="b"))

    assert [contact.name for contact in world.all(Contact)] == ["Carl Client", "dora.d"]
    assert world.all(Deal)[0].title == "Mail from Carl Client"


NOTHING_FROM = {
    "a newsletter": mail(CARL, SALES, List_Unsubscribe="<https://client.example/u>", Precedence="bulk"),
    "an automatic answer": mail(CARL, SALES, Auto_Submitted="auto-replied"),
    "a no-reply address": mail("no-reply@client.example", SALES),
    "what the server took for spam": mail(CARL, SALES, X_Spam_Flag="YES"),
    "one of us": mail(BOB, SALES),
    "one of us with a plus part": mail("bob+shop@ours.example", SALES),
    "history": mail(CARL, SALES, date=HISTORY),
}


@pytest.mark.parametrize("case", NOTHING_FROM)
def test_nothing_is_created_from(world: World, case: str) -> None:
    internal_date = HISTORY if case == "history" else NOW
    message_id = world.deliver(NOTHING_FROM[case], internal_date=internal_date)

    assert (world.all(Contact), world.all(Deal), world.activity(message_id)) == ([], [], None)
    assert len(world.decision(message_id)) >= 3


@pytest.mark.parametrize(
    ("policy", "role", "created"),
    [
        (OnUnknown.NOTHING, FolderRole.INBOX, []),
        (OnUnknown.CONTACT, FolderRole.INBOX, ["contact"]),
        (OnUnknown.NOTHING, FolderRole.SENT, []),
        (OnUnknown.CONTACT, FolderRole.SENT, ["contact"]),
        (OnUnknown.MODE, FolderRole.SENT, ["deal", "contact"]),
    ],
)
def test_the_mailbox_has_a_policy_for_each_direction(
    world: World, policy: OnUnknown, role: FolderRole, created: list[str]
) -> None:
    name = "on_unknown_outgoing" if role is FolderRole.SENT else "on_unknown_incoming"
    world.change(world.sales, **{name: policy})
    raw = mail(SALES, CARL) if role is FolderRole.SENT else mail(CARL, SALES)

    assert world.kinds(world.deliver(raw, role=role)) == created


def test_the_queue_takes_turns(world: World) -> None:
    world.change(world.sales, queue=[world.ann, world.bob])
    for number in range(4):
        world.deliver(mail(f"p{number}@new{number}.example", SALES, message_id=f"m{number}"))

    turns = [(deal.responsible_id, world.activity(deal.id).responsible_id) for deal in world.all(Deal)]
    assert turns == [(world.ann, world.ann), (world.bob, world.bob)] * 2
    assert [contact.responsible_id for contact in world.all(Contact)] == [turn for turn, _ in turns]


# Somebody known


def test_an_open_deal_takes_the_mail_of_its_contact(world: World) -> None:
    contact_id = known_contact(world)
    with world.store.database.unit_of_work() as session:
        deal_id = create_deal(session, "Boat", contact_id=contact_id, responsible_id=world.bob)

    message_id = world.deliver(mail(CARL, SALES))

    assert world.bindings(message_id) == [(RecordType.DEAL, deal_id), (RecordType.CONTACT, contact_id)]
    assert world.activity(message_id).responsible_id == world.bob
    assert len(world.all(Deal)) == 1


@pytest.mark.parametrize("mode", [Mode.SIMPLE, Mode.CLASSIC])
def test_a_client_without_open_item_gets_a_repeat_one_once(world: World, mode: Mode) -> None:
    world.mode(CrmMode(mode))
    contact_id = known_contact(world)

    first = world.deliver(mail(CARL, SALES, message_id="a"))
    second = world.deliver(mail(CARL, SALES, message_id="b"))

    (item,) = world.all(Deal if mode is Mode.SIMPLE else Lead)
    assert (item.repeat, item.contact_id) == (True, contact_id)
    assert world.kinds(first) == [item.__tablename__, "contact"]
    assert world.bindings(first) == world.bindings(second)


@pytest.mark.parametrize("why", ["switched off", "history", "outgoing"])
def test_no_repeat_item(world: World, why: str) -> None:
    known_contact(world)
    world.change(world.sales, repeat_items=why != "switched off")
    raw = mail(SALES, CARL) if why == "outgoing" else mail(CARL, SALES)

    message_id = world.deliver(raw, internal_date=HISTORY if why == "history" else NOW)

    assert world.kinds(message_id) == ["contact"]
    assert world.all(Deal) == []


def test_a_closed_deal_takes_no_more_mail(world: World) -> None:
    first = world.deliver(mail(CARL, SALES, message_id="a"))
    close_deal(world, world.all(Deal)[0].id)

    second = world.deliver(mail(CARL, SALES, "Re: Offer", message_id="b", references=["a"]))

    assert [deal.repeat for deal in world.all(Deal)] == [False, True]
    assert world.bindings(first)[0] != world.bindings(second)[0]
    assert world.bindings(first)[1] == world.bindings(second)[1]


def test_a_colleague_is_known_by_the_companys_domain(world: World) -> None:
    world.create_nothing()
    with world.store.database.unit_of_work() as session:
        company_id = create_company(session, "Client Ltd", domain="client.example")
        free = create_company(session, "Gmail users")

    known = world.deliver(mail("dora@sub.client.example", SALES))
    unknown = world.deliver(mail("dora@gmail.com", SALES))

    assert world.bindings(known) == [(RecordType.COMPANY, company_id)]
    assert world.bindings(unknown) == []
    assert free


def test_later_mail_follows_the_thread_to_its_deal(world: World) -> None:
    world.deliver(mail(CARL, SALES, message_id="a"))
    world.deliver(mail(CARL, SALES, "Something else", message_id="x"))

    reply = world.deliver(mail("dora@client.example", SALES, "Re: Offer", message_id="b", references=["a"]))

    assert world.bindings(reply)[0] == (RecordType.DEAL, world.all(Deal)[0].id)
    assert len(world.all(Contact)) == 1


def test_a_converted_lead_passes_its_mail_on(world: World) -> None:
    world.mode(CrmMode(Mode.CLASSIC))
    first = world.deliver(mail(CARL, SALES, message_id="a"))
    with world.store.database.unit_of_work() as session:
        converted = convert_lead(session, world.all(Lead)[0].id)

    reply = world.deliver(mail(CARL, SALES, "Re: Offer", message_id="b", references=["a"]))

    deal = (RecordType.DEAL, converted.deal_id)
    assert world.bindings(first)[0] == world.bindings(reply)[0] == deal
    assert "lead" in world.kinds(first)
    assert len(world.all(Deal)) == 1


def test_an_active_lead_of_a_client_takes_the_mail(world: World) -> None:
    contact_id = known_contact(world)
    with world.store.database.unit_of_work() as session:
        lead_id = create_lead(session, "Again", contact_id=contact_id)

    assert world.bindings(world.deliver(mail(CARL, SALES))) == [
        (RecordType.LEAD, lead_id),
        (RecordType.CONTACT, contact_id),
    ]
    assert world.all(Deal) == []


@pytest.mark.parametrize(
    ("from_", "reply_to", "matched"),
    [
        ("no-reply@shop.example", "carl@client.example", True),
        ("wordpress@site.example", "carl@client.example", True),
        (BOB, "carl@client.example", True),
        ("news@client.example", "carl@client.example", True),
        ("dora@other.example", "carl@client.example", False),
        ("dora@gmail.com", "carl@gmail.com", False),
    ],
)
def test_reply_to_speaks_for_machines_forms_and_colleagues_only(
    world: World, from_: str, reply_to: str, matched: bool
) -> None:
    world.create_nothing()
    known_contact(world, reply_to)

    message_id = world.deliver(mail(from_, SALES, Reply_To=reply_to))

    assert (world.kinds(message_id) == ["contact"]) is matched


def test_outgoing_mail_stands_on_the_first_recipient_known(world: World) -> None:
    contact_id = known_contact(world)

    message_id = world.deliver(
        mail(SALES, "Bob <bob@ours.example>, new@new.example", Cc="carl@client.example"), role=FolderRole.SENT
    )

    assert world.bindings(message_id) == [(RecordType.CONTACT, contact_id)]
    assert world.message(message_id).direction is Direction.OUTGOING


def test_a_forged_colleague_creates_nothing(world: World) -> None:
    world.change(world.sales, authserv_id="mx.ours.example", on_unknown_outgoing=OnUnknown.MODE)
    forged = "mx.ours.example; dmarc=fail header.from=ours.example"

    message_id = world.deliver(
        mail(BOB, f"{SALES}, x@new.example", Reply_To="eve@evil.example", Authentication_Results=forged)
    )

    assert world.message(message_id).authenticated is False
    assert (world.all(Deal), world.activity(message_id)) == ([], None)


def test_mass_mail_stands_on_a_record_only_where_the_address_is_known(world: World) -> None:
    contact_id = known_contact(world)
    with world.store.database.unit_of_work() as session:
        create_company(session, "Client Ltd", domain="client.example")
    bulk = {"List_Unsubscribe": "<https://client.example/u>", "Precedence": "bulk"}

    known = world.deliver(mail(CARL, SALES, message_id="a", **bulk))
    unknown = world.deliver(mail("news@client.example", SALES, message_id="b", **bulk))

    assert world.bindings(known)[0] == (RecordType.CONTACT, contact_id)
    assert world.activity(known).deadline is None
    assert world.bindings(unknown) == []
