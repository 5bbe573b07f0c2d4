"""The test of a mailbox's servers, before it is saved and whenever somebody asks: each failure in words to act on."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from core.config import Settings
from core.errors import MailsyncError, UsageError
from delivery.servers import parse_smtp_url, server_with_token
from delivery.smtp import check_server
from mailsync.account import IMAP_LOGIN, SMTP_LOGIN, connect_vetted, open_connection
from mailsync.imap.server import ImapServer, Password, Security
from mailsync.logins import NewMailbox, complete
from mailsync.oauth.tokens import access_token
from storage.models import Mailbox, OAuthProvider
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one half of a connection test; `problem` is None when it worked."""

    what: str
    problem: str | None


async def check_connection(given: NewMailbox, settings: Settings) -> list[Check]:
    """Try IMAP and, where it is named, SMTP; every failure in words that a person can act on."""
    given = complete(given)
    checks = [Check("IMAP", await _problem(_try_imap(given, settings)))]
    if given.smtp_url:
        checks.append(Check("SMTP", await _problem(_try_smtp(given, settings))))
    return checks


def raise_problem(checks: list[Check]) -> None:
    """Raise `UsageError` with the first problem, if there is one."""
    for check in checks:
        if check.problem:
            raise UsageError(f"{check.what}: {check.problem}")


def check_mailbox(store: Store, settings: Settings, row: Mailbox) -> list[Check]:
    """Try the connection of a stored mailbox again."""
    if row.oauth_provider is not None:
        return asyncio.run(_check_signed_in(store, settings, row, row.oauth_provider))
    password = store.keys.decrypt(IMAP_LOGIN, row.password_encrypted)
    given = given_of(row, password, opened_secret(store, SMTP_LOGIN, row.smtp_password_encrypted))
    return asyncio.run(check_connection(given, settings))


def given_of(row: Mailbox, password: str, smtp_password: str | None) -> NewMailbox:
    """What a stored mailbox would be connected with."""
    return NewMailbox(
        email=row.email,
        password=password,
        imap_host=row.imap_host,
        imap_port=row.imap_port,
        imap_security=Security(row.imap_security),
        username=row.username,
        smtp_url=row.smtp_url,
        smtp_password=smtp_password,
    )


def opened_secret(store: Store, purpose: str, encrypted: str | None) -> str | None:
    """A stored password; None where there is none."""
    return store.keys.decrypt(purpose, encrypted) if encrypted else None


async def _check_signed_in(store: Store, settings: Settings, row: Mailbox, provider: OAuthProvider) -> list[Check]:
    checks = [Check("IMAP", await _problem(_try_stored(store, settings, row)))]
    if row.smtp_url:
        checks.append(Check("SMTP", await _problem(_try_sending(store, settings, row, row.smtp_url, provider))))
    return checks


async def _try_stored(store: Store, settings: Settings, row: Mailbox) -> None:
    connection = await open_connection(store, settings, row)
    try:
        await connection.select("INBOX")
    finally:
        await connection.close()


async def _try_sending(store: Store, settings: Settings, row: Mailbox, url: str, provider: OAuthProvider) -> None:
    token = await access_token(store, settings, row.id, provider)
    await check_server(server_with_token(url, row.username, token.value, allow_private=settings.allow_private_hosts))


async def _try_imap(given: NewMailbox, settings: Settings) -> None:
    host = given.imap_host or ""
    server = ImapServer(host, given.imap_port or 993, given.imap_security or Security.TLS)
    login = Password(given.username or given.email, given.password)
    connection = await connect_vetted(server, login, settings)
    try:
        await connection.select("INBOX")
    finally:
        await connection.close()


async def _try_smtp(given: NewMailbox, settings: Settings) -> None:
    server = parse_smtp_url(given.smtp_url or "", given.smtp_password, allow_private=settings.allow_private_hosts)
    await check_server(server)


async def _problem(attempt: Awaitable[None]) -> str | None:
    try:
        await attempt
    except MailsyncError as error:
        return str(error)
    return None
