"""Each fault of stock aioimaplib 2.0.3, shown on the library as it comes, and gone in ours.

If a test fails in its first half, the library was mended: then our override may go. What it does when a connection dies
is in `test_dying_connections.py`.
"""

import asyncio
import time

import aioimaplib
import pytest
from aioimaplib.aioimaplib import IMAP4ClientProtocol

from core.errors import UsageError
from integration.imap.scripted_server import (
    CAPABILITIES,
    STOCK_HANGS,
    Peer,
    ScriptedServer,
    fetched,
    our_client,
    server_at,
    stock_client,
)
from mailsync.imap.connection import connect
from mailsync.imap.errors import (
    ProtocolError,
    Throttled,
    TokenRejected,
)
from mailsync.imap.events import Exists, Expunged, Vanished
from mailsync.imap.protocol import Exchange, HardenedProtocol
from mailsync.imap.server import OAuthToken, Password
from mailsync.imap.uidset import UidSet

MINE = Password("anna", "secret")


# --- long answers


async def test_three_thousand_lines_in_one_chunk_do_not_exhaust_the_stack():
    answer = fetched(*range(1, 3001)) + b"%T OK\r\n"
    async with ScriptedServer({"UID FETCH": answer}) as server:
        async with stock_client(server.port, timeout=30) as stock:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stock.uid("fetch", "1:*", "(FLAGS)"), STOCK_HANGS)

        async with our_client(server.port) as ours:
            assert len(await ours.fetch_flags(UidSet.since(1))) == 3000


class Sink(asyncio.Transport):
    """A transport that goes nowhere."""

    def write(self, data: bytes) -> None:
        pass

    def abort(self) -> None:
        pass


async def cpu_seconds_of_fetch(protocol: IMAP4ClientProtocol, command: aioimaplib.aioimaplib.Command) -> float:
    """Process time to read 4,000 answers that arrive a hundred at a time."""
    protocol.connection_made(Sink())
    protocol.state = "SELECTED"
    running = asyncio.create_task(protocol.execute(command))
    await asyncio.sleep(0)
    started = time.process_time()
    for first in range(1, 4001, 100):
        protocol.data_received(fetched(*range(first, first + 100)))
    protocol.data_received(f"{command.tag} OK\r\n".encode())
    spent = time.process_time() - started
    await running
    return spent


async def test_reading_is_linear_and_not_quadratic():
    loop = asyncio.get_running_loop()
    stock = IMAP4ClientProtocol(loop)
    slow = await cpu_seconds_of_fetch(stock, aioimaplib.aioimaplib.FetchCommand(stock.new_tag(), prefix="UID"))
    fast = []
    for _ in range(3):  # One of them may meet the collection of all garbage.
        ours = HardenedProtocol(loop, 2**28)
        ours.data_received(b"* OK ready\r\n")
        fast.append(await cpu_seconds_of_fetch(ours, Exchange("FETCH", ours.new_tag(), prefix="UID")))

    assert slow > 10 * min(fast)


class Witness(bytes):
    """Bytes that notice being formatted."""

    formatted = 0

    def __str__(self) -> str:
        Witness.formatted += 1
        return "formatted"


async def test_mail_is_not_formatted_for_a_log_that_nobody_writes():
    loop = asyncio.get_running_loop()
    IMAP4ClientProtocol(loop).data_received(Witness(b""))
    assert Witness.formatted == 1

    HardenedProtocol(loop, 2**28).data_received(Witness(b"* OK ready\r\n"))
    assert Witness.formatted == 1


async def test_a_literal_without_measure_is_refused_at_its_announcement():
    async def huge(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"* 1 FETCH (UID 1 BODY[] {9999999999}\r\n")
        await asyncio.Event().wait()

    async with ScriptedServer({"UID FETCH": huge}) as server:
        async with stock_client(server.port, timeout=30) as stock:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stock.uid("fetch", "1", "(BODY.PEEK[])"), STOCK_HANGS)

        async with our_client(server.port, command_timeout=60) as ours:
            with pytest.raises(ProtocolError):
                await asyncio.wait_for(ours.fetch_bodies([1]), 2)
            assert not ours.usable


