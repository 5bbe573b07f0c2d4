"""A mailbox in which nothing moves costs one command a look, and none of what moves is overlooked for it."""

import asyncio
import imaplib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from core.clock import utcnow
from core.config import load_settings
from integration.mailsync.conftest import Synced
from integration.mailsync.watched import until, watched
from mailsync import repository, watching
from mailsync.account import open_connection
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.imap.connection import ImapConnection
from mailsync.mailbox_sync import MailboxSync
from mailsync.repository.gaps import open_gaps
from mailsync.stillness import Stillness
from storage.models import MailboxState
from storage.store import Store
from workers import sync
from workers.sync import SyncRole

SECONDS = 20.0


@asynccontextmanager
async def settled(synced: Synced) -> AsyncIterator[tuple[Stillness, ImapConnection]]:
    """Two mails and a folder, passes until nothing is left to do, and what the last of them makes of it."""
    synced.deliver("first", "second")
    synced.deliver("third", folder="Projects")
    stillness = Stillness()
    connection = await open_connection(synced.store, synced.settings, synced.mailbox())
    try:
        await passes(synced, connection, stillness)
        yield stillness, connection
    finally:
        await connection.close()


async def passes(synced: Synced, connection: ImapConnection, stillness: Stillness) -> None:
    for _ in range(3):
        await a_pass(synced, connection, stillness)


async def a_pass(synced: Synced, connection: ImapConnection, stillness: Stillness) -> None:
    sync = MailboxSync(
        synced.store, synced.settings, connection, synced.mailbox(), lambda _: None, lambda _: None, stillness=stillness
    )
    await sync.one_pass()


@contextmanager
def other_client(synced: Synced) -> Iterator[imaplib.IMAP4]:
    """The person's own mail program."""
    with imaplib.IMAP4(synced.server.host, synced.server.port) as client:
        client.login(synced.user, synced.server.password)
        yield client


def flags(synced: Synced) -> None:
    with other_client(synced) as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "\\Flagged")


def expunges(synced: Synced) -> None:
    with other_client(synced) as client:
        client.select("Projects")
        client.store("1", "+FLAGS", "\\Deleted")
        client.expunge()


def makes_a_folder(synced: Synced) -> None:
    with other_client(synced) as client:
        client.create("Clients")


def renames_a_folder(synced: Synced) -> None:
    with other_client(synced) as client:
        client.rename("Projects", "Clients")


def is_sent_mail(synced: Synced) -> None:
    synced.deliver("news", folder="Projects")


@pytest.mark.parametrize("changes", [flags, expunges, makes_a_folder, renames_a_folder, is_sent_mail])
async def test_stillness_lasts_until_anything_moves(modern: Synced, changes: Callable[[Synced], None]) -> None:
    async with settled(modern) as (stillness, connection):
        assert await stillness.lasts(connection)
        assert await stillness.lasts(connection)
        await asyncio.to_thread(changes, modern)
        assert not await stillness.lasts(connection)
        async with asyncio.timeout(SECONDS):
            while not await stillness.lasts(connection):
                await a_pass(modern, connection, stillness)


async def test_what_is_to_be_asked_for_again_is_not_left_lying(modern: Synced) -> None:
    async with settled(modern) as (stillness, connection):
        folder_id = modern.folder().id
        with modern.store.database.unit_of_work() as session:
            open_gaps(session, folder_id, [2], "The server did not give this message.")
            open_gaps(session, folder_id, [2], "The server did not give this message.")  # Not due for a minute.
        await a_pass(modern, connection, stillness)
        assert not await stillness.lasts(connection)


async def test_a_server_that_can_not_tell_it_is_looked_through_every_time(synced: Synced) -> None:
    async with settled(synced) as (stillness, connection):
        assert await stillness.lasts(connection) == ("LIST-STATUS" not in synced.server.without)


async def test_an_open_folder_may_hide_what_moved(modern: Synced) -> None:
    async with settled(modern) as (stillness, connection):
        await connection.select("INBOX")
        assert not await stillness.lasts(connection)


