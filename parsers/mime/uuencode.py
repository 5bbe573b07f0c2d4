"""Files that stand uuencoded in a text: how files were mailed before MIME, and what some programs still write."""

import re
from binascii import Error as UuError
from binascii import a2b_base64, a2b_uu
from dataclasses import dataclass

from parsers.charsets.decoding import decode

BEGIN = re.compile(rb"^begin(-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)
MOST = 100


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file written in letters, and where: `text[start:end]`."""

    start: int
    end: int
    content: bytes
    name: str


def uu_blocks(text: bytes) -> list[TextFile]:
    """The files in a text, in its order; at most a hundred. What only looks like one is none."""
    found: list[TextFile] = []
    if b"\nbegin" not in text and not text.startswith(b"begin"):
        return found
    position = 0
    while len(found) < MOST and (begin := BEGIN.search(text, position)) is not None:
        mark = b"\n====" if begin[1] else b"\nend"
        end = text.find(mark, begin.end())
        if end < 0:
            break
        lines = text[begin.end() : end]
        position = end + len(mark)
        content = _base64_lines(lines) if begin[1] else _uu_lines(lines)
        if content:
            found.append(TextFile(begin.start(), position, content, decode(begin[2]).strip()))
    return found


def _base64_lines(lines: bytes) -> bytes | None:
    try:
        return a2b_base64(lines)
    except UuError:
        return None


def _uu_lines(lines: bytes) -> bytes | None:
    content = bytearray()
    for line in lines.splitlines():
        if not line or line in (b"`", b" "):
            continue
        try:
            content += a2b_uu(line)
        except UuError:
            # Mailers cut trailing blanks, which stand for zero bits: the length byte tells how long the line was.
            try:
                content += a2b_uu(line.ljust((((line[0] - 32) & 63) * 4 + 5) // 3 + 1))
            except UuError:
                return None
    return bytes(content)