# --- answers that were lost or damaged


async def test_news_during_a_fetch_is_kept():
    answer = b"* 9 EXISTS\r\n" + fetched(1) + b"* 2 EXPUNGE\r\n* VANISHED 41,43:45\r\n%T OK\r\n"
    async with ScriptedServer({"UID FETCH": answer}) as server:
        async with stock_client(server.port) as stock:
            lines = b" ".join((await stock.uid("fetch", "1", "(FLAGS)")).lines)
            assert b"EXISTS" not in lines
            assert b"VANISHED" not in lines

        async with our_client(server.port) as ours:
            assert [one.uid for one in await ours.fetch_flags([1])] == [1]
            assert ours.take_events() == [Exists(9), Expunged(2), Vanished(UidSet.parse("41,43:45"))]
            assert ours.take_events() == []


async def test_an_asterisk_and_a_blank_belong_to_the_name():
    listed = b'* LIST (\\HasNoChildren) "/" "foo* bar"\r\n%T OK\r\n'
    async with ScriptedServer({"LIST": listed}) as server:
        async with stock_client(server.port) as stock:
            assert b'"foobar"' in (await stock.list('""', "*")).lines[0]

        async with our_client(server.port) as ours:
            assert [folder.name for folder in await ours.list_folders()] == ["foo* bar"]


async def test_a_parenthesis_in_a_string_does_not_mix_messages():
    answer = b'* 1 FETCH (UID 1 X-GM-LABELS ("sad (") FLAGS ())\r\n* 5 EXISTS\r\n' + fetched(2) + b"%T OK\r\n"
    async with ScriptedServer({"UID FETCH": answer}) as server:
        async with stock_client(server.port) as stock:
            lines = (await stock.uid("fetch", "1:2", "(FLAGS X-GM-LABELS)")).lines
            assert b"* 5 EXISTS" in lines

        async with our_client(server.port) as ours:
            first, second = await ours.fetch([1, 2], "(UID FLAGS X-GM-LABELS)")
            assert first.gm_labels == {"sad ("}
            assert second.uid == 2
            assert ours.take_events() == [Exists(5)]


async def test_literals_are_tied_to_their_messages():
    answer = (
        b"* 1 FETCH (BODY[] {3}\r\none UID 11)\r\n* 2 FETCH (UID 12 BODY[] {0}\r\n)\r\n"
        b"* 3 FETCH (BODY[] {5}\r\nthree UID 13)\r\n%T OK\r\n"
    )
    async with ScriptedServer({"UID FETCH": answer}) as server:
        async with stock_client(server.port) as stock:
            *pieces, _ = (await stock.uid("fetch", "11:13", "(BODY.PEEK[])")).lines
            assert len(pieces) == 9  # Three messages, in a flat list of text and literals.

        async with our_client(server.port) as ours:
            bodies = {one.uid: one.body for one in await ours.fetch_bodies([11, 12, 13])}
            assert bodies == {11: b"one", 12: b"", 13: b"three"}


# --- commands


async def test_a_folder_opened_by_examine_can_be_read():
    async with ScriptedServer({"UID FETCH": fetched(1) + b"%T OK\r\n"}) as server:
        async with stock_client(server.port, select=False) as stock:
            assert (await stock.examine("INBOX")).result == "OK"
            with pytest.raises(aioimaplib.Abort):
                await stock.uid("fetch", "1", "(FLAGS)")

        async with our_client(server.port, select=False) as ours:
            with pytest.raises(UsageError):
                await ours.fetch_flags([1])
            assert (await ours.select("INBOX", read_only=True)).uidvalidity == 7
            assert [one.uid for one in await ours.fetch_flags([1])] == [1]
            assert any(b"EXAMINE" in line for line in server.lines)


