"""Message-IDs out of Message-ID, In-Reply-To and References: without brackets, in order, each once."""

import re

BRACKETED = re.compile(r"<([^<>]+)>")
BREAK = re.compile(r"[\s<>\"(),;]+")
MOST = 1_000
"""Ids of one header; a thread of more mails cites its newest ones."""


def message_ids(value: str | None) -> tuple[str, ...]:
    """Every id of a header value. Ids without brackets count where none has brackets, if they look like ids."""
    if not value:
        return ()
    found = [_compact(match) for match in BRACKETED.findall(value)] or [word for word in BREAK.split(value) if "@" in word]
    return tuple(dict.fromkeys(identity for identity in found if identity))[-MOST:]


def message_id(value: str | None) -> str | None:
    """The one id of a Message-ID header: a value that is no id, but something, is taken whole."""
    if not value or not value.strip():
        return None
    found = message_ids(value)
    return found[0] if found else _compact(value.strip().strip("<>")) or None


def _compact(identity: str) -> str:
    """Folding may have put blanks into an id; no id has any."""
    return "".join(identity.split())
