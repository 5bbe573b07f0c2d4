"""A watched mailbox whose server is in trouble: it is left alone for as long as was said, and told as it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings, load_settings
from core.errors import Conflict
from crm.access.viewer import Viewer
from integration.mailsync.conftest import OURS
from loopback_mailbox import loopback_mailbox
from mailsync import repository, steering, watching
from mailsync.choices.changing import Choices, change_mailbox
from mailsync.connecting import add_mailbox
from mailsync.imap.connection import ImapConnection
from mailsync.removal.asking import ask_to_remove
from mailsync.steering import resume_mailbox
from mailsync.watching import MailboxWatch
from servers.dovecot import Dovecot
from servers.process import free_port
from storage.models import MailboxState
from storage.sessions import WriteSession
from storage.store import Store, open_store

LONG = 30.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path, allow_private_hosts=True)


@pytest.fixture
def store(settings: Settings):
    opened = open_store(settings)
    yield opened
    opened.close()


class Slammer:
    """A server that closes every connection at once, and counts them."""

    def __init__(self) -> None:
        self.calls = 0
        self.called = asyncio.Event()

    async def answer(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        self.called.set()
        writer.close()

    async def wait_for(self, calls: int, seconds: float = LONG) -> None:
        async with asyncio.timeout(seconds):
            while self.calls < calls:
                self.called.clear()
                await self.called.wait()


@asynccontextmanager
async def watched(store: Store, settings: Settings, slammer: Slammer) -> AsyncIterator[MailboxWatch]:
    server = await asyncio.start_server(slammer.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    given = loopback_mailbox(OURS, port)
    mailbox_id = await asyncio.to_thread(add_mailbox, store, settings, given, test=False)
    watch = MailboxWatch(store, settings, mailbox_id, lambda _: None, asyncio.Semaphore(1))
    stop = asyncio.Event()
    running = asyncio.create_task(watch.run(stop))
    try:
        yield watch
    finally:
        stop.set()
        await running
        server.close()


async def noted(store: Store, mailbox_id: int) -> None:
    """Until the failure is written down."""
    async with asyncio.timeout(LONG):
        while True:
            with store.database.reading() as session:
                if repository.mailbox(session, mailbox_id).state is MailboxState.UNREACHABLE:
                    return
            await asyncio.sleep(0.01)


async def test_asking_for_a_pass_shortens_one_wait_and_not_all_that_follow(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "FIRST_WAIT", LONG)
    slammer = Slammer()
    async with watched(store, settings, slammer) as watch:
        await noted(store, watch.mailbox_id)
        watch.nudged.set()
        await slammer.wait_for(2, seconds=5)
        with suppress(TimeoutError):
            await slammer.wait_for(3, seconds=2)
        assert slammer.calls == 2


async def test_who_lost_the_mailbox_says_nothing_about_it(store: Store, settings: Settings) -> None:
    """Given a process that stood still while another took over, then its dead connection is not the mailbox's state."""

    def lost(_: WriteSession) -> None:
        raise Conflict("This mailbox is worked on by another process now.")

    given = loopback_mailbox(OURS, free_port())
    mailbox_id = await asyncio.to_thread(add_mailbox, store, settings, given, test=False)
    with pytest.raises(Conflict):
        await MailboxWatch(store, settings, mailbox_id, lost, asyncio.Semaphore(1)).run(asyncio.Event())
    assert state_of(store, mailbox_id) is MailboxState.CONNECTING


async def test_a_password_that_is_given_while_the_one_before_is_refused_counts(
    store: Store, settings: Settings, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a login under way with the old password, when a person gives the right one, then it is tried."""
    given = loopback_mailbox(OURS, dovecot.port, password="the one before", username=dovecot.new_user())
    mailbox_id = await asyncio.to_thread(add_mailbox, store, settings, given, test=False)
    log_in = watching.open_connection

    async def slow(*arguments: Any, **options: Any) -> ImapConnection:
        monkeypatch.setattr(watching, "open_connection", log_in)
        change = (store, settings, Viewer.system(), mailbox_id, dovecot.password)
        try:
            return await log_in(*arguments, **options)
        finally:
            await asyncio.to_thread(steering.change_password, *change)

    monkeypatch.setattr(watching, "open_connection", slow)
    stop = asyncio.Event()
    running = asyncio.create_task(
        MailboxWatch(store, settings, mailbox_id, lambda _: None, asyncio.Semaphore(1)).run(stop)
    )
    async with asyncio.timeout(LONG):
        while not running.done() and state_of(store, mailbox_id) is not MailboxState.LIVE:
            await asyncio.sleep(0.02)
    assert state_of(store, mailbox_id) is MailboxState.LIVE
    stop.set()
    await running


def state_of(store: Store, mailbox_id: int) -> MailboxState:
    with store.database.reading() as session:
        return repository.mailbox(session, mailbox_id).state


async def test_resuming_by_hand_does_not_wait_for_the_next_try(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "FIRST_WAIT", LONG)
    before = await asyncio.to_thread(asked, store)
    async with watched(store, settings, Slammer()) as watch:
        await noted(store, watch.mailbox_id)
        await asyncio.to_thread(resume_mailbox, store, Viewer.system(), watch.mailbox_id)
        after = await asyncio.to_thread(asked, store)
    assert before == {}
    assert after[watch.mailbox_id] is not None, "the sync role nudges the watch when this changes"


def asked(store: Store) -> dict[int, datetime | None]:
    with store.database.reading() as session:
        return repository.to_be_watched(session, Viewer.system())


def test_a_new_password_does_not_end_a_pause(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    given = loopback_mailbox(OURS, 143, password="old")
    mailbox_id = add_mailbox(store, settings, given, test=False)

    async def works(*_: object) -> list[object]:
        return []

    monkeypatch.setattr(steering, "check_connection", works)
    steering.pause_mailbox(store, Viewer.system(), mailbox_id)
    steering.change_password(store, settings, Viewer.system(), mailbox_id, "new")
    assert asked(store) == {}
    resume_mailbox(store, Viewer.system(), mailbox_id)
    assert mailbox_id in asked(store)


def test_a_mailbox_that_is_removed_meanwhile_gets_no_new_password_and_no_other_choices(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = loopback_mailbox(OURS, 143, password="old")
    mailbox_id = add_mailbox(store, settings, given, test=False)

    async def is_removed_meanwhile(*_: object) -> list[object]:
        ask_to_remove(store, Viewer.system(), mailbox_id, keep_mail=True)
        return []

    def password() -> str:
        with store.database.reading() as session:
            return repository.mailbox(session, mailbox_id).password_encrypted

    monkeypatch.setattr(steering, "check_connection", is_removed_meanwhile)
    before = password()
    with pytest.raises(Conflict, match="being removed"):
        steering.change_password(store, settings, Viewer.system(), mailbox_id, "new")
    with pytest.raises(Conflict, match="being removed"):
        change_mailbox(store, Viewer.system(), mailbox_id, Choices(name="Sales"))
    assert password() == before
