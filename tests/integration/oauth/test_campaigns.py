"""Campaigns that go out through a mailbox without a password: its access tokens, fresh for each connection."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

import workers.send
from campaigns import commands
from campaigns.drafting import NewCampaign, create_campaign
from campaigns.report import Report
from campaigns.repository import campaigns
from campaigns.senders import NOT_ITS_ADDRESS, NewSender, add_sender
from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.viewer import Viewer
from integration.oauth.conftest import House
from mailsync.oauth.tokens import access_token
from seeds.campaign import HTML, NAME, SOON, SYSTEM, add_contacts, finished, report_of, send_until
from servers.oauth_provider import Trouble
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
    written_as = house.mailbox(mailbox_id).email
    call_it(house, mailbox_id, house.provider.account)
    house.finish(house.browse(house.begin(house.provider.account)))
    call_it(house, mailbox_id, written_as)
    commands.resume(house.store, SYSTEM, NAME)
    assert send(house).sent == len(READERS)


def test_a_test_mail_goes_the_same_way(house: House) -> None:
    house.settings = house.settings.model_copy(update={"base_url": "https://t.example"})
    draft(house, connected(house))
    address = "me@ourhouse.example"
    asyncio.run(commands.send_test(house.store, house.settings, SYSTEM, NAME, address, access_token))
    (mail,) = house.smtp.wait_for(1)
    assert mail.rcpt_tos == (address,)
    assert report_of(house.store, NAME).sent == 0

    house.provider.spoil_access_tokens(house.provider.account)
    asyncio.run(commands.send_test(house.store, house.settings, SYSTEM, NAME, address, access_token))
    assert len(house.smtp.wait_for(2)) == 2


def test_an_address_that_the_mailbox_has_lost_stops_the_campaign(house: House) -> None:
    house.settings = house.settings.model_copy(update={"base_url": "https://t.example"})
    mailbox_id = connected(house)
    draft(house, mailbox_id)
    written_as = house.mailbox(mailbox_id).email
    call_it(house, mailbox_id, "renamed@ourhouse.example")
    commands.start(house.store, house.settings, SYSTEM, NAME)

    stopped = send(house, lambda found: found.state == "stopped")

    assert (stopped.sent, stopped.pending, stopped.state_reason) == (0, len(READERS), NOT_ITS_ADDRESS)
    with pytest.raises(UsageError, match=NOT_ITS_ADDRESS[:30]):
        asyncio.run(commands.send_test(house.store, house.settings, SYSTEM, NAME, READERS[0], access_token))
    call_it(house, mailbox_id, written_as)
    commands.resume(house.store, SYSTEM, NAME)
    assert send(house).sent == len(READERS)


def test_a_provider_that_is_slow_with_a_token_takes_nobody_elses_thread(house: House) -> None:
    """Given one thread for everybody and a token that takes three seconds, then others do not wait for it."""
    house.settings = house.settings.model_copy(update={"base_url": "https://t.example", "send_connections": 20})
    mailbox_id = connected(house)
    draft(house, mailbox_id)
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    house.provider.slow_seconds = 3.0
    commands.start(house.store, house.settings, SYSTEM, NAME)
    waits: list[float] = []

    async def ask_for_a_thread() -> None:
        while True:
            began = time.monotonic()
            await asyncio.to_thread(int)
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.02)

    async def play() -> Report:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        asking = asyncio.create_task(ask_for_a_thread())
        found = await send_until(house.store, house.settings, NAME, finished)
        asking.cancel()
        return found

    assert asyncio.run(play()).sent == len(READERS)
    assert house.provider.counts["refresh_token"] == 1
    assert max(waits) < 1.5


def test_a_campaign_comes_again_when_the_provider_wants_it_to(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.settings = house.settings.model_copy(update={"base_url": "https://t.example"})
    mailbox_id = connected(house)
    draft(house, mailbox_id)
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    house.provider.troubles.append(Trouble(429, "{}", {"Retry-After": "70"}))
    commands.start(house.store, house.settings, SYSTEM, NAME)
    rests: list[float] = []
    monkeypatch.setattr(workers.send.log, "warning", lambda _, **said: rests.append(said["again_in"]))

    async def play() -> None:
        stop = asyncio.Event()
        role = asyncio.create_task(workers.send.SendRole(house.store, house.settings, SOON).run(stop))
        async with asyncio.timeout(20):
            while not rests:
                await asyncio.sleep(0.05)
        stop.set()
        await role

    asyncio.run(play())
    assert rests[0] > 60
    assert report_of(house.store, NAME).state == "sending"


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


def test_what_a_mailbox_has_proven_ends_with_it_and_what_a_person_vouched_for_stays(either_house: House) -> None:
    """Given a server of its own in the mailbox's place, then a sender nobody answers for waits until somebody does."""
    house = either_house
    mailbox_id = connected(house)

    through_it = sender_of(house, mailbox_id)
    elsewhere = NewSender(through_it.email, "smtp://localhost:25")

    def is_verified(new: NewSender) -> bool:
        sender_id = add_sender(house.store, house.settings, SYSTEM, new)
        with house.store.database.reading() as session:
            return campaigns.sender(session, SYSTEM, sender_id).verified_at is not None

    assert is_verified(through_it)
    assert not is_verified(elsewhere)
    assert is_verified(through_it)
    assert is_verified(replace(elsewhere, vouch=True))
    assert is_verified(through_it)
    assert is_verified(elsewhere)
