"""Cuts the byte stream of an IMAP server into responses (RFC 9051 §4.3), in linear time, with limits, without I/O.

A response is one line, or lines with literals between them: `[text, literal, text, …]`, always of odd length; the
`{n}` that announces a literal is removed from the text before it. Literals are copied once, and a line that arrives in
a thousand pieces is joined once: aioimaplib's own reader recursed per line and was quadratic in both.
"""

import re
from collections.abc import Iterator

from mailsync.imap.errors import ProtocolError

_LITERAL = re.compile(rb"~?\{(\d{1,10})\+?\}\Z")
_STATUS = re.compile(rb"\* +(?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)


class ResponseScanner:
    """Feed it what arrives; it yields whole responses. One response larger than `limit` bytes raises `ProtocolError`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._chunks: list[bytes] = []
        self._missing = 0
        self._size = 0
        self._data = b""
        self._position = 0

    def feed(self, data: bytes) -> Iterator[list[bytes]]:
        """Yield each response that `data` completes. A caller that stops iterating drops the rest of `data`."""
        position, end = 0, len(data)
        while position < end:
            if self._missing:
                position = self._take_literal(data, position)
                continue
            newline = data.find(b"\n", position)
            if newline < 0:
                self._keep(data[position:])
                return
            line = self._joined(data[position:newline]).removesuffix(b"\r")
            position = newline + 1
            if self._ends_with(line):
                parts, self._parts, self._size = self._parts, [], 0
                self._data, self._position = data, position
                yield parts

    @property
    def unread(self) -> bytes:
        """What lies behind the response that was yielded last, for a caller that stops there."""
        return self._data[self._position :]

    def _ends_with(self, line: bytes) -> bool:
        """Take `line` into the response; True when no literal follows, so that the response is whole."""
        announced = _LITERAL.search(line) if line.endswith(b"}") and self._may_hold_literals(line) else None
        if announced is None:
            self._parts.append(line)
            return True
        self._parts.append(line[: announced.start()])
        self._missing = int(announced[1])
        self._count(len(line) + self._missing)
        if not self._missing:
            self._parts.append(b"")
        return False

    def _may_hold_literals(self, line: bytes) -> bool:
        """Whether a `{5}` at its end means a literal; in the free text of a status it is only text."""
        return bool(self._parts) or (line.startswith(b"* ") and not _STATUS.match(line))

    def _take_literal(self, data: bytes, position: int) -> int:
        chunk = data[position : position + self._missing]
        self._missing -= len(chunk)
        if self._missing:
            self._chunks.append(chunk)
        else:
            self._parts.append(self._joined(chunk))
        return position + len(chunk)

    def _keep(self, chunk: bytes) -> None:
        self._count(len(chunk))
        self._chunks.append(chunk)

    def _joined(self, chunk: bytes) -> bytes:
        if not self._chunks:
            return chunk
        self._chunks.append(chunk)
        whole = b"".join(self._chunks)
        self._chunks.clear()
        return whole

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > self._limit:
            raise ProtocolError("a response is larger than we allow")
