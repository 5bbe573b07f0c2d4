"""Servers that are not what they claim: the answer is an error that a person understands, quickly, and never a hang."""

import asyncio
import socket
import ssl
from contextlib import suppress

import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import MailsyncError
from integration.imap.scripted_server import HOST, Peer, ScriptedServer, our_client, server_at
from mailsync.imap.connection import ImapConnection, connect
from mailsync.imap.errors import (
    CommandRefused,
    ConnectionLost,
    ConnectionRefused,
    ImapError,
    NameNotFound,
    ProtocolError,
    Throttled,
    TlsFailure,
    Unavailable,
)
from mailsync.imap.server import ImapServer, Password, Security

MINE = Password("anna", "secret")
FAST = 3.0


async def refused(server: ImapServer) -> ImapError:
    """The error of a connection attempt, which must come fast."""
    with pytest.raises(ImapError) as caught:
        await asyncio.wait_for(connect(server, MINE), FAST)
    return caught.value


# --- before the login


@pytest.mark.parametrize(
    "greeting",
    [
        b"220 mail.example.test ESMTP Postfix\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x15\x03\x01\x00\x02\x02\x16\n",
        b"* HELLO\r\n",
    ],
)
async def test_another_kind_of_server(greeting):
    async with ScriptedServer(greeting=greeting) as server:
        assert type(await refused(server_at(server.port))) is ProtocolError


async def test_a_server_that_says_nothing():
    async with ScriptedServer(greeting=b"") as server:
        error = await refused(server_at(server.port, connect_timeout=0.3))
        assert type(error) is Unavailable
        assert "TLS" in str(error)


async def test_nobody_listens_and_no_such_name():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    assert type(await refused(server_at(port))) is ConnectionRefused
    assert type(await refused(ImapServer("localhost", port, Security.NONE))) is ConnectionRefused
    assert type(await refused(ImapServer("a" * 70 + ".test", 143, Security.NONE))) is NameNotFound


