"""Automatic replies that say more than "I am away": the address that was written to works no longer."""

from collections.abc import Sequence

from parsers.bounce.failure import Failure
from parsers.fields.headers import Headers
from parsers.model import Address
from parsers.phrases.moved import GONE, THIS_ADDRESS

AUTOMATIC = frozenset({
    "auto-submitted", "x-autoreply", "x-autorespond", "x-auto-reply-from", "x-mail-autoreply", "x-autoreply-from",
})  # fmt: skip
TOP = 1_500
"""Characters in which such a reply has said so; below them our own mail may be quoted."""
NEAR = 90
"""Characters between the words for the address and the words for its end."""
MOVED = "5.1.6"
"""Destination mailbox has moved, no forwarding address (RFC 3463 §3.2)."""


def is_automatic(headers: Headers) -> bool:
    """Whether a program answered for a person (RFC 3834), by the head alone."""
    if not headers.has_any(AUTOMATIC):
        return False
    submitted = headers.first("auto-submitted")
    return submitted is None or submitted.strip().lower().startswith("auto-replied")


def failure_of_moved(from_: Sequence[Address], text: str) -> Failure | None:
    """The author's own address as failed, if he lets say that it works no longer; None if not."""
    said = _said(text[:TOP])
    return Failure(from_[0].address, status=MOVED, diagnostic=said) if said and from_ and from_[0].address else None


def _said(text: str) -> str:
    words = " ".join(line for line in text.split("\n") if not line.startswith(">"))
    words = " ".join(words.split())
    folded = words.lower()
    for phrase in THIS_ADDRESS:
        at = folded.find(phrase)
        if at >= 0 and any(end in folded[at : at + len(phrase) + NEAR].split(". ")[0] for end in GONE):
            return words[at : at + len(phrase) + NEAR]
    return ""
