"""A mail server that takes our mail: where it is, how the way there is encrypted, who we are to it.

An address is typed as `smtp+starttls://user@host:587`, `smtps://user@host` or `smtp://host`. The password is never
part of it: it comes from standard input or the encrypted store.
"""

import ssl
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from core.errors import UsageError
from delivery.hosts import is_loopback


class Security(StrEnum):
    """How the connection is encrypted."""

    TLS = "tls"
    """From the first byte (port 465)."""
    STARTTLS = "starttls"
    """Demanded after the greeting (port 587); there is no falling back to plain text."""
    NONE = "none"
    """Not at all: no password is ever sent, except to this very machine."""


_SCHEMES = {"smtp": Security.NONE, "smtps": Security.TLS, "smtp+starttls": Security.STARTTLS}
_PORTS = {Security.NONE: 25, Security.TLS: 465, Security.STARTTLS: 587}
_FORMS = "smtp+starttls://user@host:587, smtps://user@host:465 or smtp://host:25"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Everything needed to reach one server. `timeout` is in seconds and for one answer, not for a whole mail."""

    host: str
    port: int
    security: Security
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    """An OAuth bearer token, used by XOAUTH2 in place of the password."""
    ssl_context: ssl.SSLContext | None = None
    """Whom to trust; by default the machine's certificate authorities."""
    timeout: float = 60.0
    allow_private: bool = False
    client_name: str | None = None
    """What we call ourselves in EHLO; by default the literal of our own address."""

    def __post_init__(self) -> None:
        secret = self.password is not None or self.access_token is not None
        if secret and self.security is Security.NONE and not is_loopback(self.host):
            raise UsageError("A password needs an encrypted connection: use smtp+starttls:// or smtps://.")


def parse_smtp_url(url: str, password: str | None, *, allow_private: bool) -> SmtpServer:
    """The server that `url` describes. Raises `UsageError` with the sentence to show."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise UsageError(f"That is not the address of a mail server; write {_FORMS}.") from None
    security = _SCHEMES.get(parts.scheme)
    if security is None:
        raise UsageError(f"The address of a mail server begins with smtp+starttls://, smtps:// or smtp://: {_FORMS}.")
    if parts.password is not None:
        raise UsageError("Leave the password out of the address; give it on standard input.")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise UsageError(f"That is not the address of a mail server; write {_FORMS}.")
    username = unquote(parts.username) if parts.username else None
    if password is not None and username is None:
        raise UsageError("There is a password but no user name; write it as user@ before the host.")
    return SmtpServer(
        host=parts.hostname,
        port=_PORTS[security] if port is None else port,
        security=security,
        username=username if password is not None else None,
        password=password,
        allow_private=allow_private,
    )


def server_with_token(url: str, username: str, access_token: str, *, allow_private: bool) -> SmtpServer:
    """The server that `url` describes, entered with an OAuth access token. Raises `UsageError` as `parse_smtp_url`."""
    server = parse_smtp_url(url, None, allow_private=allow_private)
    return replace(server, username=username, access_token=access_token)
