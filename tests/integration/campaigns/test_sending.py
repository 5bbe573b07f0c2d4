"""Whole campaigns against real SMTP servers: everybody is accounted for, on both databases."""

import asyncio
import re
from collections import Counter

import pytest
from sqlalchemy import select, update

from campaigns import commands
from campaigns.repository import tracking
from campaigns.repository.suppression import suppress, suppressions
from core.config import Settings
from core.errors import Conflict
from seeds.campaign import NAME, SYSTEM, finished, report_of, seed_campaign, send_until
from servers.mail_catcher import CaughtMail, MailCatcher
from servers.smtp_sink import SmtpSink
from storage.models import Contact, Recipient
from storage.store import Store


async def test_everybody_gets_exactly_one_mail_with_their_own_words(
    store: Store, settings: Settings, smtp_catcher: MailCatcher
) -> None:
    addresses = [f"person{n}@example.org" for n in range(60)]
    seed_campaign(store, settings, smtp_catcher.port, addresses)
    with store.database.unit_of_work() as session:
        noted = update(Contact).where(Contact.name == "Person 8").values(first_name="Anna\nMaria")
        noted_id = session.execute(noted.returning(Contact.id)).scalar_one()

    commands.start(store, settings, SYSTEM, NAME)
    found = await send_until(store, settings, NAME, finished)

    assert (found.audience, found.sent, found.pending) == (60, 60, 0)
    assert Counter(mail.rcpt_tos[0] for mail in smtp_catcher.mails) == Counter(addresses)
    mail = next(mail for mail in smtp_catcher.mails if mail.rcpt_tos == ("person7@example.org",)).message
    assert mail["subject"] == "Spring, Person"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    html = mail.get_body(("html",)).get_content()
    assert "Dear Person," in html
    assert len(re.findall(r"https://t\.example/c/[\w-]+\.[12]\"", html)) == 2
    assert "shop.example" not in html, "links lead through us"

    known = next(mail for mail in smtp_catcher.mails if mail.rcpt_tos == ("person8@example.org",)).message
    assert known["subject"] == "Spring, Anna Maria", "as a single mail greets them"
    assert "Dear Anna Maria," in known.get_body(("html",)).get_content()
    with store.database.reading() as session:
        recipient_id = session.execute(select(Recipient.id).where(Recipient.contact_id == noted_id)).scalar_one()
        reader = tracking.reader(session, SYSTEM, recipient_id)
    assert reader is not None
    assert reader.first_name == "Anna\nMaria"


async def test_who_is_left_out_is_a_row_with_the_reason(
    store: Store, settings: Settings, smtp_catcher: MailCatcher
) -> None:
    usable = ["a@example.org", "b@example.org"]
    left_out = ["A@example.org", "", "no address", "x@mailinator.com", "gone@example.org"]
    seed_campaign(store, settings, smtp_catcher.port, [*usable, *left_out])
    with store.database.unit_of_work() as session:
        suppress(session, ["gone@example.org"], "by_hand", None)

    commands.start(store, settings, SYSTEM, NAME)
    found = await send_until(store, settings, NAME, finished)

    assert found.adds_up
    assert (found.audience, found.sent, found.skipped) == (7, 2, 5)
    assert found.skipped_reasons == {
        "disposable": 1, "duplicate": 1, "invalid_address": 1, "no_address": 1, "suppressed": 1,
    }  # fmt: skip


async def test_refusals_are_told_apart(store: Store, settings: Settings, smtp_catcher: MailCatcher) -> None:
    smtp_catcher.refuse = {
        "gone@example.org": "550 5.1.1 No such user here",
        "strict@example.org": "554 5.7.1 Message rejected because of policy",
    }
    refused = ["gone@example.org", "strict@example.org", "late@example.org"]
    seed_campaign(store, settings, smtp_catcher.port, ["fine@example.org", *refused])
    smtp_catcher.refuse["late@example.org"] = "451 4.7.1 Greylisted, come again"

    commands.start(store, settings, SYSTEM, NAME)
    waiting = await send_until(store, settings, NAME, lambda found: found.sent == 1 and found.failed == 2)
    assert (waiting.state, waiting.pending, waiting.bounced) == ("sending", 1, 1)
    del smtp_catcher.refuse["late@example.org"]
    found = await send_until(store, settings, NAME, finished)

    assert (found.sent, found.failed, found.bounced) == (2, 2, 1)
    assert found.failed_reasons["userunknown"] == 1
    with store.database.reading() as session:
        keys = [row.key for row in suppressions(session, SYSTEM)]
    assert keys == ["gone@example.org"], "only the address that does not exist is not written to again"


