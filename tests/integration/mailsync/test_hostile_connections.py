"""Servers that end, refuse or hang connections: the mailbox says so in words, waits as it was told, and catches up.

`MailboxWatch` runs over a scripted server that holds mail, while another mailbox beside it goes on. Which known failure
each line comes from: docs/tested-against.md.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from core.clock import utcnow
from core.config import load_settings
from integration.mailsync.hostile_account import Call, HostileAccount, Spell, World, hostile_world, impatiently
from integration.mailsync.watched import until, watched
from mailsync import account, watching
from mailsync.presets import Limits
from mailsync.watching import FIRST_WAIT, MailboxWatch
from storage.models import MailboxState

BYE = b"* BYE Too much for today\r\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "imap_server", impatiently(account.imap_server))
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.2)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    settings = load_settings(data_dir=tmp_path, allow_private_hosts=True)
    async with hostile_world(settings, HostileAccount()) as made:
        made.account.deliver("one", "two", "three", "four", "five")
        yield made


@asynccontextmanager
async def running(world: World) -> AsyncIterator[MailboxWatch]:
    async with watched(world.synced.store, world.synced.settings, world.synced.mailbox_id) as (watch, _):
        yield watch


def tagged(line: bytes) -> Spell:
    async def spell(call: Call) -> None:
        await call.say(line)

    return spell


def last_words(line: bytes) -> Spell:
    async def spell(call: Call) -> None:
        await call.peer.send(line)
        call.peer.writer.close()

    return spell


async def hang_up(call: Call) -> None:
    call.peer.drop()


async def half_an_answer(call: Call) -> None:
    await call.peer.send(call.answer[: len(call.answer) // 2])
    call.peer.drop()


async def silence(call: Call) -> None:
    await asyncio.Event().wait()


BACKOFF = b"Request is throttled. Suggested Backoff Time: 120000 milliseconds"
LOST, LIMITED = "connection to the IMAP server was lost", "provider limits this mailbox"
TROUBLE: dict[str, tuple[str, Spell, MailboxState, str]] = {
    "BYE at login": ("LOGIN", last_words(BYE), MailboxState.UNREACHABLE, LOST),
    "hung up at login": ("LOGIN", hang_up, MailboxState.UNREACHABLE, LOST),
    "unavailable at login": ("LOGIN", tagged(b"NO [UNAVAILABLE] later"), MailboxState.UNREACHABLE, "not available"),
    "throttled at login": ("LOGIN", tagged(b"NO " + BACKOFF), MailboxState.THROTTLED, LIMITED),
    "wrong password": ("LOGIN", tagged(b"NO [AUTHENTICATIONFAILED] no"), MailboxState.AUTH_FAILED, "enter them again"),
    "throttled with BAD": ("UID FETCH", tagged(b"BAD " + BACKOFF), MailboxState.THROTTLED, LIMITED),
    "throttled with BYE": ("UID SEARCH", last_words(b"* BYE " + BACKOFF + b"\r\n"), MailboxState.THROTTLED, LIMITED),
    "over quota": ("UID FETCH", tagged(b"NO [OVERQUOTA] Account exceeded command or bandwidth limits."),
                   MailboxState.THROTTLED, LIMITED),
    "throttled folder": ("EXAMINE", tagged(b"NO [THROTTLED] slow down"), MailboxState.THROTTLED, LIMITED),
    "limit": ("LIST", tagged(b"NO [LIMIT] too often"), MailboxState.THROTTLED, LIMITED),
    "not connected": ("EXAMINE", tagged(b"BAD User is authenticated but not connected."),
                      MailboxState.UNREACHABLE, "not available"),
    "cut in a literal": ("UID FETCH", half_an_answer, MailboxState.UNREACHABLE, LOST),
    "silence": ("STATUS", silence, MailboxState.UNREACHABLE, "did not answer within"),
    "garbage": ("STATUS", last_words(b"\x00\xff nothing like IMAP\r\n"), MailboxState.UNREACHABLE, "understood as IMAP"),
}  # fmt: skip


TOLD_TO_WAIT = {"throttled at login", "throttled with BAD", "throttled with BYE"}


async def test_every_trouble_is_told_as_it_is_and_the_neighbours_go_on(world: World) -> None:
    """A mailbox for each, side by side in one store; the one of the fixture has no trouble. The same mail is in all."""
    troubled = {}
    async with AsyncExitStack() as servers, AsyncExitStack() as watches:
        await watches.enter_async_context(running(world))
        for name, (command, spell, _, _) in TROUBLE.items():
            server = HostileAccount()
            server.deliver("one", "two", "three")
            server.spells[command] = spell
            email = f"{name.replace(' ', '.')}@ourhouse.example"
            beside = hostile_world(world.synced.settings, server, email, world.synced.store)
            other = await servers.enter_async_context(beside)
            troubled[name] = other, await watches.enter_async_context(running(other))
        for name, (other, _) in troubled.items():
            _, _, state, words = TROUBLE[name]
            await until(lambda other=other, state=state: other.synced.mailbox().state is state)
            mailbox = other.synced.mailbox()
            assert words in mailbox.state_reason, name
            if name in TOLD_TO_WAIT:
                assert mailbox.retry_at is not None
                assert 60 < (mailbox.retry_at - utcnow()).total_seconds() <= 120
        world.account.deliver("in the midst of it")
        await until(lambda: world.stored() == world.on_the_server())
        for other, watch in troubled.values():
            other.account.spells.clear()
            watch.nudged.set()
        for name, (other, _) in troubled.items():
            if TROUBLE[name][2] is not MailboxState.AUTH_FAILED:  # That one waits for a person.
                await until(lambda other=other: other.synced.mailbox().state is MailboxState.LIVE)
                assert other.synced.mailbox().state_reason == ""
        await watches.aclose()
        for other, _ in troubled.values():
            assert await other.is_in_step(rounds=1)


async def test_a_server_that_lets_in_and_hangs_up_is_left_alone_longer_each_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a connection that lived for five minutes begins the waiting anew: else such a server would be hammered."""
    loop = asyncio.get_running_loop()
    ahead, clock = [0.0], loop.time
    monkeypatch.setattr(loop, "time", lambda: clock() + ahead[0])
    monkeypatch.setattr(watching, "jittered", lambda seconds, *_: seconds)
    lives = iter([1.0, 1.0, 1.0, 299.0, 301.0, 1.0, 1.0])
    waits: list[float] = []
    stop = asyncio.Event()

    async def lives_for_a_while(call: Call) -> None:
        ahead[0] += next(lives)
        call.peer.drop()

    async def wait(seconds: float, *_: asyncio.Event) -> None:
        waits.append(seconds)
        if len(waits) == 7:
            stop.set()

    world.account.spells["LIST"] = lives_for_a_while
    monkeypatch.setattr(watching, "first_of", wait)
    watch = MailboxWatch(
        world.synced.store, world.synced.settings, world.synced.mailbox_id, lambda _: None, asyncio.Semaphore(1)
    )
    await asyncio.wait_for(watch.run(stop), 60)
    assert waits == [FIRST_WAIT * factor for factor in (1, 2, 4, 8, 1, 2, 4)]


