"""What a command brought back: its tagged result and the untagged answers that came before it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mailsync.imap.errors import ProtocolError

_CODE = re.compile(rb"\[([^\s\]]+)(?: ([^\]]*))?\]")


class Untagged(NamedTuple):
    """One untagged answer: `* 12 FETCH (UID 5)` is name FETCH, number 12, parts [b"(UID 5)"]."""

    name: bytes
    number: int | None
    parts: list[bytes]


def read_untagged(parts: list[bytes]) -> Untagged:
    """Take a response that begins with `* ` apart. Raises `ProtocolError` when nothing follows it."""
    word, _, rest = parts[0][2:].lstrip().partition(b" ")
    number = None
    if word.isdigit() and len(word) <= 10:
        number = int(word)
        word, _, rest = rest.partition(b" ")
    if not word:
        raise ProtocolError("an empty answer")
    parts[0] = rest
    return Untagged(word.upper(), number, parts)


def read_code(text: bytes) -> tuple[str, str]:
    """The response code at the start of a status text and its arguments, or two empty strings (RFC 9051 §7.1)."""
    match = _CODE.match(text)
    if match is None:
        return "", ""
    return match[1].decode("ascii", "replace").upper(), (match[2] or b"").decode("utf-8", "replace").strip()


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished command. `result` is OK, NO or BAD; `text` what follows it."""

    result: str
    text: bytes
    untagged: Sequence[Untagged]

    def of(self, name: bytes) -> Iterator[Untagged]:
        """The untagged answers of one name, in order."""
        return (answer for answer in self.untagged if answer.name == name)

    def codes(self) -> Iterator[tuple[str, str]]:
        """Response codes of untagged OKs and NOs, then of the tagged line."""
        for answer in self.untagged:
            if answer.name in (b"OK", b"NO") and answer.number is None:
                yield read_code(answer.parts[0])
        yield read_code(self.text)

    def code(self, name: str) -> str | None:
        """The arguments of the response code `name`, or None when it was not sent."""
        return next((arguments for code, arguments in self.codes() if code == name), None)
