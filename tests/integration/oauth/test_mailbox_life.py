"""A mailbox that is entered by access tokens, over the real engine: it syncs, tokens end, grants are revoked."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from core.clock import utcnow
from crm.access.viewer import Viewer
from integration.mailsync.watched import SECONDS, until, watched
from integration.oauth.conftest import House
from mailsync import watching
from mailsync.imap.errors import TokenRejected
from mailsync.oauth.giving_back import give_back, held_access
from mailsync.removal import steps
from mailsync.removal.asking import ask_to_remove
from mailsync.removal.steps import remove_in_job
from servers.oauth_provider import Trouble
from storage import outbox
from storage.jobs import REMOVE_MAILBOX
from storage.models import Mailbox, MailboxState, Message, OAuthProvider, Outbox, Place, Queue
from storage.running import JobRun


def has(house: House, mailbox_id: int, subject: str) -> bool:
    query = select(Message.subject).join(Place, Place.message_id == Message.id).where(Place.mailbox_id == mailbox_id)
    with house.store.database.reading() as session:
        return subject in set(session.execute(query).scalars())


def let_the_login_end(house: House, mailbox_id: int) -> None:
    """An hour later: the token is due, and the server ends the sessions that it opened."""
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    house.provider.spoil_access_tokens(house.mailbox(mailbox_id).username)
    house.imap.doveadm("kick", house.mailbox(mailbox_id).username)


async def test_mail_goes_on_arriving_when_tokens_end_and_nobody_notices(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox_id = await asyncio.to_thread(house.connect)
    states: list[MailboxState] = []
    monkeypatch.setattr(
        watching.MailboxWatch, "_note_failure", lambda *_: states.append(house.state(mailbox_id)), raising=True
    )
    house.provider.lifetime = 2.0  # From the next refresh on.
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    async with watched(house.store, house.settings, mailbox_id):
        for number in range(3):
            await asyncio.to_thread(house.deliver, mailbox_id, f"news.{number}")
            await until(partial(has, house, mailbox_id, f"news.{number}"))
            await until(lambda: house.grant(mailbox_id).renew_at < utcnow())
            await asyncio.to_thread(let_the_login_end, house, mailbox_id)
        await asyncio.to_thread(house.deliver, mailbox_id, "last")
        await until(partial(has, house, mailbox_id, "last"))

    assert states == []
    assert house.provider.counts["refresh_token"] >= 4
    assert house.provider.counts["reused"] == 0


async def test_a_connection_lost_before_its_token_ends_is_told_as_ever(house: House) -> None:
    mailbox_id = await asyncio.to_thread(house.connect)
    async with watched(house.store, house.settings, mailbox_id):
        await until(lambda: house.state(mailbox_id) is MailboxState.LIVE)
        await asyncio.to_thread(house.imap.doveadm, "kick", house.mailbox(mailbox_id).username)
        await until(lambda: house.state(mailbox_id) is MailboxState.UNREACHABLE)
        await until(lambda: house.state(mailbox_id) is MailboxState.LIVE)
    assert house.provider.counts["refresh_token"] == 0


async def test_passes_ask_the_provider_for_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.05)
    mailbox_id = await asyncio.to_thread(house.connect)
    async with watched(house.store, house.settings, mailbox_id):
        for number in range(5):
            await asyncio.to_thread(house.deliver, mailbox_id, f"mail.{number}")
            await until(partial(has, house, mailbox_id, f"mail.{number}"))
    assert house.provider.counts["refresh_token"] == 0


async def test_a_revoked_grant_stops_the_mailbox_and_says_what_to_do(house: House) -> None:
    mailbox_id = await asyncio.to_thread(house.connect)
    house.provider.revoke(house.provider.account)
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())

    async with watched(house.store, house.settings, mailbox_id) as (_, watching_it):
        await asyncio.wait_for(asyncio.shield(watching_it), SECONDS)

    row = house.mailbox(mailbox_id)
    assert row.state is MailboxState.AUTH_FAILED
    assert "sign in again" in row.state_reason
    assert house.provider.account not in row.state_reason
    assert house.provider.counts["refresh_token"] == 1

    reconnected = await asyncio.to_thread(
        lambda: house.finish(house.browse(house.begin(house.mailbox(mailbox_id).email)))
    )
    assert reconnected.mailbox_id == mailbox_id
    async with watched(house.store, house.settings, mailbox_id):
        await until(lambda: house.state(mailbox_id) is MailboxState.LIVE)


async def test_a_provider_in_trouble_is_no_wrong_password_and_is_not_hammered(house: House) -> None:
    mailbox_id = await asyncio.to_thread(house.connect)
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    house.provider.troubles += [Trouble(503), Trouble(429, "", {"Retry-After": "30"})]

    async with watched(house.store, house.settings, mailbox_id):
        await until(lambda: house.state(mailbox_id) is MailboxState.UNREACHABLE)
        row = house.mailbox(mailbox_id)
        assert "tried again by itself" in row.state_reason
        assert row.retry_at is not None
        assert timedelta(seconds=2) < row.retry_at - utcnow() < timedelta(seconds=7)
        assert house.provider.counts["trouble"] == 1
        await until(lambda: house.state(mailbox_id) is MailboxState.THROTTLED)
        row = house.mailbox(mailbox_id)
        assert row.retry_at is not None
        assert timedelta(seconds=25) < row.retry_at - utcnow() < timedelta(seconds=40)
    assert house.provider.counts["trouble"] == 2


async def test_a_token_refused_by_the_server_is_refreshed_once_and_then_the_person_is_asked(house: House) -> None:
    mailbox_id = await asyncio.to_thread(house.connect)
    house.provider.spoil_access_tokens(house.provider.account)

    await asyncio.to_thread(house.sync, mailbox_id)
    assert house.provider.counts["refresh_token"] == 1

    house.change_username(mailbox_id, "somebody-else@example.test")
    with pytest.raises(TokenRejected, match="sign in again"):
        await asyncio.to_thread(house.sync, mailbox_id)
    assert house.provider.counts["refresh_token"] == 2


def due_removal(house: House) -> JobRun:
    """The job when its minute is over."""
    with house.store.database.unit_of_work() as session:
        session.execute(update(Outbox).where(Outbox.job == REMOVE_MAILBOX.name).values(due_at=utcnow()))
        handed = [job_id for job_id, _ in outbox.hand_out(session, list(Queue), 64)]
        (one,) = [outbox.take(session, job_id) for job_id in handed]
    return JobRun(house.store, house.settings, one)


def remove(house: House, mailbox_id: int) -> None:
    remove_in_job(due_removal(house))


@pytest.mark.parametrize("key", [OAuthProvider.GOOGLE, OAuthProvider.MICROSOFT])
def test_access_is_given_back_when_its_mailbox_is_removed(
    house: House, key: OAuthProvider, unused_tcp_port: int
) -> None:
    mailbox_id = house.connect()
    with house.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(oauth_provider=key))
    held = held_access(house.store, mailbox_id)
    ask_to_remove(house.store, Viewer.system(), mailbox_id, keep_mail=False, at_once=True)
    remove(house, mailbox_id)

    google = key is OAuthProvider.GOOGLE
    assert house.provider.counts["revoke"] == (1 if google else 0), "Microsoft has no place for that"
    assert held_access(house.store, mailbox_id) is None
    with house.store.database.reading() as session:
        assert session.get(Mailbox, mailbox_id) is None
    assert give_back(house.settings, mailbox_id, held) is google, "it has ended already"
    elsewhere = house.settings.model_copy(update={"oauth_google_revoke_url": f"http://127.0.0.1:{unused_tcp_port}/"})
    assert give_back(elsewhere, mailbox_id, held) is False, "and nobody is there"


def test_access_is_given_back_by_whoever_goes_on_with_a_removal_that_was_killed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox_id = house.connect()
    with house.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(oauth_provider=OAuthProvider.GOOGLE))
    ask_to_remove(house.store, Viewer.system(), mailbox_id, keep_mail=False, at_once=True)
    run = due_removal(house)

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(steps, "give_back", killed)
        remove_in_job(run)
    assert house.provider.counts["revoke"] == 0
    remove_in_job(run)
    assert house.provider.counts["revoke"] == 1
    with house.store.database.reading() as session:
        assert session.get(Mailbox, mailbox_id) is None


def test_a_secret_that_can_not_be_read_does_not_hold_up_a_removal(house: House) -> None:
    mailbox_id = house.connect()
    house.change_grant(mailbox_id, refresh_token_encrypted="lost-key.damaged")
    ask_to_remove(house.store, Viewer.system(), mailbox_id, keep_mail=False, at_once=True)
    remove(house, mailbox_id)
    with house.store.database.reading() as session:
        assert session.get(Mailbox, mailbox_id) is None