async def test_the_second_address_is_tried_when_the_first_is_dead(monkeypatch):
    async def two_addresses(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.2", HOST)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two_addresses)
    async with ScriptedServer() as server:
        theirs = ImapServer("mail.test", server.port, Security.NONE)
        connection = await connect(theirs, MINE)
        assert connection.usable
        await connection.close()
    assert type(await refused(theirs)) is ConnectionRefused


async def test_a_server_without_capabilities_or_without_imap():
    for answer in (b"%T OK\r\n", b"* CAPABILITY POP3\r\n%T OK\r\n"):
        async with ScriptedServer({"CAPABILITY": answer}) as server:
            assert type(await refused(server_at(server.port))) is ProtocolError


# --- in the middle


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe garbage\r\n",
        b"ZZZ99 OK not your tag\r\n",
        b"* \r\n",
        b"* 1 FETCH (UID 1 FLAGS (\r\n%T OK\r\n",
        b"* 1 FETCH (UID 1 BODY[] {2}\r\nlonger than said)\r\n%T OK\r\n",
        b'* 1 FETCH (UID 1 X "open)\r\n%T OK\r\n',
        b"+ go on\r\n",
        b"%T MAYBE\r\n",
    ],
)
async def test_garbage_instead_of_an_answer(garbage):
    async with ScriptedServer({"UID FETCH": garbage}) as server, our_client(server.port) as ours:
        with pytest.raises(ProtocolError):
            await asyncio.wait_for(ours.fetch_flags([1]), FAST)
        assert not ours.usable


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=60))
async def test_any_bytes_end_in_an_error_of_ours_or_in_an_answer(garbage):
    async def say(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(garbage + b"\r\n" + tag + b" OK\r\n")
        peer.drop()

    async with ScriptedServer({"UID FETCH": say}) as server, our_client(server.port) as ours:
        with suppress(MailsyncError):
            await asyncio.wait_for(ours.fetch_flags([1]), FAST)


async def test_answers_without_sense():
    cases = {
        "SELECT": (b"* 3 EXISTS\r\n%T OK\r\n", lambda ours: ours.select("INBOX", read_only=False)),
        "STATUS": (b"* STATUS x (MESSAGES many UIDVALIDITY 1)\r\n%T OK\r\n", lambda ours: ours.status("x")),
        "UID SEARCH": (b"* SEARCH one two\r\n%T OK\r\n", lambda ours: ours.uid_search("ALL")),
        "LIST": (b"* LIST ()\r\n%T OK\r\n", lambda ours: ours.list_folders()),
    }
    async with ScriptedServer({name: answer for name, (answer, _) in cases.items()}) as server:
        for _, call in cases.values():
            async with our_client(server.port, select=False) as ours:
                await ours.select("INBOX")
                with pytest.raises(ProtocolError):
                    await call(ours)
                assert not ours.usable


async def test_a_search_that_claims_four_billion_messages_is_not_unfolded():
    found = b'* ESEARCH (TAG "A1") UID ALL 1:4294967295\r\n%T OK\r\n'
    async with (
        ScriptedServer({"UID SEARCH": found}, capabilities="IMAP4rev1 ESEARCH") as server,
        our_client(server.port) as ours,
    ):
        with pytest.raises(ProtocolError):
            await asyncio.wait_for(ours.uid_search("ALL"), FAST)


async def test_a_plain_no_keeps_the_connection_and_a_bad_does_not():
    throttled = b"%T BAD Request is throttled. Suggested Backoff Time: 7000 milliseconds\r\n"
    answers = {"UID FETCH": b"%T NO Some messages could not be FETCHed\r\n", "UID STORE": throttled}
    async with ScriptedServer(answers) as server, our_client(server.port) as ours:
        with pytest.raises(CommandRefused):
            await ours.fetch_flags([1])
        assert ours.usable

        with pytest.raises(Throttled) as caught:
            await ours.store_flags([1], add=["\\Seen"])
        assert caught.value.retry_after == 7.0
        assert not ours.usable


async def test_a_goodbye_in_the_middle_tells_why():
    answers = {"UID FETCH": b"* BYE Request is throttled. Suggested Backoff Time: 9000 milliseconds\r\n"}

    async def bye(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(answers["UID FETCH"])
        peer.writer.close()

    async with ScriptedServer({"UID FETCH": bye}) as server, our_client(server.port) as ours:
        with pytest.raises(Throttled) as caught:
            await ours.fetch_flags([1])
        assert caught.value.retry_after == 9.0


async def test_a_cancelled_command_leaves_no_connection_behind():
    async def never(peer: Peer, tag: bytes, line: bytes) -> None:
        await asyncio.Event().wait()

    async with ScriptedServer({"UID FETCH": never}) as server, our_client(server.port) as ours:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ours.fetch_flags([1]), 0.1)
        assert not ours.usable


async def test_an_idle_that_is_refused_or_never_confirmed_or_never_ended():
    async def silent(peer: Peer, tag: bytes, line: bytes) -> None:
        await asyncio.Event().wait()

    async def deaf(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"+ idling\r\n")
        await asyncio.Event().wait()

    async def ended(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"+ idling\r\n* 4 EXISTS\r\n%b OK Idle is over\r\n" % tag)

    for answer, error in ((b"%T NO not now\r\n", CommandRefused), (silent, ConnectionLost), (deaf, ConnectionLost)):
        async with ScriptedServer({"IDLE": answer}) as server, our_client(server.port, command_timeout=0.2) as ours:
            with pytest.raises(error):
                async with ours.idle(0.1) as events:
                    assert [event async for event in events] == []
            assert not ours.usable

    async with ScriptedServer({"IDLE": ended}) as server, our_client(server.port) as ours:
        async with ours.idle(30) as events:
            assert len([event async for event in events]) == 1
        assert ours.usable


# --- TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_certificates_are_checked(authority, trusting):
    async with ScriptedServer(ssl_context=server_context(authority)) as server:
        tls = {"security": Security.TLS}
        async with ImapConnection.open(server_at(server.port, ssl_context=trusting, **tls), MINE) as ours:
            assert ours.usable
        stranger = await refused(server_at(server.port, ssl_context=ssl.create_default_context(), **tls))
        assert type(stranger) is TlsFailure
        assert "authority" in str(stranger)

    async with ScriptedServer(ssl_context=server_context(authority, "other.test")) as server:
        other = await refused(server_at(server.port, ssl_context=trusting, **tls))
        assert type(other) is TlsFailure
        assert "another" in str(other)


async def test_tls_on_a_plaintext_port_says_so(trusting):
    async with ScriptedServer() as server:
        error = await refused(server_at(server.port, ssl_context=trusting, security=Security.TLS))
        assert type(error) is TlsFailure


# An answer, a guess at the next tag, and half a line that would swallow the first encrypted one.
INJECTED = b"* CAPABILITY IMAP4rev1 EVIL\r\n* 66 EXISTS\r\nA2 OK\r\n* CAPABILITY IMAP4rev1 EVIL "


async def upgrade(peer: Peer, tag: bytes, context: ssl.SSLContext, *, injected: bytes = b"") -> None:
    """Say OK to STARTTLS, with something behind it in the same packet, and encrypt."""
    await peer.send(tag + b" OK go\r\n" + injected)
    await peer.writer.start_tls(context)


async def test_plaintext_injected_behind_starttls_is_never_read(authority, trusting):
    """CVE-2011-0411 and its kin: without the drop, the attacker's CAPABILITY and EXISTS pass for the server's."""
    context = server_context(authority)

    async def starttls(peer: Peer, tag: bytes, line: bytes) -> None:
        await upgrade(peer, tag, context, injected=INJECTED)

    greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS EVIL] ready\r\n"
    async with ScriptedServer({"STARTTLS": starttls}, greeting=greeting) as server:
        theirs = server_at(server.port, security=Security.STARTTLS, ssl_context=trusting)
        async with ImapConnection.open(theirs, MINE) as ours:
            assert "EVIL" not in ours.capabilities
            assert ours.take_events() == []
            await ours.noop()
            assert b"LOGIN" in server.lines[2]
            assert b"STARTTLS" in server.lines[0]


@pytest.mark.parametrize(
    ("greeting", "answer"),
    [
        (b"* OK ready\r\n", b"%T NO not here\r\n"),
        (b"* OK ready\r\n", b"%T BAD what\r\n"),
        (b"* PREAUTH hello\r\n", b""),
    ],
    ids=["refused", "unknown", "logged in before"],
)
async def test_encryption_that_was_asked_for_is_never_done_without(trusting, greeting, answer):
    async with ScriptedServer({"STARTTLS": answer}, greeting=greeting) as server:
        error = await refused(server_at(server.port, security=Security.STARTTLS, ssl_context=trusting))
        assert type(error) is TlsFailure
        assert not any(b"LOGIN" in line or b"secret" in line for line in server.lines)
