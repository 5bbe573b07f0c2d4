"""From a stored mailbox to a connection: where its server is, and how to get in."""

from dataclasses import replace

from core.config import Settings
from core.crypto import KeyRing
from core.logging import get_logger
from delivery.hosts import resolve_host
from mailsync.imap.connection import ImapConnection, connect
from mailsync.imap.errors import ConnectionRefused, TokenRejected, Unavailable
from mailsync.imap.server import Credentials, ImapServer, OAuthToken, Password, Security
from mailsync.oauth.tokens import AccessToken, access_token
from storage.models import Mailbox
from storage.store import Store

IMAP_LOGIN, SMTP_LOGIN = "mailbox.imap", "mailbox.smtp"
"""Purposes under which the two passwords are encrypted."""

log = get_logger(__name__)


def imap_server(mailbox: Mailbox) -> ImapServer:
    """The IMAP service of a mailbox."""
    return ImapServer(mailbox.imap_host, mailbox.imap_port, Security(mailbox.imap_security))


def imap_password(mailbox: Mailbox, keys: KeyRing) -> Password:
    """The stored login. Raises `Permanent` when its key is gone."""
    return Password(mailbox.username, keys.decrypt(IMAP_LOGIN, mailbox.password_encrypted))


async def open_connection(store: Store, settings: Settings, mailbox: Mailbox) -> ImapConnection:
    """A logged-in connection to the mailbox's server; the caller closes it. An access token is fresh when it needs to be.

    Raises `mailsync.imap.errors`, `UsageError` for a host that does not exist or that we may not talk to, and, where
    the mailbox is entered by OAuth, what `mailsync.oauth.tokens.access_token` raises.
    """
    if mailbox.oauth_provider is None:
        return await connect_vetted(imap_server(mailbox), imap_password(mailbox, store.keys), settings)
    provider = mailbox.oauth_provider
    token = await access_token(store, settings, mailbox.id, provider)
    try:
        return await _signed_in(mailbox, token, settings)
    except TokenRejected:  # Revoked or replaced before its time: one fresh one, and then it is the person's turn.
        log.info("mailbox.token_refused", mailbox_id=mailbox.id)
        token = await access_token(store, settings, mailbox.id, provider, refused=token.value)
        return await _signed_in(mailbox, token, settings)


async def prepare_login(store: Store, settings: Settings, mailbox: Mailbox) -> None:
    """Have an access token fresh before a login is begun, so that nobody stands in line behind a slow provider.

    Raises what `access_token` raises; does nothing for a mailbox with a password.
    """
    if mailbox.oauth_provider is not None:
        await access_token(store, settings, mailbox.id, mailbox.oauth_provider)


async def _signed_in(mailbox: Mailbox, token: AccessToken, settings: Settings) -> ImapConnection:
    connection = await connect_vetted(imap_server(mailbox), OAuthToken(mailbox.username, token.value), settings)
    connection.login_ends_at = token.renew_at
    return connection


async def connect_vetted(server: ImapServer, credentials: Credentials, settings: Settings) -> ImapConnection:
    """Connect to the addresses that `server.host` has now, each judged before: the first that takes us. Raises as above."""
    *others, last = await resolve_host(server.host, allow_private=settings.allow_private_hosts)
    for address in others:
        try:
            return await connect(replace(server, address=address), credentials)
        except (ConnectionRefused, Unavailable):
            continue  # A host with IPv6 that this network does not carry.
    return await connect(replace(server, address=last), credentials)
