"""Copies that a provider keeps of campaign mail (Gmail does, of all that goes by SMTP) are no letters of a person."""

import pytest

from crm_world import World, known_contact, mail
from delivery.message_ids import CAMPAIGN, CAMPAIGN_TEST, MessageIds
from storage.models import Contact, Deal, Direction, FolderRole

CARL, DORA, SALES = "carl@client.example", "dora@other.example", "sales@ours.example"


def campaign_id(world: World, recipient: int, purpose: str = CAMPAIGN) -> str:
    return MessageIds(world.store.keys, purpose).make(recipient, "ours.example")


def copy(world: World, to: str, recipient: int, **given: str) -> int:
    raw = mail(SALES, to, "Spring", message_id=campaign_id(world, recipient), **given)
    return world.deliver(raw, role=FolderRole.SENT, gmail_thread_id=77)


@pytest.mark.parametrize("purpose", [CAMPAIGN, CAMPAIGN_TEST])
def test_a_copy_is_stored_and_put_on_no_record(world: World, purpose: str) -> None:
    known_contact(world)
    of_campaign = mail(SALES, CARL, "Spring", message_id=campaign_id(world, 1, purpose))
    by_hand = mail(SALES, CARL, "Spring", message_id="by-hand@ours.example")

    stored = world.deliver(of_campaign, role=FolderRole.SENT)
    written = world.deliver(by_hand, role=FolderRole.SENT)

    assert world.message(stored).direction is Direction.OUTGOING
    assert world.decision(stored)["own mail"] == "of a campaign"
    assert world.activity(stored) is None
    assert world.activity(written) is not None


def test_readers_share_no_conversation_and_become_nobody(world: World) -> None:
    copies = [copy(world, CARL, 1), copy(world, DORA, 2)]

    assert len({world.message(each).thread_id for each in copies}) == 2, "though Gmail holds them together"
    assert not world.all(Contact)
    assert not world.all(Deal)
    assert not [job for job in world.jobs() if "sent" in job]


@pytest.mark.parametrize("copy_first", [True, False], ids=["copy first", "answer first"])
def test_an_answer_joins_its_copy_and_does_not_bring_it_to_the_record(world: World, copy_first: bool) -> None:
    contact = known_contact(world)
    answer = mail(CARL, SALES, "Re: Spring", message_id="answer", references=[campaign_id(world, 1)])
    if copy_first:
        sent, answered = copy(world, CARL, 1), world.deliver(answer)
    else:
        answered, sent = world.deliver(answer), copy(world, CARL, 1)

    assert world.message(sent).thread_id == world.message(answered).thread_id
    assert contact in [record_id for _, record_id in world.bindings(answered)]
    assert world.activity(sent) is None


def test_one_that_was_stored_stays_off_records_when_its_reader_becomes_known(world: World) -> None:
    sent = copy(world, CARL, 1)

    world.deliver(mail(CARL, SALES, "Something else", message_id="first"))
    world.deliver(mail(SALES, CARL, "Spring", message_id=campaign_id(world, 1)), role=FolderRole.ARCHIVE)

    assert world.all(Contact), "the reader is known by now"
    assert world.activity(sent) is None


def test_its_id_says_nothing_in_mail_of_others(world: World) -> None:
    theirs = world.deliver(mail(CARL, SALES, "Spring", message_id=campaign_id(world, 1)))

    assert "own mail" not in world.decision(theirs)
    assert world.activity(theirs) is not None


def test_nor_where_somebody_only_says_to_be_us(world: World) -> None:
    world.change(world.sales, authserv_id="mx.ours.example")
    forged = "mx.ours.example; dmarc=fail header.from=ours.example"

    stored = copy(world, CARL, 1, Authentication_Results=forged)

    assert "own mail" not in world.decision(stored)
