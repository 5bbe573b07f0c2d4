"""Mailboxes on Dovecot, and our client on them."""

from typing import Any

from mailsync.imap.connection import ImapConnection
from mailsync.imap.server import ImapServer, Password, Security
from servers.dovecot import Dovecot

MAIL = b"From: anna@example.test\r\nMessage-ID: <%d@example.test>\r\nSubject: Offer ( %d\r\n\r\nAs agreed * %d.\r\n"


def mails(count: int, first: int = 1) -> list[bytes]:
    return [MAIL % (number, number, number) for number in range(first, first + count)]


def at(server: Dovecot, security: Security = Security.NONE, **settings: Any) -> ImapServer:
    port = server.tls_port if security is Security.TLS else server.port
    return ImapServer(server.host, port, security, ssl_context=server.ssl_context, **settings)


def opened(server: Dovecot, user: str, security: Security = Security.NONE):
    return ImapConnection.open(at(server, security), Password(user, server.password))
