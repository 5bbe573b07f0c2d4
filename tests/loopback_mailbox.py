"""A mailbox on one of this machine's own servers, as a person would give it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mailsync.connecting import NewMailbox
from mailsync.imap.server import Security

NEW_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
"""Mail of the tests is younger: as new, it may make records."""


def loopback_mailbox(email: str, port: int, **changes: Any) -> NewMailbox:
    """Logs in as `email` with the password that our servers take, without TLS; `changes` are fields by name."""
    given = NewMailbox(
        email,
        "secret",
        imap_host="127.0.0.1",
        imap_port=port,
        imap_security=Security.NONE,
        username=email,
        new_since=NEW_SINCE,
    )
    return replace(given, **changes)
