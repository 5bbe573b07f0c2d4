"""Text as quoted-printable (RFC 2045 §6.7), in a form that nothing on the way wants to change.

Besides the rules of the RFC: no two blanks meet, none ends a line, no line begins with a dot or with "From ". So the
relaxed body canonicalisation of DKIM (RFC 6376 §3.4.4) leaves the bytes as they are, and SMTP has no dot to double.
An `=` is always followed by two hex digits or a line end, so a boundary with `=_` in it can not occur.
"""

import re

SOFT_BREAK = b"=\r\n"
_UNSAFE = re.compile(rb"[^ -<>-~]|(?<= ) | $")
_PLAIN = re.compile(r"(?!\.|From )[!-<>-~]+(?: [!-<>-~]+)*")
_LINE_END = re.compile("\r\n|\r|\n")
_PLAIN_LIMIT = 72
_ROOM = 73
"""Of the 76 characters of a line: less the `=` of the soft break and the two that `_start` may add."""


def quoted(text: str) -> bytes:
    """`text` encoded, beginning at the start of a line; its line ends become CRLF. No line is added at the end."""
    if len(text) <= _PLAIN_LIMIT and _PLAIN.fullmatch(text):
        return text.encode("ascii")
    return b"\r\n".join([_line(line.encode("utf-8", "replace")) for line in _LINE_END.split(text)])


def _line(line: bytes) -> bytes:
    encoded = _UNSAFE.sub(_escape, line)
    if len(encoded) <= _ROOM:
        return _start(encoded)
    chunks: list[bytes] = []
    at = 0
    while len(encoded) - at > _ROOM:
        end = at + _ROOM
        escape = encoded.find(b"=", end - 2, end)
        end = escape if escape > 0 else end
        chunks.append(_start(encoded[at:end]))
        at = end
    chunks.append(_start(encoded[at:]))
    return SOFT_BREAK.join(chunks)


def _escape(found: re.Match[bytes]) -> bytes:
    return b"=%02X" % found.group()[0]


def _start(chunk: bytes) -> bytes:
    if chunk.startswith((b".", b"From ")):
        return b"=%02X" % chunk[0] + chunk[1:]
    return chunk