async def test_an_idle_that_died_silently_is_found_out_and_begun_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a line on which nothing comes any more, as behind a NAT that forgot it, then news arrives all the same."""
    monkeypatch.setattr(watching, "limits_of", lambda _: Limits(idle_seconds=0.3))
    monkeypatch.setattr(watching, "POLL_SECONDS", 600.0)
    monkeypatch.setattr(watching, "FIRST_WAIT", 0.05)
    deaf = []

    async def deaf_once(call: Call) -> None:
        if deaf:
            await world.account.idle(call)
            return
        deaf.append(call)
        await call.peer.send(b"+ idling\r\n")
        await asyncio.Event().wait()

    world.account.spells["IDLE"] = deaf_once
    async with running(world):
        await until(lambda: bool(deaf))
        world.account.deliver("said into the dead line")
        await until(lambda: "said into the dead line" in world.synced.subjects())
        await until(lambda: len(world.account.commands) > 0 and world.synced.mailbox().state is MailboxState.LIVE)
        world.account.deliver("said into the new one")
        await until(lambda: "said into the new one" in world.synced.subjects())
    assert await world.is_in_step()


async def test_news_that_idle_tells_before_status_does(world: World) -> None:
    """Given a STATUS that stands still, when IDLE tells of mail, then the folder is looked into whatever STATUS says."""
    async with running(world):
        await until(lambda: world.synced.mailbox().state is MailboxState.LIVE)
        frozen = world.account.told_by_status("INBOX")

        async def still(call: Call) -> None:
            await call.peer.send(frozen + call.tag + b" OK done\r\n")

        world.account.spells["STATUS"] = still
        world.account.deliver("six")
        await until(lambda: "six" in world.synced.subjects())
    assert await world.is_in_step()
