"""Campaigns that go out through a mailbox without a password: its access tokens, fresh for each connection."""

import asyncio

import pytest

from campaigns import commands
from campaigns.drafting import NewCampaign, create_campaign
from campaigns.senders import NOT_ITS_ADDRESS, NewSender, add_sender
from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.viewer import Viewer
from integration.oauth.conftest import House
from mailsync.oauth.tokens import access_token_now
from seeds.campaign import HTML, NAME, SYSTEM, add_contacts, finished, report_of, send_until
from storage.models import Mailbox, Role, User

READERS = [f"reader{number}@client.example" for number in range(12)]


def connected(house: House) -> int:
    """A mailbox whose address is one that may be written from: those of the test server are not."""
    mailbox_id = house.connect()
    call_it(house, mailbox_id, f"person{mailbox_id}@ourhouse.example")
    return mailbox_id


def call_it(house: House, mailbox_id: int, email: str) -> None:
    with house.store.database.unit_of_work() as session:
        row = session.get_one(Mailbox, mailbox_id)
        row.email = row.email_key = email


def sender_of(house: House, mailbox_id: int, **changes: object) -> NewSender:
    values = {"email": house.mailbox(mailbox_id).email, "name": "Workshop", "mailbox_id": mailbox_id, **changes}
    return NewSender(**values)


def draft(house: House, mailbox_id: int) -> None:
    """A campaign to all readers from the mailbox's own address."""
    add_contacts(house.store, READERS)
    add_sender(house.store, house.settings, SYSTEM, sender_of(house, mailbox_id))
    commands.create_segment(house.store, SYSTEM, "readers", {"all": [{"field": "tag", "op": "is", "value": "news"}]})
    new = NewCampaign(NAME, "readers", house.mailbox(mailbox_id).email, "Spring", HTML, "")
    create_campaign(house.store, house.settings, SYSTEM, new)


def send(house: House, holds=finished):
    return asyncio.run(send_until(house.store, house.settings, NAME, holds))


def test_a_campaign_is_sent_with_the_tokens_of_its_mailbox(either_house: House) -> None:
    """Given a token at its end and one that was taken back before, then each is replaced once, whatever connections there are."""
    house = either_house
    house.settings = house.settings.model_copy(update={"base_url": "https://t.example", "send_connections": 4})
    mailbox_id = connected(house)
    draft(house, mailbox_id)
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    assert commands.start(house.store, house.settings, SYSTEM, NAME)
    house.provider.counts.clear()

    found = send(house)

    assert (found.sent, found.failed, found.in_doubt) == (len(READERS), 0, 0)
    assert {mail.mail_from for mail in house.smtp.wait_for(len(READERS))} == {house.mailbox(mailbox_id).email}
    assert house.provider.counts["refresh_token"] == 1

    house.provider.spoil_access_tokens(house.provider.account)
    add_contacts(house.store, ["late@client.example"])
    again = NewCampaign("Again", "readers", house.mailbox(mailbox_id).email, "Spring", HTML, "")
    create_campaign(house.store, house.settings, SYSTEM, again)
    commands.start(house.store, house.settings, SYSTEM, "Again")
    found = asyncio.run(send_until(house.store, house.settings, "Again", finished))
    assert (found.sent, found.failed) == (len(READERS) + 1, 0)
    assert house.provider.counts["refresh_token"] == 2


def test_a_campaign_stops_with_the_reason_when_access_has_ended_and_goes_on_afterwards(house: House) -> None:
    house.settings = house.settings.model_copy(update={"base_url": "https://t.example"})
    mailbox_id = connected(house)
    draft(house, mailbox_id)
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    house.provider.revoke(house.provider.account)
    commands.start(house.store, house.settings, SYSTEM, NAME)

    stopped = send(house, lambda found: found.state == "stopped")

    assert (stopped.sent, stopped.pending) == (0, len(READERS))
    assert "sign in again" in stopped.state_reason
    call_it(house, mailbox_id, house.provider.account)
    house.finish(house.browse(house.begin(house.provider.account)))
    commands.resume(house.store, SYSTEM, NAME)
    assert send(house).sent == len(READERS)


def test_a_test_mail_goes_the_same_way(house: House) -> None:
    house.settings = house.settings.model_copy(update={"base_url": "https://t.example"})
    draft(house, connected(house))
    address = "me@ourhouse.example"
    asyncio.run(commands.send_test(house.store, house.settings, SYSTEM, NAME, address, access_token_now))
    (mail,) = house.smtp.wait_for(1)
    assert mail.rcpt_tos == (address,)
    assert report_of(house.store, NAME).sent == 0


def test_only_addresses_of_the_mailbox_and_only_who_works_in_it(house: House) -> None:
    """An administrator steers a colleague's mailbox, and writes to nobody in their name."""
    mailbox_id = connected(house)
    with house.store.database.unit_of_work() as session:
        names = ("boss", "anna")
        people = [
            User(email=f"{name}@x.example", email_key=f"{name}@x.example", name=name, role=role, created_at=utcnow())
            for name, role in zip(names, (Role.ADMINISTRATOR, Role.SELLER), strict=True)
        ]
        session.add_all(people)
        session.flush()
        row = session.get_one(Mailbox, mailbox_id)
        row.owner_id, row.shared = people[1].id, False
        viewer = Viewer(people[0].id, Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        add_sender(house.store, house.settings, viewer, sender_of(house, mailbox_id))
    with pytest.raises(UsageError, match=NOT_ITS_ADDRESS[:30]):
        add_sender(house.store, house.settings, SYSTEM, sender_of(house, mailbox_id, email="news@ourhouse.example"))
    with pytest.raises(UsageError, match="Choose one"):
        add_sender(house.store, house.settings, SYSTEM, sender_of(house, mailbox_id, smtp_url="smtp://localhost"))
