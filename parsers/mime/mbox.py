"""An mbox file cut into its messages, without holding the file in memory."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

WEEKDAYS = frozenset((b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"))
CLOCK = re.compile(rb"\d{1,2}:\d\d(?::\d\d)?$")
YEAR = re.compile(rb"(?:19|20)\d\d$")
LONGEST = 600


def split_mbox(source: bytes | BinaryIO) -> Iterator[bytes]:
    """Each message of an mbox, without its `From ` line; `>From ` is unquoted once (mboxrd).

    A `From ` line counts at the top, and after a blank line where it tells a time as well: people begin sentences so,
    and not every program quotes them. Memory is that of the largest message.
    """
    file = BytesIO(source) if isinstance(source, bytes) else source
    lines: list[bytes] = []
    after_blank, started = True, False
    for line in file:
        if after_blank and line.startswith(b"From ") and (not started or is_postmark(line)):
            if started:
                yield _joined(lines)
            lines, started = [], True
        else:
            started = started or bool(line.strip())
            lines.append(_unquoted(line))
        after_blank = line in (b"\n", b"\r\n")
    if started:
        yield _joined(lines)


def is_postmark(line: bytes) -> bool:
    """Who, and when in the words of `asctime` (RFC 4155); zones stand before the year, behind it or nowhere."""
    words = [word.rstrip(b",") for word in line[:LONGEST].split()]
    day = next((number for number, word in enumerate(words) if word in WEEKDAYS), len(words))
    time = words[day + 1 : day + 8]
    return any(CLOCK.match(word) for word in time) and any(YEAR.match(word) for word in time)


def _unquoted(line: bytes) -> bytes:
    return line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line


def _joined(lines: list[bytes]) -> bytes:
    """The blank line before the next `From ` belongs to the mbox, not to the message."""
    if lines and lines[-1] in (b"\n", b"\r\n"):
        lines = lines[:-1]
    return b"".join(lines)
