"""Transfer encodings (RFC 2045 §6) undone, however damaged: what can be read is read, nothing raises."""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp, a2b_uu

from parsers.mime import Part

NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)


def content_of(part: Part) -> tuple[bytes, bool]:
    """The decoded bytes of a leaf, and whether its encoding was intact."""
    encoded = part.data[part.start : part.end]
    encoding = part.encoding
    if encoding == "base64":
        return _base64(encoded)
    if encoding == "quoted-printable":
        return a2b_qp(encoded), True
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        blocks = uu_blocks(encoded)
        return (blocks[0][2], True) if blocks else (encoded, False)
    return encoded, encoding in ("", "7bit", "8bit", "binary")


def _base64(encoded: bytes) -> tuple[bytes, bool]:
    try:
        return a2b_base64(encoded), True
    except Base64Error:
        pass
    # A cut or merged block: keep whole groups, up to the first padding that really ends the data.
    body = NOT_BASE64.sub(b"", encoded).rstrip(b"=")
    body = body.replace(b"=", b"")
    try:
        return a2b_base64(body[: len(body) // 4 * 4] + _tail(body)), False
    except Base64Error:
        return encoded, False


def _tail(body: bytes) -> bytes:
    rest = body[len(body) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def uu_blocks(text: bytes, most: int = 100) -> list[tuple[int, int, bytes, str]]:
    """Files that stand uuencoded in a text: start, end, bytes, name."""
    if b"begin " not in text:
        return []
    found: list[tuple[int, int, bytes, str]] = []
    position = 0
    while len(found) < most and (begin := UU_BEGIN.search(text, position)) is not None:
        end = text.find(b"\nend", begin.end())
        if end < 0:
            break
        content = _uu_lines(text[begin.end() : end])
        position = end + 4
        if content is not None:
            found.append((begin.start(), position, content, begin[1].decode("utf-8", "replace").strip()))
    return found


def _uu_lines(body: bytes) -> bytes | None:
    content = bytearray()
    for line in body.splitlines():
        if not line or line in (b"`", b" "):
            continue
        try:
            content += a2b_uu(line)
        except Base64Error:
            # Mailers cut trailing blanks, which stand for zero bits: the length byte tells how long the line was.
            try:
                content += a2b_uu(line.ljust((((line[0] - 32) & 63) * 4 + 5) // 3 + 1))
            except Base64Error:
                return None
    return bytes(content)
