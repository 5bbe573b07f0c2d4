"""Text as quoted-printable (RFC 2045 §6.7), in a form that nothing on the way wants to change.

Besides the rules of the RFC: no two blanks meet, none ends a line, no line begins with a dot or with "From ". So the
relaxed body canonicalisation of DKIM (RFC 6376 §3.4.4) leaves the bytes as they are, and SMTP has no dot to double.
An `=` is always followed by two hex digits or a line end, so a boundary with `=_` in it can not occur.
"""

import re

SOFT_BREAK = b"=\r\n"
_UNSAFE = re.compile(rb"[^ -<>-~]|(?<= ) | $")
_CHUNK = re.compile(rb"(?:=[0-9A-F]{2}|[^=]){1,72}")
_PLAIN = re.compile(r"(?!\.|From )[!-<>-~]+(?: [!-<>-~]+)*")
_LINE_END = re.compile("\r\n|\r|\n")
_PLAIN_LIMIT = 72


def quoted(text: str) -> bytes:
    """`text` encoded, beginning at the start of a line; its line ends become CRLF. No line is added at the end."""
    if len(text) <= _PLAIN_LIMIT and _PLAIN.fullmatch(text):
        return text.encode("ascii")
    return b"\r\n".join([_line(line.encode("utf-8", "replace")) for line in _LINE_END.split(text)])


def _line(line: bytes) -> bytes:
    encoded = _UNSAFE.sub(_escape, line)
    return SOFT_BREAK.join([_start(chunk) for chunk in _CHUNK.findall(encoded)])


def _escape(found: re.Match[bytes]) -> bytes:
    return b"=%02X" % found.group()[0]


def _start(chunk: bytes) -> bytes:
    if chunk.startswith((b".", b"From ")):
        return b"=%02X" % chunk[0] + chunk[1:]
    return chunk
