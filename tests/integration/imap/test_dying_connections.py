"""Faults of stock aioimaplib 2.0.3 when a connection dies or is shared: its commands wait for ever, ours end with an error."""

import asyncio

import pytest

from integration.imap.scripted_server import (
    STOCK_HANGS,
    Peer,
    ScriptedServer,
    drop,
    fetched,
    our_client,
    stock_client,
)
from mailsync.imap.errors import (
    ConnectionLost,
)
from mailsync.imap.events import Exists


async def test_a_lost_connection_ends_the_command_that_waits():
    async with ScriptedServer({"UID FETCH": drop}) as server:
        async with stock_client(server.port, timeout=30) as stock:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stock.uid("fetch", "1", "(FLAGS)"), STOCK_HANGS)
            assert stock.get_state() == "SELECTED"

        async with our_client(server.port, command_timeout=60) as ours:
            with pytest.raises(ConnectionLost):
                await asyncio.wait_for(ours.fetch_flags([1]), 2)
            assert not ours.usable
            with pytest.raises(ConnectionLost):
                await ours.noop()


async def test_a_connection_lost_inside_a_literal_ends_the_command_too():
    async def half(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"* 1 FETCH (UID 1 BODY[] {1000}\r\nonly this")
        peer.writer.close()

    async with ScriptedServer({"UID FETCH": half}) as server:
        async with stock_client(server.port, timeout=30) as stock:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stock.uid("fetch", "1", "(BODY.PEEK[])"), STOCK_HANGS)

        async with our_client(server.port, command_timeout=60) as ours:
            with pytest.raises(ConnectionLost):
                await asyncio.wait_for(ours.fetch_bodies([1]), 2)


async def test_a_lost_connection_ends_idle_before_and_after_its_confirmation():
    async def confirmed_and_dropped(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"+ idling\r\n* 4 EXISTS\r\n")
        peer.writer.close()

    async with ScriptedServer({"IDLE": drop}) as server:
        async with stock_client(server.port) as stock:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stock.idle_start(timeout=0.1), STOCK_HANGS)

        async with our_client(server.port, command_timeout=60) as ours:
            with pytest.raises(ConnectionLost):
                async with ours.idle(60):
                    pass

    async with ScriptedServer({"IDLE": confirmed_and_dropped}) as server, our_client(server.port) as ours:
        seen = []
        with pytest.raises(ConnectionLost):
            async with ours.idle(60) as events:
                async for event in events:
                    seen += [event]
        assert seen == [Exists(4)]


async def test_a_server_that_drips_for_ever_is_left_at_the_last_moment():
    async def drip(peer: Peer, tag: bytes, line: bytes) -> None:
        while True:
            await peer.send(fetched(1))
            await asyncio.sleep(0.05)

    async with ScriptedServer({"UID FETCH": drip}) as server:
        async with stock_client(server.port, timeout=0.2) as stock:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stock.uid("fetch", "1", "(FLAGS)"), STOCK_HANGS)

        async with our_client(server.port, command_timeout=0.2, reply_timeout=0.5) as ours:
            with pytest.raises(ConnectionLost):
                await asyncio.wait_for(ours.fetch_flags([1]), 2)


async def test_after_a_timeout_the_connection_is_discarded_and_not_used_half_dead():
    async def late(peer: Peer, tag: bytes, line: bytes) -> None:
        await asyncio.sleep(0.3)
        await peer.send(b"* STATUS INBOX (MESSAGES 1 UIDVALIDITY 7)\r\n%b OK\r\n" % tag)

    async with ScriptedServer({"STATUS": late}) as server:
        async with stock_client(server.port, timeout=0.15) as stock:
            with pytest.raises(TimeoutError):
                await stock.status("INBOX", "(MESSAGES)")
            with pytest.raises(TimeoutError):  # Waits for the command that nobody answers for it any more.
                await stock.status("INBOX", "(MESSAGES)")

        async with our_client(server.port, command_timeout=0.15) as ours:
            with pytest.raises(ConnectionLost):
                await ours.status("INBOX")
            assert not ours.usable
            with pytest.raises(ConnectionLost):
                await ours.status("INBOX")


async def test_tasks_that_share_a_connection_take_turns():
    async def echo(peer: Peer, tag: bytes, line: bytes) -> None:
        await asyncio.sleep(0.02)
        await peer.send(fetched(int(line.split()[2])) + b"%b OK\r\n" % tag)

    async with ScriptedServer({"UID FETCH": echo}) as server:
        async with stock_client(server.port, timeout=0.4) as stock:
            results = await asyncio.gather(
                *(stock.uid("fetch", str(uid), "(FLAGS)") for uid in range(1, 6)), return_exceptions=True
            )
            assert sum(isinstance(result, BaseException) for result in results) >= 2

        async with our_client(server.port) as ours:
            answers = await asyncio.gather(*(ours.fetch_flags([uid]) for uid in range(1, 6)))
            assert [one.uid for answer in answers for one in answer] == [1, 2, 3, 4, 5]