async def test_the_store_is_asked_again_after_a_while(modern: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailsync.stillness.TRUSTED_SECONDS", 0.0)
    async with settled(modern) as (stillness, connection):
        assert not await stillness.lasts(connection)


async def test_a_pass_that_finds_nothing_costs_two_commands_a_folder_at_most(
    synced: Synced, commands: list[str]
) -> None:
    """And yet sees what came, and what went while something else came."""
    async with settled(synced) as (stillness, connection):
        commands.clear()
        await a_pass(synced, connection, stillness)
        with synced.store.database.reading() as session:
            folders = len(repository.folders(session, synced.mailbox_id))
        assert len(commands) <= (1 + 2 * folders if "CONDSTORE" in synced.server.without else 1)
        await asyncio.to_thread(expunges, synced)
        synced.deliver("fourth", folder="Projects")
        async with asyncio.timeout(SECONDS):
            while synced.subjects("Projects") != ["fourth"]:
                await a_pass(synced, connection, stillness)


async def test_idle_mailboxes_are_seen_to_be_in_step_and_cost_one_command(
    modern: Synced, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(sync, "NOTED_EVERY", 0.0)
    monkeypatch.setattr(sync, "LOOK_SECONDS", 0.05)
    modern.deliver("first", folder="Projects")

    def is_in_step_again(since: object) -> bool:
        return modern.mailbox().last_pass_at > since

    stop = asyncio.Event()
    role = asyncio.create_task(SyncRole(modern.store, modern.settings).run(stop))
    try:
        await until(lambda: modern.mailbox().state is MailboxState.LIVE)
        await until(lambda: commands[-3:] == ["LIST"] * 3)  # Nothing else between two looks.
        looked = modern.folder().last_pass_at
        await until(partial(is_in_step_again, modern.mailbox().last_pass_at))
        assert set(commands[-3:]) == {"LIST"}
        assert modern.folder().last_pass_at == looked
        modern.deliver("news", folder="Projects")
        await until(lambda: modern.subjects("Projects") == ["first", "news"])
    finally:
        stop.set()
        await asyncio.wait_for(role, SECONDS)


async def test_who_is_told_of_every_folder_asks_half_as_often(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.2)
    pauses: list[float] = []
    wait = watching.first_of

    async def noted(seconds: float | None, *events: asyncio.Event) -> None:
        pauses.append(seconds or 0)
        await wait(seconds, *events)

    monkeypatch.setattr(watching, "first_of", noted)
    async with watched(synced.store, synced.settings, synced.mailbox_id):
        await until(lambda: len(pauses) >= 3)
    pause = 0.2 if "NOTIFY" in synced.server.without else 0.4
    assert all(0.94 * pause < one < 1.06 * pause for one in pauses), pauses
    assert len(set(pauses)) > 1, "mailboxes that began together part"


def test_only_live_mailboxes_are_noted_and_never_back_in_time(store: Store, tmp_path: Path) -> None:
    given = NewMailbox("sales@ourhouse.example", "secret", imap_host="imap.ourhouse.example")
    mailbox_id, now = add_mailbox(store, load_settings(data_dir=tmp_path), given, test=False), utcnow()

    def noted(at: datetime) -> datetime | None:
        with store.database.unit_of_work() as session:
            repository.note_quiet_passes(session, {mailbox_id: at})
        with store.database.reading() as session:
            return repository.mailbox(session, mailbox_id).last_pass_at

    with store.database.unit_of_work() as session:
        repository.set_state(session, mailbox_id, MailboxState.LIVE)
        repository.note_pass(session, mailbox_id, now, per_minute=None)
    assert noted(now - timedelta(minutes=1)) == now
    assert noted(now + timedelta(minutes=1)) == now + timedelta(minutes=1)
    with store.database.unit_of_work() as session:
        repository.set_state(session, mailbox_id, MailboxState.UNREACHABLE, "The server is away.")
    assert noted(now + timedelta(minutes=2)) == now + timedelta(minutes=1)
