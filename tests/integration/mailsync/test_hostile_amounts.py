"""Answers without measure: a literal of a gigabyte, a million lines. Memory stays bounded, and the mailbox goes on.

`TEST_LINES=1000000` plays the full number of lines.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.config import load_settings
from integration.mailsync.hostile_account import CONDSTORE, Call, HostileAccount, World, hostile_world
from mailsync.fetching import KEPT_OF_TOO_LARGE
from mailsync.imap.errors import ConnectionLost

GIGABYTE, MEGABYTE = 1024**3, 1024**2
LINES = int(os.environ.get("TEST_LINES", "100000"))
PIECE = b"0123456789abcde\n" * (MEGABYTE // 16)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    settings = load_settings(data_dir=tmp_path, allow_private_hosts=True)
    async with hostile_world(settings, HostileAccount(CONDSTORE)) as made:
        made.account.deliver("one", "two", "three")
        yield made


@asynccontextmanager
async def memory_grows_at_most(megabytes: int) -> AsyncIterator[None]:
    """Measured all the while, in what the process holds of the machine's memory."""

    def held() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // MEGABYTE

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, held())
            await asyncio.sleep(0.005)

    before = most = held()
    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
    assert most - before <= megabytes


async def test_a_gigabyte_that_was_told_to_be_a_kilobyte(world: World) -> None:
    """It is refused where it is announced; then it is read in pieces, as far as a message may be large, and cut."""

    async def spell(call: Call) -> None:
        piece = re.search(r"UID FETCH 2 .*BODY\.PEEK\[\]<(\d+)\.(\d+)>", call.rest)
        if piece is not None:
            await call.peer.send(b"* 2 FETCH (UID 2 BODY[]<%b> {%b}\r\n" % (piece[1].encode(), piece[2].encode()))
            await call.peer.send(PIECE[: int(piece[2])] + b")\r\n" + call.tag + b" OK done\r\n")
        elif "BODY.PEEK[]" in call.rest and b"(UID 2 " in call.answer:
            await call.peer.send(b"* 2 FETCH (UID 2 BODY[] {%d}\r\n" % GIGABYTE)
            for _ in range(GIGABYTE // MEGABYTE):
                await call.peer.send(PIECE)
        else:
            await call.honestly()

    world.account.spells["UID FETCH"] = spell
    async with memory_grows_at_most(64):
        for _ in range(2):
            with pytest.raises(ConnectionLost):
                await world.look()
        await world.look(message_size_limit=4 * MEGABYTE)
    assert set(world.stored()["INBOX"]) == {1, 2, 3}
    with_it = [world.synced.place(subject).size for subject in ("one", "three")]
    assert KEPT_OF_TOO_LARGE not in with_it
    assert world.gaps() == {}
    world.account.deliver("four")
    assert await world.look() == 1


async def test_an_answer_of_a_million_lines(world: World) -> None:
    """Given news of a crowd of messages before the answer, then what was asked for is found behind it."""

    async def spell(call: Call) -> None:
        for start in range(0, LINES if "BODY.PEEK[]" in call.rest else 0, 10_000):
            await call.peer.send(b"".join(b"* %d FETCH (FLAGS ())\r\n" % n for n in range(start + 1, start + 10_001)))
        await call.honestly()

    world.account.spells["UID FETCH"] = spell
    async with memory_grows_at_most(400 * LINES // 1_000_000 + 64):
        await world.look()
    assert world.stored() == world.on_the_server()
    assert await world.is_in_step(rounds=1)
