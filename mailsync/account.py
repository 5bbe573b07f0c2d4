"""From a stored mailbox to a connection: where its server is, and how to get in."""

from dataclasses import replace

from core.config import Settings
from core.crypto import KeyRing
from delivery.hosts import resolve_host
from mailsync.imap.connection import ImapConnection, connect
from mailsync.imap.errors import ConnectionRefused, Unavailable
from mailsync.imap.server import ImapServer, Password, Security
from storage.models import Mailbox

IMAP_LOGIN, SMTP_LOGIN = "mailbox.imap", "mailbox.smtp"
"""Purposes under which the two passwords are encrypted."""


def imap_server(mailbox: Mailbox) -> ImapServer:
    """The IMAP service of a mailbox."""
    return ImapServer(mailbox.imap_host, mailbox.imap_port, Security(mailbox.imap_security))


def imap_password(mailbox: Mailbox, keys: KeyRing) -> Password:
    """The stored login. Raises `Permanent` when its key is gone."""
    return Password(mailbox.username, keys.decrypt(IMAP_LOGIN, mailbox.password_encrypted))


async def open_connection(mailbox: Mailbox, keys: KeyRing, settings: Settings) -> ImapConnection:
    """A logged-in connection to the mailbox's server; the caller closes it.

    Raises `mailsync.imap.errors`, and `UsageError` for a host that does not exist or that we may not talk to.
    """
    return await connect_vetted(imap_server(mailbox), imap_password(mailbox, keys), settings)


async def connect_vetted(server: ImapServer, credentials: Password, settings: Settings) -> ImapConnection:
    """Connect to the addresses that `server.host` has now, each judged before: the first that takes us. Raises as above."""
    *others, last = await resolve_host(server.host, allow_private=settings.allow_private_hosts)
    for address in others:
        try:
            return await connect(replace(server, address=address), credentials)
        except (ConnectionRefused, Unavailable):
            continue  # A host with IPv6 that this network does not carry.
    return await connect(replace(server, address=last), credentials)
