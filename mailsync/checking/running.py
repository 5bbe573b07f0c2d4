"""A test from its first step to its last: for what a person gave, and for a mailbox that is stored."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace

from core.config import Settings
from core.errors import MailsyncError, UsageError
from delivery.servers import parse_smtp_url, server_with_token
from mailsync.account import IMAP_LOGIN, SMTP_LOGIN, imap_server
from mailsync.checking.reading import reading_steps
from mailsync.checking.results import Check, Field, Problem, Step
from mailsync.checking.sending import sending_check
from mailsync.imap.server import ImapServer, OAuthToken, Password, Security
from mailsync.logins import NewMailbox, complete
from mailsync.oauth.tokens import access_token
from mailsync.presets import preset_of_host
from storage.models import Mailbox
from storage.store import Store


async def connection_steps(given: NewMailbox, settings: Settings) -> AsyncGenerator[Check, None]:
    """Each step as it is done; ends with the first that fails.

    Sending is tried last: a wrong password that is tried twice counts twice where a provider locks people out.
    Raises `UsageError` for what can not even be tried.
    """
    given = complete(given)
    server = ImapServer(given.imap_host or "", given.imap_port or 993, given.imap_security or Security.TLS)
    login = Password(given.username or given.email, given.password)
    outgoing = None
    if given.smtp_url:
        outgoing = parse_smtp_url(given.smtp_url, given.smtp_password, allow_private=settings.allow_private_hosts)
    async for check in reading_steps(server, login, allow_private=settings.allow_private_hosts):
        yield _with_hint(check, server.host)
        if check.problem:
            return
    if outgoing is not None:
        yield _with_hint(await sending_check(outgoing, given.email), outgoing.host)


async def check_connection(given: NewMailbox, settings: Settings) -> list[Check]:
    """All steps of a test, up to the first that failed."""
    return [check async for check in connection_steps(given, settings)]


def raise_problem(checks: Iterable[Check]) -> None:
    """Raise `UsageError` with the first problem, if there is one."""
    for check in checks:
        if check.problem:
            half = "SMTP" if check.step is Step.SENDING else "IMAP"
            raise UsageError(f"{half}: {check.problem.words}")


async def mailbox_steps(store: Store, settings: Settings, row: Mailbox) -> AsyncGenerator[Check, None]:
    """Try the connection of a stored mailbox again."""
    if row.oauth_provider is None:
        password = store.keys.decrypt(IMAP_LOGIN, row.password_encrypted)
        given = given_of(row, password, opened_secret(store, SMTP_LOGIN, row.smtp_password_encrypted))
        async for check in connection_steps(given, settings):
            yield check
        return
    try:
        token = await access_token(store, settings, row.id, row.oauth_provider)
    except MailsyncError as error:
        yield Check(Step.SIGN_IN, Problem(str(error)))
        return
    private = settings.allow_private_hosts
    async for check in reading_steps(imap_server(row), OAuthToken(row.username, token.value), allow_private=private):
        yield check
        if check.problem:
            return
    if row.smtp_url:
        outgoing = server_with_token(row.smtp_url, row.username, token.value, allow_private=private)
        yield await sending_check(outgoing, row.email)


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


def _with_hint(check: Check, host: str) -> Check:
    """What the provider asks of its users, behind a refused login: many servers say no more than “failed”."""
    preset = preset_of_host(host)
    if check.problem is None or preset is None or check.problem.field not in (Field.PASSWORD, Field.SMTP_PASSWORD):
        return check
    return replace(check, problem=replace(check.problem, hint=preset.note, help=preset.help))
