"""Bounces written for people only: the failed addresses and the server's words found in their text."""

import re

from parsers.bounce.addresses import ADDRESS, address_in, is_daemon
from parsers.bounce.failure import Failure
from parsers.phrases.bounces import COPY_BEGINS, COPY_HEADERS, FAILED

MOST_LINES = 400
MOST_CHARACTERS = 40_000
MOST_RECIPIENTS = 50
# The address stands alone, or first before a colon; or behind words that only a failed address stands behind.
ALONE = re.compile(
    rf"^[\s>*\-\[(<\"']{{0,20}}(?:rfc822;\s?)?({ADDRESS.pattern})"
    r"[\])>\"']{0,3}\s{0,3}(?:[:.,;(].*|\.\.\. .*|- .*|->.*)?$"
)
BEHIND = re.compile(
    r"(?:rcpt to:?|failed recipient|final-recipient|original-recipient|unknown user|undeliverable to|invalid recipient"
    r"|user|recipient(?: address)?|recipients?:|could not (?:be )?deliver(?:ed)?(?: mail| message)? to|error-for:"
    r"|generated from|originally addressed to|final delivery userid|mailbox is full:|addressed,"
    r"|to the following address|delivery to"
    r"|unable to deliver (?:message|mail|your message)(?: to)?|wasn.t able to deliver to|(?:your )?message to"
    r"|<<< 5\d\d|5\d\d(?: \d\.\d+\.\d+)?|failed mail to|to:)"
    rf"[\s:;<\"'(\[]{{1,12}}(?:rfc822;\s?)?<?({ADDRESS.pattern})",
    re.IGNORECASE,
)
NOT_THESE = re.compile(
    r"\b(?:from|sender|contact|help|abuse|support|administrator|reply-to|return-path|message-id)\b[^@]{0,40}$",
    re.IGNORECASE,
)
DELAYED = re.compile(
    r"will (?:be )?(?:continue|retr|keep)|delayed|still being retried|warning|has not yet"
    r"|do not need to resend|temporary",
    re.IGNORECASE,
)


def explanation_of(text: str) -> str:
    """The part of a bounce's text that explains, without the copy of the returned message below it."""
    lines: list[str] = []
    for line in text[:MOST_CHARACTERS].split("\n")[:MOST_LINES]:
        lower = line.lower()
        if lines and (lower.strip(" *").startswith(COPY_BEGINS) or lower.startswith(COPY_HEADERS)):
            break
        lines.append(line)
    return "\n".join(lines)


def says_failed(explanation: str) -> bool:
    """Whether the words say that a delivery failed."""
    lower = explanation.lower()
    return any(phrase in lower for phrase in FAILED)


def failures_in_text(explanation: str, named: tuple[str, ...], ours: frozenset[str]) -> tuple[Failure, ...]:
    """The failed recipients. `named` are told by a header; `ours` is whom the bounce was sent to, and never the culprit."""
    lines = explanation.split("\n")
    places = _places(lines, ours)
    if named:
        known = {name.lower(): name for name in named}
        places = {known[key]: place for key, place in places.items() if key in known}
        places = {name: places.get(name, -1) for name in named}
    elif not places:
        places = _weak(lines, ours) or _places(lines, frozenset())
    starts = sorted(set(places.values()))
    return tuple(_failure(address, start, starts, lines) for address, start in list(places.items())[:MOST_RECIPIENTS])


def _places(lines: list[str], ours: frozenset[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for pattern in (ALONE, BEHIND):
        for number, line in enumerate(lines):
            if "@" not in line or len(line) > 1_000:
                continue
            match = pattern.search(line)
            if match is None:
                continue
            address = match[1].strip(".'").lower()
            if address not in ours and not is_daemon(address):
                found.setdefault(address, number)
        if found:
            break
    return found


def _weak(lines: list[str], ours: frozenset[str]) -> dict[str, int]:
    for number, line in enumerate(lines):
        for match in ADDRESS.finditer(line[:1_000]):
            address = match[0].strip(".'").lower()
            if address in ours or is_daemon(address) or NOT_THESE.search(line[: match.start()]):
                continue
            return {address: number}
    return {}


def _failure(address: str, start: int, starts: list[int], lines: list[str]) -> Failure:
    following = [other for other in starts if other > start]
    end = following[0] if following and start >= 0 else len(lines)
    own = " ".join(" ".join(lines[max(start, 0) : end]).split())
    whole = " ".join(" ".join(lines).split())
    action = "delayed" if DELAYED.search(whole) else "failed"
    return Failure(address_in(address), action, diagnostic=own[:1_000], around=own if len(starts) > 1 else whole)
