"""Connecting a mailbox: settings found from the address, tested before they are saved; paused, resumed, removed."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlsplit, urlunsplit

from sqlalchemy.exc import IntegrityError

from core.addresses import address_key, domain_of
from core.clock import utcnow
from core.config import Settings
from core.errors import Conflict, MailsyncError, UsageError
from core.logging import get_logger
from crm.access import repository as people
from crm.access.viewer import Viewer
from delivery.servers import parse_smtp_url
from delivery.smtp import check_server
from mailsync import repository
from mailsync.account import IMAP_LOGIN, SMTP_LOGIN, connect_vetted
from mailsync.imap.server import ImapServer, Password, Security
from mailsync.presets import preset_for
from storage.models import Mailbox, MailboxState, ShareLevel
from storage.store import Store

DEFAULT_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
LAST_PORT = 65535

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """What a person gave. What is None comes from the provider's preset.

    A mailbox of one person (`owner_id`, or whoever signs in with its address) starts private: what colleagues may read
    of it on records is theirs to open (`share_level`). Mail since `new_since` may create records (now, by default);
    history is loaded back to `depth_since` (all, if None).
    """

    email: str
    password: str
    name: str = ""
    imap_host: str | None = None
    imap_port: int | None = None
    imap_security: Security | None = None
    username: str | None = None
    smtp_url: str | None = None
    smtp_password: str | None = None
    owner_id: int | None = None
    shared: bool = False
    share_level: ShareLevel | None = None
    new_since: datetime | None = None
    depth_since: datetime | None = None
    receives_intake: bool = False
    authserv_id: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one half of a connection test; `problem` is None when it worked."""

    what: str
    problem: str | None


def complete(given: NewMailbox) -> NewMailbox:
    """Fill in hosts, ports and user name. Raises `UsageError` when neither the person nor a preset names a server."""
    key = address_key(given.email)
    if not domain_of(key):
        raise UsageError("That is not an e-mail address: it needs a name, an @ and a domain.")
    if given.imap_port is not None and not 1 <= given.imap_port <= LAST_PORT:
        raise UsageError(f"A port is a number from 1 to {LAST_PORT}: check the IMAP port, usually 993 or 143.")
    preset = preset_for(key)
    if given.imap_host is None and preset is None:
        raise UsageError("The servers of this address are not known: give the IMAP host (--imap-host).")
    if given.imap_host is None and preset is not None:
        given = replace(
            given,
            imap_host=preset.imap_host,
            imap_port=given.imap_port or preset.imap_port,
            imap_security=given.imap_security or Security(preset.imap_security),
            smtp_url=given.smtp_url or preset.smtp,
        )
    security = given.imap_security or Security.TLS
    username = given.username or given.email
    smtp_url = _with_user(given.smtp_url, username) if given.smtp_url else None
    logs_in = smtp_url is not None and "@" in urlsplit(smtp_url).netloc
    return replace(
        given,
        imap_security=security,
        imap_port=given.imap_port or DEFAULT_PORTS[security],
        username=username,
        smtp_url=smtp_url,
        smtp_password=(given.smtp_password or given.password) if logs_in else None,
    )


def _with_user(smtp_url: str, username: str) -> str:
    """The URL with a user in it, where its connection is encrypted and it names none: the same login sends and reads."""
    parts = urlsplit(smtp_url)
    if parts.scheme == "smtp" or "@" in parts.netloc:
        return smtp_url
    return urlunsplit(parts._replace(netloc=f"{quote(username, safe='')}@{parts.netloc}"))


async def check_connection(given: NewMailbox, settings: Settings) -> list[Check]:
    """Try IMAP and, where it is named, SMTP; every failure in words that a person can act on."""
    given = complete(given)
    checks = [Check("IMAP", await _problem(_try_imap(given, settings)))]
    if given.smtp_url:
        checks.append(Check("SMTP", await _problem(_try_smtp(given, settings))))
    return checks


def add_mailbox(store: Store, settings: Settings, given: NewMailbox, *, test: bool = True) -> int:
    """Test the connection, save the mailbox, return its id; the supervisor takes it up by itself.

    Raises `UsageError` with the server's trouble in words when the test fails, `Conflict` when it is connected already.
    """
    given = complete(given)
    if test:
        _raise_problem(asyncio.run(check_connection(given, settings)))
    row = _row(store, given)
    try:
        with store.database.unit_of_work() as session:
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Conflict("This mailbox is connected already.") from None
    log.info("mailbox.added", mailbox_id=row.id)
    return row.id


