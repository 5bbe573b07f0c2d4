"""Addresses as reports write them: `rfc822; <ann@example.org>`, `"ann"@example.org (Ann)`."""

import re

ADDRESS = re.compile(
    r"[^\s<>()\[\]:;,\"'=/|{}]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}\.){0,10}[A-Za-z0-9_-]{1,62}(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"
)
DAEMONS = (
    "mail.delivery",
    "mail-deliver",
    "system-administrator",
    "mdaemon@",
    "mailer-daemon",
    "postmaster",
    "mail-daemon",
    "mailerdaemon",
    "mailer_daemon",
    "mdaemon",
    "mailadmin",
    "double-bounce",
)


def address_in(value: str) -> str:
    """The first address of a text, without type, brackets and comment; empty if there is none."""
    match = ADDRESS.search(value[:1_000])
    return match[0].strip(".'\"") if match else ""


def is_daemon(address: str) -> bool:
    """Whether mail servers themselves write from this address."""
    local = address.lower().partition("@")[0]
    return local.startswith(DAEMONS)
