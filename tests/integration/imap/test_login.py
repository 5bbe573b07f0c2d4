"""Every way to log in, against servers that offer only that one."""

import asyncio
import base64

import pytest

from integration.imap.scripted_server import Peer, ScriptedServer, server_at
from mailsync.imap.connection import ImapConnection, connect
from mailsync.imap.errors import (
    AuthenticationFailed,
    ImapDisabled,
    NoSuchMechanism,
    TlsFailure,
    TokenRejected,
    Unsendable,
)
from mailsync.imap.server import Credentials, OAuthToken, Password

MINE = Password("anna", "secret")
TOKEN = OAuthToken("anna@example.test", "ya29.token")
XOAUTH2 = base64.b64encode(b"user=anna@example.test\1auth=Bearer ya29.token\1\1")


async def said_by(server: ScriptedServer, credentials: Credentials) -> bytes:
    """Log in, and return what went over the wire in doing so."""
    async with ImapConnection.open(server_at(server.port), credentials):
        return b"\n".join(server.lines)


async def test_a_password_beyond_ascii_goes_by_plain_or_by_literals():
    async with ScriptedServer(capabilities="IMAP4rev1 AUTH=PLAIN SASL-IR") as server:
        said = await said_by(server, Password("anna", "pässwörd"))
        assert base64.b64encode("\0anna\0pässwörd".encode()) in said

    async def by_literals(peer: Peer, tag: bytes, line: bytes) -> None:
        assert line == b"LOGIN {5}"
        await peer.send(b"+ name\r\n")
        name = await peer.reader.readexactly(5)
        rest = await peer.line()
        await peer.send(b"+ password\r\n")
        heard.append((name, rest, await peer.line()))
        await peer.send(tag + b" OK\r\n")

    heard: list[tuple[bytes, bytes, bytes]] = []
    async with ScriptedServer({"LOGIN": by_literals}, capabilities="IMAP4rev1") as server:
        await said_by(server, Password("ännä"[:3] + "a", "ö"))
        assert heard == [("änn".encode() + b"a", b" {2}", "ö".encode())]


async def test_a_server_that_forbids_login_gets_plain_or_nothing():
    async with ScriptedServer(capabilities="IMAP4rev1 LOGINDISABLED AUTH=PLAIN SASL-IR") as server:
        assert base64.b64encode(b"\0anna\0secret") in await said_by(server, MINE)

    async with ScriptedServer(capabilities="IMAP4rev1 LOGINDISABLED STARTTLS") as server:
        with pytest.raises(TlsFailure, match="encryption"):
            await connect(server_at(server.port), MINE)
        assert b"secret" not in b"".join(server.lines)


async def test_a_token_goes_by_whichever_mechanism_is_offered():
    async with ScriptedServer(capabilities="IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR") as server:
        assert b"AUTHENTICATE XOAUTH2 " + XOAUTH2 in await said_by(server, TOKEN)

    async with ScriptedServer(capabilities="IMAP4rev1 AUTH=OAUTHBEARER SASL-IR") as server:
        said = base64.b64encode(b"n,a=anna@example.test,\1auth=Bearer ya29.token\1\1")
        assert b"AUTHENTICATE OAUTHBEARER " + said in await said_by(server, TOKEN)

    async with ScriptedServer(capabilities="IMAP4rev1 AUTH=PLAIN") as server:
        with pytest.raises(NoSuchMechanism):
            await connect(server_at(server.port), TOKEN)


async def test_a_token_without_initial_response_waits_for_the_server():
    heard: list[bytes] = []

    async def ask(peer: Peer, tag: bytes, line: bytes) -> None:
        assert line == b"AUTHENTICATE XOAUTH2"
        await peer.send(b"+ \r\n")
        heard.append(await peer.line())
        await peer.send(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
        heard.append(await peer.line())
        await peer.send(tag + b" NO AUTHENTICATE failed.\r\n")

    async with ScriptedServer({"AUTHENTICATE": ask}, capabilities="IMAP4rev1 AUTH=XOAUTH2") as server:
        with pytest.raises(TokenRejected):
            await asyncio.wait_for(connect(server_at(server.port), TOKEN), 3)
        assert heard == [XOAUTH2, b""]


async def test_a_refused_bearer_token_is_answered_as_the_rfc_wants():
    heard: list[bytes] = []

    async def explain(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\r\n")
        heard.append(await peer.line())
        await peer.send(tag + b" NO [AUTHENTICATIONFAILED] SASL authentication failed\r\n")

    async with ScriptedServer({"AUTHENTICATE": explain}, capabilities="IMAP4rev1 AUTH=OAUTHBEARER SASL-IR") as server:
        with pytest.raises(TokenRejected):
            await asyncio.wait_for(connect(server_at(server.port), TOKEN), 3)
        assert heard == [b"AQ=="]


async def test_the_four_states_of_a_refused_login_are_four_errors():
    async with ScriptedServer({"LOGIN": b"%T NO LOGIN failed.\r\n"}) as server:
        with pytest.raises(AuthenticationFailed) as wrong:
            await connect(server_at(server.port), MINE)
        assert type(wrong.value) is AuthenticationFailed

    async with ScriptedServer({"LOGIN": b"%T NO [ALERT] Your account is not enabled for IMAP use.\r\n"}) as server:
        with pytest.raises(ImapDisabled):
            await connect(server_at(server.port), MINE)


async def test_a_greeting_that_logs_us_in_and_one_that_lists_capabilities():
    async with ScriptedServer(greeting=b"* PREAUTH [CAPABILITY IMAP4rev1 X-KNOWN] welcome\r\n") as server:
        async with ImapConnection.open(server_at(server.port), MINE) as ours:
            assert ours.has("X-KNOWN")
            assert (await ours.select("INBOX")).exists == 3
        assert not any(b"LOGIN" in line or b"CAPABILITY" in line for line in server.lines)


async def test_a_login_can_not_smuggle_a_command():
    async with ScriptedServer() as server:
        for credentials in (Password("a\r\nA9 DELETE INBOX", "x"), Password("a", "\0"), OAuthToken("a\1b", "x")):
            with pytest.raises(Unsendable):
                await connect(server_at(server.port), credentials)
        assert not any(b"DELETE" in line for line in server.lines)


async def test_secrets_do_not_show_in_errors_or_representations():
    async with ScriptedServer({"LOGIN": b"%T BAD LOGIN anna secret\r\n"}) as server:
        with pytest.raises(AuthenticationFailed) as caught:
            await connect(server_at(server.port), MINE)
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(MINE)
    assert "token" not in repr(TOKEN).replace("OAuthToken", "")
