"""New mail is brought over before anything else is asked of the server: nobody waits for a list of two hundred folders."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from integration.mailsync.conftest import Synced
from integration.mailsync.watched import until, watched
from mailsync import watching
from mailsync.account import open_connection
from mailsync.mailbox_sync import MailboxSync, PassReport
from storage.models import MailboxState


@asynccontextmanager
async def no_pass_ends(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The mailbox is listened to; passes that begin from now on wait for the end of the block."""
    go_on = asyncio.Event()
    go_on.set()
    passes = 0

    async def waits(sync: MailboxSync) -> PassReport:
        nonlocal passes
        await go_on.wait()
        report = await one_pass(sync)
        passes += 1
        return report

    one_pass = MailboxSync.one_pass
    monkeypatch.setattr(MailboxSync, "one_pass", waits)
    async with watched(synced.store, synced.settings, synced.mailbox_id):
        await until(lambda: synced.mailbox().state is MailboxState.LIVE and passes >= 2)
        go_on.clear()
        try:
            yield
        finally:
            go_on.set()


async def test_new_mail_is_there_before_folders_are_listed(modern: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    modern.deliver("first")
    async with no_pass_ends(modern, monkeypatch):
        modern.deliver("second")
        await until(lambda: modern.subjects() == ["first", "second"])


async def test_mail_on_the_heels_of_new_mail_comes_before_the_pass_too(
    modern: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "BREATH_SECONDS", 1.5)  # Dovecot waits half a second before it tells.
    modern.deliver("first")
    async with no_pass_ends(modern, monkeypatch):
        modern.deliver("second")
        await until(lambda: modern.subjects() == ["first", "second"])
        modern.deliver("third")
        await until(lambda: modern.subjects() == ["first", "second", "third"])


async def test_what_was_sent_is_there_before_its_answer(modern: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    modern.deliver("first")
    modern.deliver("first answer", folder="Sent")
    async with no_pass_ends(modern, monkeypatch):
        modern.deliver("question", folder="Sent")
        modern.deliver("answer")
        await until(lambda: "answer" in modern.subjects("INBOX"))
        assert modern.subjects("Sent") == ["first answer", "question"]
        assert modern.place("question").id < modern.place("answer").id


@pytest.mark.parametrize("values", [{"uidvalidity": 1}, {"newest_uid": 99}, {"chosen": False}, {"refusals": 1}])
async def test_a_folder_that_is_not_in_order_is_left_to_its_pass(modern: Synced, values: dict[str, int]) -> None:
    """Renumbered, restored, not to be loaded, or refused: a pass knows what to do, and no number is taken for what it is not."""
    modern.deliver("first")
    await asyncio.to_thread(modern.bring_up)
    modern.deliver("second")
    connection = await open_connection(modern.store, modern.settings, modern.mailbox())
    sync = MailboxSync(
        modern.store, modern.settings, connection, modern.mailbox(), lambda _: None, lambda _: None, with_news="INBOX"
    )
    try:
        with modern.store.database.unit_of_work() as session:
            folder = session.merge(modern.folder())
            before = {name: getattr(folder, name) for name in values}
            for name, value in values.items():
                setattr(folder, name, value)
        await sync.bring_news(asyncio.Event())
        assert modern.subjects() == ["first"]
        with modern.store.database.unit_of_work() as session:
            folder = session.merge(modern.folder())
            for name, value in before.items():
                setattr(folder, name, value)
        await sync.bring_news(asyncio.Event())
        assert modern.subjects() == ["first", "second"]
    finally:
        await connection.close()
