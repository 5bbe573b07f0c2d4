"""The life of a mailbox over connections that stay open: mail after mail arrives, whatever folder was open before."""

from functools import partial
from typing import Any

import pytest

from integration.imap.dovecot_mailbox import opened
from integration.mailsync.conftest import letter
from integration.mailsync.watched import until, watched
from mailsync import listening, repository, watching
from mailsync.account import open_connection
from mailsync.imap import failures, notify
from mailsync.imap.connection import ImapConnection
from mailsync.mailbox_sync import MailboxSync
from mailsync.presets import Limits
from storage.models import MailboxState


def is_newest(synced, folder: str, subject: str) -> bool:
    return synced.subjects(folder)[-1] == subject


def has(synced, folder: str, subject: str) -> bool:
    return subject in synced.subjects(folder)


def folders(synced) -> list[str]:
    with synced.store.database.reading() as session:
        return [row.name for row in repository.folders(session, synced.mailbox_id)]


async def test_mail_after_mail_arrives(synced, monkeypatch: pytest.MonkeyPatch) -> None:
    if "IDLE" in synced.server.without:
        monkeypatch.setattr(watching, "POLL_SECONDS", 0.2)
    synced.deliver("first")
    async with watched(synced.store, synced.settings, synced.mailbox_id):
        await until(lambda: synced.mailbox().state is MailboxState.LIVE)
        for number in range(4):
            synced.deliver(f"news {number}")
            await until(partial(is_newest, synced, "INBOX", f"news {number}"))


async def test_mail_to_other_folders_arrives_with_the_next_pass(synced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.2)
    synced.deliver("first", folder="Projects")
    async with watched(synced.store, synced.settings, synced.mailbox_id):
        await until(lambda: synced.mailbox().state is MailboxState.LIVE)
        for number in range(3):
            synced.deliver(f"plan {number}", folder="Projects")
            await until(partial(is_newest, synced, "Projects", f"plan {number}"))


async def test_a_server_with_notify_tells_of_other_folders_at_once(modern) -> None:
    server, user = modern.server, modern.user
    async with watched(modern.store, modern.settings, modern.mailbox_id), opened(server, user) as another:
        await until(lambda: modern.mailbox().state is MailboxState.LIVE)
        await another.create("Projects")
        await until(lambda: "Projects" in folders(modern))
        await another.append("Projects", letter("plan"))
        await until(partial(has, modern, "Projects", "plan"))


async def test_much_news_of_other_folders_is_looked_at_now_and_then(modern, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []
    one_pass = MailboxSync.one_pass

    async def counted(sync: MailboxSync) -> object:
        passes.append(sync)
        return await one_pass(sync)

    monkeypatch.setattr(MailboxSync, "one_pass", counted)
    monkeypatch.setattr(listening, "ELSEWHERE_SECONDS", 3600.0)
    server, user = modern.server, modern.user
    async with watched(modern.store, modern.settings, modern.mailbox_id), opened(server, user) as another:
        await until(lambda: modern.mailbox().state is MailboxState.LIVE)
        for number in range(20):
            await another.create(f"Projects {number}")
        told = len(passes)
        modern.deliver("urgent")
        await until(partial(has, modern, "INBOX", "urgent"))
    assert told <= 4, "the first, the one after IDLE began, and those for what was heard before these"


@pytest.mark.parametrize("refusal", ["[LIMIT] Too many mailboxes", "[NOPERM] Not here", "[UNAVAILABLE] Later"])
async def test_notify_that_is_refused_in_ordinary_words_stops_nothing(modern, monkeypatch, refusal: str) -> None:
    run = ImapConnection.run

    async def refusing(connection: ImapConnection, name: str, *arguments: Any, **options: Any) -> object:
        if name == "NOTIFY":
            raise failures.refusal(name, refusal.encode())
        return await run(connection, name, *arguments, **options)

    monkeypatch.setattr(ImapConnection, "run", refusing)
    modern.deliver("first")
    async with watched(modern.store, modern.settings, modern.mailbox_id):
        await until(lambda: modern.mailbox().state is MailboxState.LIVE)
        modern.deliver("second")
        await until(partial(is_newest, modern, "INBOX", "second"))
        assert modern.mailbox().state is MailboxState.LIVE


async def test_a_server_that_refuses_notify_is_listened_to_without(modern, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "_MESSAGES", "NoSuchEvent")  # Dovecot says BAD, which costs the connection, too.
    monkeypatch.setattr(watching, "FIRST_WAIT", 0.1)
    modern.deliver("first")
    async with watched(modern.store, modern.settings, modern.mailbox_id):
        await until(lambda: modern.mailbox().state is MailboxState.LIVE)
        modern.deliver("second")
        await until(partial(is_newest, modern, "INBOX", "second"))


async def test_a_server_that_lets_no_second_connection_in_is_polled(crowded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.2)
    crowded.deliver("first")
    async with watched(crowded.store, crowded.settings, crowded.mailbox_id):
        await until(lambda: "Maximum number of connections" in crowded.server.log())
        crowded.deliver("second")
        await until(partial(is_newest, crowded, "INBOX", "second"))
        assert crowded.mailbox().state is MailboxState.LIVE


async def test_idle_ends_when_the_provider_is_known_to_end_it(modern, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "limits_of", {modern.mailbox().imap_host: Limits(idle_seconds=0.1)}.__getitem__)
    asked = []
    idle = ImapConnection.idle

    def noted(connection: ImapConnection, timeout: float) -> object:
        asked.append(timeout)
        return idle(connection, timeout)

    monkeypatch.setattr(ImapConnection, "idle", noted)
    async with watched(modern.store, modern.settings, modern.mailbox_id):
        await until(lambda: len(asked) >= 3)
    assert all(0.08 <= one <= 0.1 for one in asked), asked
    assert len(set(asked)) > 1, "thousands that began together do not begin anew together"


async def test_what_came_before_idle_began_is_not_left_for_the_next_poll(
    modern, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the end of a pass and the beginning of IDLE nobody listens."""
    select = ImapConnection.select

    async def deliver_first(connection: ImapConnection, *arguments: Any, **options: Any) -> object:
        if not options:  # The live connection's.
            modern.deliver("in between")
        return await select(connection, *arguments, **options)

    monkeypatch.setattr(ImapConnection, "select", deliver_first)
    async with watched(modern.store, modern.settings, modern.mailbox_id):
        await until(lambda: modern.subjects() == ["in between"])


async def test_passes_over_one_connection_see_what_is_new(synced) -> None:
    connection = await open_connection(synced.store, synced.settings, synced.mailbox())
    sync = MailboxSync(
        synced.store, synced.settings, connection, synced.mailbox(), lambda _: None, on_stored=lambda _: None
    )
    try:
        for number in range(3):
            synced.deliver(f"news {number}")
            await sync.one_pass()
            assert synced.subjects() == [f"news {earlier}" for earlier in range(number + 1)]
    finally:
        await connection.close()


async def test_leaving_a_folder_removes_nothing(synced) -> None:
    synced.deliver("to go", flags="T")
    connection = await open_connection(synced.store, synced.settings, synced.mailbox())
    try:
        await connection.leave_folder()
        for read_only in (True, False):
            await connection.select("INBOX", read_only=read_only)
            await connection.leave_folder()
            assert (await connection.status("INBOX")).messages == 1
    finally:
        await connection.close()
