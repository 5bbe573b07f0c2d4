"""From a stored mailbox to a connection: where its server is, and how to get in."""

from dataclasses import replace

from core.config import Settings
from core.crypto import KeyRing
from delivery.hosts import resolve_host
from mailsync.imap.connection import ImapConnection, connect
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

    Raises `mailsync.imap.errors`, and `UsageError` for a host on a private network where that is not allowed.
    """
    server = imap_server(mailbox)
    addresses = await resolve_host(server.host, allow_private=settings.allow_private_hosts)
    return await connect(replace(server, address=addresses[0]), imap_password(mailbox, keys))
