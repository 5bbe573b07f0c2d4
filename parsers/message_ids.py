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
    found = [_compact(match) for match in BRACKETED.findall(value)] or _bare(value)
    return tuple(dict.fromkeys(identity for identity in found if identity))[-MOST:]


def _bare(value: str) -> list[str]:
    words = [word for word in BREAK.split(value) if word]
    return words if all("@" in word for word in words) else []


def message_id(value: str | None) -> str | None:
    """The one id of a Message-ID header: a value that is no id, but something, is taken whole."""
    if not value or not value.strip():
        return None
    found = message_ids(value)
    return found[0] if found else _compact(value.strip().strip("<>")) or None


def _compact(identity: str) -> str:
    """Folding may have put blanks into an id; no id has any."""
    return identity.strip() if '"' in identity else "".join(identity.split())