def change_password(store: Store, settings: Settings, viewer: Viewer, mailbox_id: int, password: str) -> None:
    """Test a new password, save it and go on at once, unless paused. The sending side gets it too where it had the old one.

    Raises `UsageError` when the server does not take it; then the old one stays.
    """
    with store.database.reading() as session:
        row = repository.mailbox(session, mailbox_id)
    _require_right(viewer, row)
    smtp = _opened(store, SMTP_LOGIN, row.smtp_password_encrypted)
    shared = smtp is not None and smtp == _opened(store, IMAP_LOGIN, row.password_encrypted)
    new_smtp = password if shared else smtp
    _raise_problem(asyncio.run(check_connection(_given(row, password, new_smtp), settings)))
    with store.database.unit_of_work() as session:
        row = repository.mailbox(session, mailbox_id)
        row.password_encrypted = store.keys.encrypt(IMAP_LOGIN, password)
        row.smtp_password_encrypted = store.keys.encrypt(SMTP_LOGIN, new_smtp) if new_smtp else None
        if row.state not in repository.RESTING:
            row.state, row.state_reason, row.retry_at = MailboxState.CONNECTING, "", None
            repository.ask_for_pass(session, mailbox_id)


def check_mailbox(store: Store, settings: Settings, row: Mailbox) -> list[Check]:
    """Try the connection of a stored mailbox again."""
    password = store.keys.decrypt(IMAP_LOGIN, row.password_encrypted)
    given = _given(row, password, _opened(store, SMTP_LOGIN, row.smtp_password_encrypted))
    return asyncio.run(check_connection(given, settings))


def _given(row: Mailbox, password: str, smtp_password: str | None) -> NewMailbox:
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


def _opened(store: Store, purpose: str, encrypted: str | None) -> str | None:
    return store.keys.decrypt(purpose, encrypted) if encrypted else None


def _raise_problem(checks: list[Check]) -> None:
    for check in checks:
        if check.problem:
            raise UsageError(f"{check.what}: {check.problem}")


def share_mailbox(store: Store, viewer: Viewer, mailbox_id: int, level: ShareLevel) -> None:
    """Say what colleagues who meet its mail on a record may read of it."""
    with store.database.unit_of_work() as session:
        row = repository.mailbox(session, mailbox_id)
        _require_right(viewer, row)
        row.share_level = level


def pause_mailbox(store: Store, viewer: Viewer, mailbox_id: int) -> None:
    """Stop syncing until `resume_mailbox`."""
    _set_by_hand(store, viewer, mailbox_id, MailboxState.PAUSED, "Paused by hand.")


def resume_mailbox(store: Store, viewer: Viewer, mailbox_id: int) -> None:
    """Go on where it stopped, at once: also with a mailbox that waits before its server is tried again."""
    _set_by_hand(store, viewer, mailbox_id, MailboxState.CONNECTING, "")


def _set_by_hand(store: Store, viewer: Viewer, mailbox_id: int, state: MailboxState, reason: str) -> None:
    with store.database.unit_of_work() as session:
        row = repository.mailbox(session, mailbox_id)
        _require_right(viewer, row)
        row.state, row.state_reason, row.retry_at = state, reason, None
        if state not in repository.RESTING:
            repository.ask_for_pass(session, mailbox_id)


def _require_right(viewer: Viewer, row: Mailbox) -> None:
    """A mailbox is steered by its owner and by administrators."""
    if viewer.is_system or row.owner_id != viewer.user_id:
        viewer.require_administrator()


def _row(store: Store, given: NewMailbox) -> Mailbox:
    now = utcnow()
    owner_id = given.owner_id
    if owner_id is None and not given.shared:
        with store.database.reading() as session:
            person = people.person_by_key(session, Viewer.system(), address_key(given.email))
        owner_id = person.id if person else None
    return Mailbox(
        email=given.email,
        email_key=address_key(given.email),
        name=given.name,
        owner_id=owner_id,
        shared=given.shared,
        share_level=given.share_level or (ShareLevel.EVERYTHING if owner_id is None else ShareLevel.PRIVATE),
        imap_host=given.imap_host,
        imap_port=given.imap_port,
        imap_security=(given.imap_security or Security.TLS).value,
        username=given.username,
        password_encrypted=store.keys.encrypt(IMAP_LOGIN, given.password),
        smtp_url=given.smtp_url,
        smtp_password_encrypted=store.keys.encrypt(SMTP_LOGIN, given.smtp_password) if given.smtp_password else None,
        connected_at=now,
        new_since=given.new_since or now,
        depth_since=given.depth_since,
        receives_intake=given.receives_intake,
        authserv_id=given.authserv_id,
    )


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
