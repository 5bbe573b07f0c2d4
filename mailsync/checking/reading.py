"""The IMAP half of a test: the same calls as the engine makes later, one by one, so that each can fail by itself."""

from collections.abc import AsyncGenerator
from dataclasses import replace

from core.errors import MailsyncError, Transient, UsageError
from delivery.hosts import resolve_host
from mailsync.checking.results import Check, Field, Problem, SeenFolder, Step
from mailsync.imap.connection import ImapConnection, enter
from mailsync.imap.errors import (
    AuthenticationFailed,
    CommandRefused,
    ConnectionLost,
    ConnectionRefused,
    ImapError,
    NoSuchFolder,
    ProtocolError,
    TlsFailure,
    Unavailable,
    Unsendable,
)
from mailsync.imap.folder_status import FolderStatus
from mailsync.imap.folders import ListedFolder
from mailsync.imap.protocol import HardenedProtocol
from mailsync.imap.server import Credentials, ImapServer, Security
from mailsync.imap.transport import dial
from mailsync.roles import roles_of

CONNECT_SECONDS = 10.0
"""A person waits for the answer, so less patience than the engine has."""


async def reading_steps(
    server: ImapServer, credentials: Credentials, *, allow_private: bool
) -> AsyncGenerator[Check, None]:
    """Find, connect, encrypt, sign in, folders; ends with the first that fails. Nothing stays open."""
    server = replace(server, connect_timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS * 2)
    try:
        addresses = await resolve_host(server.host, allow_private=allow_private)
    except (UsageError, Transient) as error:
        yield Check(Step.FIND, Problem(str(error), Field.IMAP_HOST))
        return
    yield Check(Step.FIND, detail=server.host)
    try:
        protocol = await _dial_any(server, addresses)
    except ImapError as error:
        for check in _not_dialled(error):
            yield check
        return
    try:
        yield Check(Step.CONNECT, detail=f"{server.host}:{server.port}")
        if server.security is not Security.NONE:
            yield Check(Step.ENCRYPT, detail=_encryption(protocol))
        async for check in _inside(server, protocol, credentials):
            yield check
    finally:  # Also for whoever leaves in the middle.
        protocol.fail(ConnectionLost())


async def _inside(
    server: ImapServer, protocol: HardenedProtocol, credentials: Credentials
) -> AsyncGenerator[Check, None]:
    try:
        connection = await enter(server, protocol, credentials)
    except MailsyncError as error:
        yield Check(Step.SIGN_IN, _login_problem(error))
        return
    yield Check(Step.SIGN_IN)
    yield await _folders(connection)


async def _dial_any(server: ImapServer, addresses: list[str]) -> HardenedProtocol:
    *others, last = addresses
    for address in others:
        try:
            return await dial(replace(server, address=address))
        except (ConnectionRefused, Unavailable):
            continue  # A host with IPv6 that this network does not carry.
    return await dial(replace(server, address=last))


def _not_dialled(error: ImapError) -> list[Check]:
    if isinstance(error, TlsFailure):
        return [Check(Step.CONNECT), Check(Step.ENCRYPT, Problem(str(error), Field.IMAP_SECURITY))]
    known = isinstance(error, ConnectionRefused | Unavailable | ProtocolError)
    return [Check(Step.CONNECT, Problem(str(error), Field.IMAP_PORT if known else None))]


def _encryption(protocol: HardenedProtocol) -> str:
    chosen = protocol.transport.get_extra_info("ssl_object")
    version = chosen.version() if chosen is not None else None
    return (version or "").replace("TLSv", "TLS ")


def _login_problem(error: MailsyncError) -> Problem:
    if isinstance(error, TlsFailure):
        return Problem(str(error), Field.IMAP_SECURITY)
    return Problem(str(error), Field.PASSWORD if isinstance(error, AuthenticationFailed | Unsendable) else None)


async def _folders(connection: ImapConnection) -> Check:
    try:
        listed = [one for one in await connection.list_folders() if one.selectable]
        statuses = await _statuses(connection, listed)
        roles = roles_of(listed)
        await connection.select("INBOX")
    except NoSuchFolder:
        return Check(
            Step.FOLDERS, Problem("The mailbox has no inbox: sign in to it in a browser once, then try again.")
        )
    except MailsyncError as error:
        return Check(Step.FOLDERS, Problem(str(error)))
    finally:
        await connection.close()
    seen = tuple(
        SeenFolder(
            one.name, one.delimiter, roles[one.name], statuses[one.name].messages if one.name in statuses else None
        )
        for one in listed
    )
    return Check(Step.FOLDERS, folders=seen)


async def _statuses(connection: ImapConnection, listed: list[ListedFolder]) -> dict[str, FolderStatus]:
    """How the folders stand; a server that refuses to tell is no worse a server."""
    try:
        return await connection.statuses(one.name for one in listed)
    except CommandRefused:
        return {}
