"""An IMAP server that does what Dovecot can not be asked to do: misbehave on demand.

It answers by command name. `answers` gives what is sent for a command, as bytes in which `%T` stands for the tag, or as
a coroutine function `(peer, tag, line)`; commands that are not named there are answered as a plain server would. The
same script is played to stock aioimaplib and to ours, so that a test shows the fault first and then the remedy.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aioimaplib import IMAP4

from mailsync.imap.connection import ImapConnection, connect
from mailsync.imap.server import Credentials, ImapServer, Password, Security

HOST = "127.0.0.1"
CAPABILITIES = "IMAP4rev1 IDLE MOVE UIDPLUS"
SELECTED = (
    b"* 3 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Deleted)\r\n* OK [UIDVALIDITY 7] valid\r\n"
    b"* OK [UIDNEXT 100] next\r\n%T OK [READ-WRITE] open\r\n"
)
STOCK_HANGS = 0.6
"""Seconds without an answer after which stock aioimaplib is taken to wait for ever."""


class Peer:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def line(self) -> bytes:
        line = await self.reader.readline()
        if not line:
            raise ConnectionResetError
        return line.rstrip(b"\r\n")

    def drop(self) -> None:
        """Cut the connection without a word."""
        self.writer.transport.abort()


Answer = bytes | Callable[[Peer, bytes, bytes], Awaitable[None]]


class ScriptedServer:
    """Listens on `port` as soon as it is entered; `lines` is what clients sent."""

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        capabilities: str = CAPABILITIES,
        greeting: bytes = b"* OK ready\r\n",
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        announced = b"* CAPABILITY %b\r\n%%T OK\r\n" % capabilities.encode()
        self._answers: dict[str, Answer] = {
            "CAPABILITY": announced,
            "SELECT": SELECTED,
            "EXAMINE": SELECTED,
            "LOGOUT": b"* BYE\r\n%T OK\r\n",
            "ENABLE": b"* ENABLED CONDSTORE QRESYNC\r\n%T OK\r\n",
            **(answers or {}),
        }
        self._greeting = greeting
        self._ssl_context = ssl_context
        self._tasks: set[asyncio.Task[None]] = set()
        self.lines: list[bytes] = []
        self.connections = 0

    async def __aenter__(self) -> "ScriptedServer":
        self._server = await asyncio.start_server(self._serve, HOST, 0, ssl=self._ssl_context)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._talk(Peer(reader, writer))
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def _talk(self, peer: Peer) -> None:
        await peer.send(self._greeting)
        while True:
            line = await peer.line()
            self.lines.append(line)
            tag, _, rest = line.partition(b" ")
            await self._answer(peer, tag, rest)

    async def _answer(self, peer: Peer, tag: bytes, rest: bytes) -> None:
        words = rest.decode(errors="replace").upper().split()
        name = " ".join(words[:2]) if words[:1] == ["UID"] else (words or [""])[0]
        answer = self._answers.get(name, b"%T OK done\r\n")
        if isinstance(answer, bytes):
            await peer.send(answer.replace(b"%T", tag))
            if name == "LOGOUT":
                raise ConnectionResetError
        else:
            await answer(peer, tag, rest)


def server_at(port: int, **settings: Any) -> ImapServer:
    """How our client finds the scripted server."""
    defaults: dict[str, Any] = {"security": Security.NONE, "connect_timeout": 5.0, "command_timeout": 5.0}
    return ImapServer(HOST, port, **(defaults | settings))


@asynccontextmanager
async def our_client(
    port: int, *, credentials: Credentials | None = None, select: bool = True, **settings: object
) -> AsyncIterator[ImapConnection]:
    """Ours, logged in, with a folder open."""
    connection = await connect(server_at(port, **settings), credentials or Password("anna", "secret"))
    try:
        if select:
            await connection.select("INBOX")
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def stock_client(port: int, *, select: bool = True, timeout: float = 2.0) -> AsyncIterator[IMAP4]:
    """aioimaplib as it comes, in the same state."""
    client = IMAP4(HOST, port, timeout=timeout)
    try:
        await client.wait_hello_from_server()
        await client.login("anna", "secret")
        if select:
            await client.select()
        yield client
    finally:
        await _end(client)


async def _end(client: IMAP4) -> None:
    """Stock clients leave tasks behind that wait for ever."""
    if client.protocol.transport is not None:
        client.protocol.transport.abort()
    left = [*client.tasks, *client.protocol.tasks, client._client_task]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def drop(peer: Peer, tag: bytes, line: bytes) -> None:
    """A server that hangs up instead of an answer."""
    peer.drop()


def fetched(*uids: int) -> bytes:
    """Answers to a FETCH, one for each message."""
    return b"".join(b"* %d FETCH (UID %d FLAGS ())\r\n" % (uid, uid) for uid in uids)
