"""An mbox file cut into its messages, without holding the file in memory."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO


def split_mbox(source: bytes | BinaryIO) -> Iterator[bytes]:
    """Each message of an mbox, without its `From ` line; `>From ` is unquoted once (mboxrd).

    A `From ` line counts only at the top or after a blank line. Memory is that of the largest message.
    """
    file = BytesIO(source) if isinstance(source, bytes) else source
    lines: list[bytes] = []
    after_blank, started = True, False
    for line in file:
        if after_blank and line.startswith(b"From "):
            if started:
                yield _joined(lines)
            lines, started = [], True
        else:
            started = started or bool(line.strip())
            lines.append(_unquoted(line))
        after_blank = line in (b"\n", b"\r\n")
    if started:
        yield _joined(lines)


def _unquoted(line: bytes) -> bytes:
    return line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line


def _joined(lines: list[bytes]) -> bytes:
    """The blank line before the next `From ` belongs to the mbox, not to the message."""
    if lines and lines[-1] in (b"\n", b"\r\n"):
        lines = lines[:-1]
    return b"".join(lines)
