"""The client waits for news on a real server: by IDLE, by NOOP where there is none, and for one that dies."""

import asyncio
import socket
import time
from collections.abc import Callable

import pytest

from integration.imap.dovecot_mailbox import MAIL, at, mails, opened
from mailsync.imap.connection import connect
from mailsync.imap.errors import (
    ConnectionLost,
    NotOffered,
)
from mailsync.imap.events import Exists, Expunged, FlagsChanged, OtherFolder, Vanished
from mailsync.imap.server import Password, Security
from mailsync.imap.uidset import UidSet
from servers.dovecot import Dovecot


async def test_idle_hears_new_mail_flags_and_deletions_at_once(dovecot):
    user = dovecot.new_user()
    dovecot.fill(user, mails(2))
    async with opened(dovecot, user) as waiting, opened(dovecot, user) as other:
        await waiting.select("INBOX")
        await other.select("INBOX", read_only=False)

        async with waiting.idle(20) as events:
            started = time.monotonic()
            await other.append("INBOX", MAIL % (9, 9, 9))
            assert await anext(events) == Exists(3)
            assert time.monotonic() - started < 3
            await other.store_flags([1], add=["\\Flagged"])
            changed = await anext(events)
            while not isinstance(changed, FlagsChanged) or "\\Flagged" not in changed.flags:
                changed = await anext(events)
            await other.store_flags([2], add=["\\Deleted"])
            await other.expunge([2])
            gone = await anext(events)
            while not isinstance(gone, Vanished):
                gone = await anext(events)
            assert list(gone.uids) == [2]

        assert await waiting.uid_search() == [1, 3]


async def test_idle_ends_at_its_time_and_lets_the_next_command_through(dovecot, plain_dovecot):
    async with opened(dovecot, dovecot.new_user()) as connection:
        await connection.select("INBOX")
        started = time.monotonic()
        async with connection.idle(0.3) as events:
            searching = asyncio.create_task(connection.uid_search())
            assert [event async for event in events] == []
        assert 0.25 < time.monotonic() - started < 3
        assert await searching == []

    async with opened(plain_dovecot, plain_dovecot.new_user()) as connection:
        await connection.select("INBOX")
        with pytest.raises(NotOffered):
            async with connection.idle(1):
                pass


async def test_noop_brings_news_without_idle(any_dovecot):
    user = any_dovecot.new_user()
    any_dovecot.fill(user, mails(1))
    async with opened(any_dovecot, user) as connection, opened(any_dovecot, user) as other:
        await connection.select("INBOX")
        await other.select("INBOX", read_only=False)
        await other.append("INBOX", MAIL % (2, 2, 2))
        assert Exists(2) in await connection.noop()
        await other.store_flags([1], add=["\\Deleted"])
        await other.run("EXPUNGE")
        news = await connection.noop()
        assert Expunged(1) in news or Vanished(UidSet.of([1])) in news


async def test_one_that_asked_for_it_hears_of_all_folders(dovecot, plain_dovecot):
    user = dovecot.new_user()
    dovecot.fill(user, mails(1))
    async with opened(dovecot, user) as waiting, opened(dovecot, user) as other:
        await other.create("Projects")
        await waiting.select("INBOX")
        assert await waiting.notify()
        async with waiting.idle(20) as events:
            await other.append("Projects", MAIL % (9, 9, 9))
            assert await anext(events) == OtherFolder()
            await other.append("INBOX", MAIL % (8, 8, 8))
            while await anext(events) != Exists(2):
                pass
            await other.select("Projects", read_only=False)
            await other.store_flags([1], add=["\\Flagged"])
            assert await anext(events) == OtherFolder()
            await other.create("Plans")
            assert await anext(events) == OtherFolder()

    async with opened(plain_dovecot, plain_dovecot.new_user()) as connection:
        await connection.select("INBOX")
        assert not await connection.notify()


async def test_answers_about_folders_are_no_news_for_who_asked(dovecot):
    user = dovecot.new_user()
    async with opened(dovecot, user) as connection:
        await connection.create("Projects")
        await connection.status("Projects")
        await connection.statuses(["INBOX", "Projects"])
        await connection.list_folders()
        assert connection.take_events() == []


async def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for a fact, with a deadline."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)


async def test_a_server_that_crashes_ends_idle_and_says_so():
    with Dovecot() as server:
        user = server.new_user()
        connection = await connect(at(server), Password(user, server.password))
        await connection.select("INBOX")
        started = time.monotonic()
        with pytest.raises(ConnectionLost):
            async with connection.idle(60) as events:
                server.kill()
                async for _ in events:
                    pass
        assert time.monotonic() - started < 10
        await until(lambda: not connection.usable)
        await connection.close()


async def test_a_line_that_dies_is_noticed_by_the_kernel(dovecot: Dovecot) -> None:
    """IDLE is renewed every nine minutes only: what died before is found out by TCP, encrypted or not."""
    for security in (Security.NONE, Security.STARTTLS, Security.TLS):
        async with opened(dovecot, dovecot.new_user(), security=security) as connection:
            line = connection._protocol.transport.get_extra_info("socket")
            assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            times = [
                line.getsockopt(socket.IPPROTO_TCP, option)
                for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            ]
            assert times[0] + times[1] * times[2] <= 120, "seconds until both connections are opened again"
