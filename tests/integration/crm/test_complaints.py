"""What users of other systems complained of, each by the number of its thread: here it holds.

Loops are in `test_floods.py`, aliases of foreign domains (odoo PR 38459) in `tests/unit/crm/intake/test_secret_addresses.py`.
"""

from datetime import timedelta

import pytest

from crm.access.mail import ReadLevel, read_levels
from crm.access.viewer import Viewer
from crm.conversations.arranging.bindings import change_records
from crm.intake.policies.changing import NewRule, add_rules
from crm.records.conversions import convert_lead
from crm.records.deals import create_deal
from crm.records.modes import CrmMode, Mode
from crm_world import NOW, World, known_contact, mail
from storage.models import Contact, Deal, Lead, Place, RecordType, Role, Treatment
from storage.store import Store

SALES, CARL = "sales@ours.example", "carl@client.example"


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def why(world: World) -> list[str]:
    return [entry["detail"] for entry in world.all(Place)[-1].decision]


def test_chatwoot_7286_an_in_reply_to_without_an_id_joins_nothing(world: World) -> None:
    others = [world.deliver(mail("eve@other.example", SALES, "Offer", message_id="e1", In_Reply_To="<>"))]
    for number, empty in enumerate(("<>", "", "< >", "<@>", "nil")):
        raw = mail(f"p{number}@x{number}.example", SALES, f"Plan {number}", message_id=f"n{number}", In_Reply_To=empty)
        others.append(world.deliver(raw))

    assert len({world.message(each).thread_id for each in others}) == len(others)


def test_chatwoot_15869_a_new_subject_on_an_old_thread_stays_in_it(world: World) -> None:
    """References go before subjects: whoever answers an old mail about something new goes on with that conversation."""
    first = world.deliver(mail(CARL, SALES, "Offer", message_id="a"))
    later = NOW + timedelta(days=200)
    second = world.deliver(
        mail(CARL, SALES, "Something else", message_id="b", references=["a"], date=later), internal_date=later
    )

    assert world.message(second).thread_id == world.message(first).thread_id
    assert world.bindings(second) == world.bindings(first)
    assert len(world.all(Deal)) == 1


def test_bitrix_24215394_a_conversation_is_put_elsewhere_after_its_lead_was_converted(world: World) -> None:
    world.mode(CrmMode(Mode.CLASSIC))
    first = world.deliver(mail(CARL, SALES, "Offer", message_id="a"))
    with world.store.database.unit_of_work() as session:
        converted = convert_lead(session, world.all(Lead)[0].id)
        other = create_deal(session, "Boat", contact_id=converted.contact_id)
        thread_id, old = world.message(first).thread_id, (RecordType.DEAL, converted.deal_id)
        change_records(session, Viewer.system(), thread_id, add=[(RecordType.DEAL, other)], remove=[old])

    answer = world.deliver(mail(CARL, SALES, "Re: Offer", message_id="b", references=["a"]))

    for message_id in (first, answer):
        assert (RecordType.DEAL, other) in world.bindings(message_id)
        assert old not in world.bindings(message_id)


def test_alga_psa_3242_a_clients_mail_that_failed_dmarc_is_marked(world: World) -> None:
    world.change(world.sales, authserv_id="mx.ours.example")
    known_contact(world)
    failed = "mx.ours.example; dmarc=fail header.from=client.example"
    forged = world.deliver(mail(CARL, SALES, message_id="a", Authentication_Results=failed))

    assert world.message(forged).authenticated is False
    assert world.bindings(forged)
    assert "The mailbox's server found that it is not from whom it says to be." in why(world)


def test_relaticle_616_a_sender_of_whom_no_record_is_made_stays_readable(world: World) -> None:
    """Never making records of somebody hides none of their mail from those who may read the mailbox."""
    with world.store.database.unit_of_work() as session:
        add_rules(session, Viewer.system(), None, [NewRule(None, CARL, Treatment.NEVER)])
    message_id = world.deliver(mail(CARL, SALES, "Offer"))

    assert world.all(Contact) == world.all(Deal) == []
    with world.store.database.reading() as session:
        levels = [read_levels(session, Viewer(each, Role.SELLER), [message_id]) for each in (world.ann, world.bob)]
    assert [each[message_id] for each in levels] == [ReadLevel.EVERYTHING, ReadLevel.NOTHING]
