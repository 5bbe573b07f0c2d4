"""The IMAP client that the rest of Mailsync uses.

    async with ImapConnection.open(server, Password(name, password)) as connection:
        await connection.select("INBOX")
        for message in await connection.fetch_bodies([1, 2, 3]):
            ...

One connection runs one command at a time; tasks that share it take turns. After an error other than a plain refusal
`connection.usable` is False, and the way on is another connection.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from aioimaplib.aioimaplib import AUTH

from mailsync.imap.auth import log_in
from mailsync.imap.errors import CommandRefused
from mailsync.imap.events import MailboxEvent
from mailsync.imap.idle import IdleCommands
from mailsync.imap.notify import NotifyCommands
from mailsync.imap.protocol import HardenedProtocol
from mailsync.imap.quoting import quote
from mailsync.imap.reading import ReadingCommands
from mailsync.imap.replies import Reply
from mailsync.imap.server import Credentials, ImapServer, Security
from mailsync.imap.session import Moved
from mailsync.imap.tokens import as_list, parse_values
from mailsync.imap.transport import dial
from mailsync.imap.writing import WritingCommands

CLIENT_NAME = "Mailsync"


class ImapConnection(WritingCommands, ReadingCommands, IdleCommands, NotifyCommands):
    """A logged-in connection; make it by `connect`, or by `open` as a context."""

    login_ends_at: datetime | None = None
    """From then on the server may end the session, because the access token that opened it ends."""
    counted: Moved = Moved()
    """Of what `moved`, what is counted where the provider bounds it (`mailsync/traffic`)."""

    @classmethod
    @asynccontextmanager
    async def open(cls, server: ImapServer, credentials: Credentials) -> AsyncIterator["ImapConnection"]:
        """A connection for the length of the block, closed at its end in any case."""
        connection = await connect(server, credentials)
        try:
            yield connection
        finally:
            await connection.close()

    async def noop(self) -> list[MailboxEvent]:
        """Ask whether there is news of the open folder; also what came unasked since the last look."""
        await self.run("NOOP")
        return self.take_events()

    async def compress(self) -> None:
        """Have both directions compressed from now on, where that is offered (RFC 4978) and not so already; never before
        the login. Mail comes in a third of the bytes then; it costs some 60 KB until the connection ends.

        A server that offers it and then refuses is talked to as before.
        """
        if self.has("COMPRESS=DEFLATE") and not self._protocol.compressed:
            with suppress(CommandRefused):
                await self.run("COMPRESS", "DEFLATE")

    async def id(self) -> dict[str, str]:
        """Say who we are, and learn who the server is (RFC 2971); empty where it does not tell.

        Some providers (163.com) open no folder before a client has said its name.
        """
        if not self.has("ID"):
            return {}
        return await self.ask(_identity, "ID", f"({quote('name')} {quote(CLIENT_NAME)})")


async def connect(server: ImapServer, credentials: Credentials) -> ImapConnection:
    """Connect, encrypt, log in, enable CONDSTORE or QRESYNC; whoever calls must `close()` the result.

    Raises the errors of `mailsync.imap.errors`; nothing stays open then.
    """
    return await enter(server, await dial(server), credentials)


async def enter(server: ImapServer, protocol: HardenedProtocol, credentials: Credentials) -> ImapConnection:
    """The second half of `connect`: log in where `dial` has brought us, and enable."""
    connection = ImapConnection(server, protocol)
    try:
        # What the greeting says before STARTTLS may be an attacker's word.
        greeting = b"" if server.security is Security.STARTTLS else await protocol.greeting
        already = protocol.state == AUTH
        await log_in(connection, credentials, greeting, already=already)
        if connection.has("ID"):
            await connection.id()
    except BaseException:
        connection.discard()
        raise
    return connection


def _identity(reply: Reply) -> dict[str, str]:
    answer = next(reply.of(b"ID"), None)
    values = parse_values(answer.parts) if answer is not None else []
    pairs = iter(as_list(values[0]) if values and values[0] is not None else [])
    return {
        name.decode("utf-8", "replace").lower(): value.decode("utf-8", "replace")
        for name, value in zip(pairs, pairs, strict=False)
        if isinstance(name, bytes) and isinstance(value, bytes)
    }
