"""COMPRESS=DEFLATE with Dovecot, and with servers that use it badly."""

import asyncio
import resource
import zlib

import pytest

from integration.imap.dovecot_mailbox import at, mails
from integration.imap.scripted_server import ScriptedServer, server_at
from mailsync.imap.connection import ImapConnection, connect
from mailsync.imap.errors import ConnectionLost, ProtocolError
from mailsync.imap.protocol import HardenedProtocol
from mailsync.imap.server import Password, Security

MINE = Password("anna", "secret")
OFFERED = "IMAP4rev1 IDLE COMPRESS=DEFLATE"


class Wire:
    """Bytes that came in over the line, as they came."""

    def __init__(self, monkeypatch) -> None:
        self.received = 0
        real = HardenedProtocol.data_received

        def data_received(protocol, data: bytes) -> None:
            self.received += len(data)
            real(protocol, data)

        monkeypatch.setattr(HardenedProtocol, "data_received", data_received)


@pytest.mark.parametrize("security", [Security.NONE, Security.TLS, Security.STARTTLS])
async def test_mail_comes_whole_in_a_fraction_of_the_bytes(dovecot, monkeypatch, security) -> None:
    user = dovecot.new_user()
    text = (
        b"From: anna@example.test\r\nSubject: long\r\n\r\n" + b"Dear colleagues, as agreed on the phone.\r\n" * 50_000
    )
    dovecot.fill(user, [*mails(5), text])
    wire = Wire(monkeypatch)
    async with ImapConnection.open(at(dovecot, security), Password(user, dovecot.password)) as connection:
        assert connection.has("COMPRESS=DEFLATE")
        await connection.compress()
        await connection.select("INBOX")
        found = await connection.fetch_bodies(range(1, 7))
    assert [one.body for one in found][-1] == text
    assert wire.received < len(text) / 5


async def test_uploads_and_waiting_work_compressed(dovecot) -> None:
    user = dovecot.new_user()
    message = mails(1)[0]
    async with ImapConnection.open(at(dovecot), Password(user, dovecot.password)) as connection:
        await connection.compress()
        await connection.append("INBOX", message)
        await connection.select("INBOX")
        async with connection.idle(10) as events:
            dovecot.deliver(user, mails(1, 2)[0])
            async for _ in events:
                break
        assert [one.body for one in await connection.fetch_bodies([1])] == [message]


async def test_it_begins_where_it_is_asked_for_and_only_once(dovecot, monkeypatch) -> None:
    user = dovecot.new_user()
    dovecot.fill(user, [b"Subject: long\r\n\r\n" + b"x" * 900_000] * 2)
    wire = Wire(monkeypatch)
    async with ImapConnection.open(at(dovecot), Password(user, dovecot.password)) as connection:
        await connection.select("INBOX")
        await connection.fetch_bodies([1])
        plain = wire.received
        await connection.compress()
        await connection.compress()
        await connection.fetch_bodies([2])
    assert plain > 900_000
    assert wire.received - plain < 90_000


async def test_a_refusal_is_no_trouble() -> None:
    async with ScriptedServer({"COMPRESS": b"%T NO not now\r\n"}, capabilities=OFFERED) as server:
        connection = await connect(server_at(server.port), MINE)
        await connection.compress()
        await connection.close()
    assert [line.split()[1] for line in server.lines][-2:] == [b"COMPRESS", b"LOGOUT"]


def compressing(said: bytes, times: int = 1):
    """A server that agrees, and sends `said` so many times, compressed right behind, in one write."""

    async def answer(peer, tag, line) -> None:
        stream = zlib.compressobj(9, zlib.DEFLATED, -15)
        sent = b"".join(stream.compress(said) for _ in range(times)) + stream.flush(zlib.Z_SYNC_FLUSH)
        await peer.send(tag + b" OK DEFLATE active\r\n" + sent)

    return answer


async def test_what_stands_right_behind_the_agreement_is_read() -> None:
    async with ScriptedServer({"COMPRESS": compressing(b"* 7 EXISTS\r\n")}, capabilities=OFFERED) as server:
        connection = await connect(server_at(server.port), MINE)
        await connection.compress()
        for _ in range(100):
            if events := connection.take_events():
                break
            await asyncio.sleep(0.01)
        connection.discard()
    assert [event.count for event in events] == [7]


@pytest.mark.parametrize(
    ("said", "times"), [(b"* OK " + b"\0" * 1_000_000, 300), (b"* 1 FETCH (X {1}\r\n\0)\r\n" * 50_000, 100)]
)
async def test_a_bomb_ends_the_connection_and_holds_nobody_up(said, times) -> None:
    """Given a reply of hundreds of megabytes in a few hundred kilobytes, then only as much as is allowed is made of it."""
    async with ScriptedServer({"COMPRESS": compressing(said, times)}, capabilities=OFFERED) as server:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        connection = await connect(server_at(server.port, reply_limit=8_000_000), MINE)
        await connection.compress()
        longest = await _longest_wait(connection)
        with pytest.raises((ProtocolError, ConnectionLost)):
            await connection.noop()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert longest < 1
    assert grown < 150_000  # Kilobytes; the first bomb is 300 MB.


async def _longest_wait(connection: ImapConnection) -> float:
    """How long the loop was busy at a stretch until the connection broke, or for ten seconds."""
    loop = asyncio.get_running_loop()
    longest, end, last = 0.0, loop.time() + 10, loop.time()
    while connection.usable and loop.time() < end:
        await asyncio.sleep(0)
        longest, last = max(longest, loop.time() - last), loop.time()
    return longest


async def test_a_server_that_goes_on_in_plain_text_is_found_out() -> None:
    async with ScriptedServer({"COMPRESS": b"%T OK active\r\n* OK all is well\r\n"}, capabilities=OFFERED) as server:
        connection = await connect(server_at(server.port), MINE)
        await connection.compress()
        with pytest.raises(ProtocolError):
            await connection.noop()