async def test_a_rejected_token_is_told_from_a_dead_server():
    async def explain(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
        assert await peer.line() == b""
        await peer.send(b"%b NO [AUTHENTICATIONFAILED] Invalid SASL argument\r\n" % tag)

    capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"
    async with ScriptedServer({"AUTHENTICATE": explain}, capabilities=capabilities) as server:
        stock = aioimaplib.IMAP4("127.0.0.1", server.port, timeout=0.5)
        await stock.wait_hello_from_server()
        with pytest.raises(TimeoutError):
            await stock.xoauth2("anna", "stale")
        stock.protocol.transport.abort()

        with pytest.raises(TokenRejected):
            await asyncio.wait_for(connect(server_at(server.port), OAuthToken("änna", "stale")), 2)


async def test_capabilities_are_those_of_after_the_login():
    after = b"* CAPABILITY IMAP4rev1 CONDSTORE ENABLE IDLE\r\n%T OK\r\n"
    answers = {"AUTHENTICATE": after}
    async with ScriptedServer(answers, capabilities="IMAP4rev1 AUTH=XOAUTH2 SASL-IR") as server:
        stock = aioimaplib.IMAP4("127.0.0.1", server.port, timeout=2)
        await stock.wait_hello_from_server()
        await stock.xoauth2("anna", "good")
        with pytest.raises(aioimaplib.Abort):
            await stock.enable("CONDSTORE")
        stock.protocol.transport.abort()

        async with our_client(server.port, credentials=OAuthToken("anna", "good")) as ours:
            assert ours.capabilities == {"IMAP4REV1", "CONDSTORE", "ENABLE", "IDLE"}
            assert "CONDSTORE" in ours.enabled


async def test_a_search_does_not_ask_for_a_charset_that_microsoft_refuses():
    async def picky(peer: Peer, tag: bytes, line: bytes) -> None:
        refused = b"CHARSET" in line
        answer = b"%b NO [BADCHARSET (US-ASCII)] no\r\n" if refused else b"* SEARCH 5 3\r\n%b OK\r\n"
        await peer.send(answer % tag)

    async with ScriptedServer({"UID SEARCH": picky}) as server:
        async with stock_client(server.port) as stock:
            assert (await stock.uid_search("ALL")).result == "NO"

        async with our_client(server.port) as ours:
            assert await ours.uid_search("ALL") == [3, 5]


async def test_names_are_quoted_and_encoded():
    async with ScriptedServer({"STATUS": b"* STATUS x (MESSAGES 1 UIDVALIDITY 7)\r\n%T OK\r\n"}) as server:
        async with stock_client(server.port) as stock:
            await stock.status("Entwürfe 2026", "(MESSAGES)")
            assert server.lines[-1].endswith("STATUS Entwürfe 2026 (MESSAGES)".encode())

        async with our_client(server.port, credentials=Password('an"na x', "se\\cret")) as ours:
            await ours.status("Entwürfe 2026")
            assert server.lines[-1].endswith(b'STATUS "Entw&APw-rfe 2026" (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)')
            assert any(line.endswith(rb'LOGIN "an\"na x" "se\\cret"') for line in server.lines)


async def test_a_goodbye_instead_of_a_greeting_is_understood():
    greeting = b"* BYE Too many simultaneous connections from your address\r\n"
    async with ScriptedServer(greeting=greeting) as server:
        stock = aioimaplib.IMAP4("127.0.0.1", server.port, timeout=0.5)
        with pytest.raises(TimeoutError):
            await stock.wait_hello_from_server()
        stock.protocol.transport.abort()
        await asyncio.gather(*stock.protocol.tasks, return_exceptions=True)

        with pytest.raises(Throttled):
            await asyncio.wait_for(connect(server_at(server.port), MINE), 2)


async def test_what_stock_lacks_and_we_offer():
    assert not hasattr(aioimaplib.IMAP4, "starttls")
    found = b'* ESEARCH (TAG "A1") UID ALL 2,10:11\r\n%T OK\r\n'
    async with ScriptedServer({"UID SEARCH": found}, capabilities=CAPABILITIES + " ESEARCH") as server:
        async with stock_client(server.port) as stock:
            assert (await stock.uid_search("RETURN (ALL) ALL", charset=None)).lines == [b""]

        async with our_client(server.port) as ours:
            assert await ours.uid_search("ALL") == [2, 10, 11]
