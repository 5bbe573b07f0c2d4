"""Where a mailbox lives and how one gets in: values only, no network."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class Security(StrEnum):
    """How the connection is encrypted."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ImapServer:
    """One IMAP service. Times are seconds, sizes bytes."""

    host: str
    port: int = 993
    security: Security = Security.TLS
    ssl_context: ssl.SSLContext | None = None
    """Without one, the context that the whole process shares (a context of its own costs 1 MB and 17 ms)."""
    connect_timeout: float = 20.0
    """For everything until the greeting: DNS, TCP, TLS."""
    command_timeout: float = 60.0
    """How long a command may pass without a byte from the server."""
    reply_timeout: float = 600.0
    """How long a command may take in all, however busily the server sends."""
    reply_limit: int = 256 * 1024 * 1024
    """More than this in one reply is refused: announced literals at once, the rest when it has come."""
    address: str | None = None
    """Connect to this address instead of resolving `host` again; a caller that vetted it is then safe from rebinding."""


@dataclass(frozen=True, slots=True)
class Password:
    """Log in with a password or an app password."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuthToken:
    """Log in with an OAuth 2 access token that is valid now; refreshing it is the caller's work."""

    username: str
    access_token: str = field(repr=False)


Credentials = Password | OAuthToken


@lru_cache(maxsize=1)
def shared_tls_context() -> ssl.SSLContext:
    """The process's one client context: system roots, host names checked, TLS 1.2 or newer."""
    return ssl.create_default_context()