async def test_a_paused_campaign_sends_nothing_and_a_cancelled_one_never_will(
    store: Store, settings: Settings, smtp_sink: SmtpSink
) -> None:
    seed_campaign(store, settings, smtp_sink.port, [f"p{n}@example.org" for n in range(3000)])
    commands.start(store, settings, SYSTEM, NAME)

    await send_until(store, settings, NAME, lambda found: found.sent > 0)
    commands.pause(store, SYSTEM, NAME)
    paused = report_of(store, NAME)
    assert 0 < paused.sent < 3000
    assert (await send_until(store, settings, NAME, lambda found: found.state == "paused")).sent == paused.sent

    commands.cancel(store, SYSTEM, NAME)
    found = await send_until(store, settings, NAME, lambda found: found.pending == 0)
    assert found.adds_up
    assert found.skipped_reasons == {"cancelled": 3000 - found.sent - found.in_doubt}
    with pytest.raises(Conflict):
        commands.resume(store, SYSTEM, NAME)


async def test_a_server_that_takes_nothing_stops_the_campaign_and_costs_nobody_a_try(
    store: Store, settings: Settings
) -> None:
    with MailCatcher(login=("somebody", "secret")) as closed:
        seed_campaign(store, settings, closed.port, [f"p{n}@example.org" for n in range(40)])
        commands.start(store, settings, SYSTEM, NAME)
        stopped = await send_until(store, settings, NAME, lambda found: found.state == "stopped")
    assert "530" in stopped.state_reason
    assert (stopped.sent, stopped.failed, stopped.in_doubt, stopped.pending) == (0, 0, 0, 40)


async def test_a_daily_limit_in_the_midst_stops_the_campaign_and_gives_nobody_up(
    store: Store, settings: Settings
) -> None:
    """Given a provider that takes twelve mails a day and says so behind the mail, then resuming a day later reaches the rest."""
    taken: list[str] = []
    limits = [12]

    def answer(mail: CaughtMail) -> str:
        if len(taken) >= limits[-1]:
            return "550 5.4.5 Daily user sending limit exceeded. - gsmtp"
        taken.append(mail.rcpt_tos[0])
        return "250 2.0.0 OK"

    with MailCatcher(answer_data=answer) as provider:
        seed_campaign(store, settings, provider.port, [f"p{n}@example.org" for n in range(60)])
        commands.start(store, settings, SYSTEM, NAME)
        stopped = await send_until(store, settings, NAME, lambda found: found.state == "stopped")
        assert (stopped.sent, stopped.failed, stopped.pending) == (12, 0, 48)
        assert "sending limit is reached" in stopped.state_reason

        limits.append(1_000)
        commands.resume(store, SYSTEM, NAME)
        found = await send_until(store, settings, NAME, finished)
    assert (found.sent, found.failed) == (60, 0)
    assert Counter(taken) == Counter(f"p{n}@example.org" for n in range(60))


async def test_a_server_that_is_away_is_waited_for(store: Store, settings: Settings) -> None:
    back = MailCatcher()
    seed_campaign(store, settings, back.port, ["a@example.org", "b@example.org"])
    commands.start(store, settings, SYSTEM, NAME)

    waiting = await send_until(store, settings, NAME, lambda found: found.retry_reasons != {})
    assert (waiting.state, waiting.pending, waiting.retry_reasons) == ("sending", 2, {"server_unreachable": 2})
    with back:
        found = await send_until(store, settings, NAME, finished)

    assert (found.sent, found.in_doubt, found.failed) == (2, 0, 0)


async def test_a_server_that_dies_in_the_middle_leaves_few_doubts_and_nobody_behind(
    store: Store, settings: Settings
) -> None:
    first, second = MailCatcher(), MailCatcher()
    second.port = first.port
    addresses = [f"p{n}@example.org" for n in range(2_000)]
    seed_campaign(store, settings, first.port, addresses)
    commands.start(store, settings, SYSTEM, NAME)
    with first:
        sending = asyncio.create_task(
            send_until(store, settings, NAME, lambda found: found.retry_reasons.get("server_unreachable", 0) > 0)
        )
        await asyncio.to_thread(first.wait_for, 300)
    broken = await sending
    with second:
        found = await send_until(store, settings, NAME, finished)

    assert broken.in_doubt <= 2 * settings.send_connections
    assert found.adds_up
    delivered = Counter(mail.rcpt_tos[0] for mail in [*first.mails, *second.mails])
    doubtful = {one.address for one in found.doubtful}
    assert max(delivered.values()) == 1
    assert set(addresses) - delivered.keys() <= doubtful
    assert found.sent + found.in_doubt == 2_000
