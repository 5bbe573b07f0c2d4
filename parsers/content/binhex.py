"""BinHex 4.0 (RFC 1741): Macintosh files written in letters, in the text of old mail."""

from binascii import Error as Base64Error
from binascii import a2b_base64

from parsers.charsets.decoding import decode
from parsers.mime.uuencode import TextFile

MARK = b"(This file must be converted with BinHex"
MOST = 100
REPEAT = b"\x90"
MOST_GROWTH = 20
"""Runs are counted, so few letters may stand for many bytes; a file that grows by more is not opened."""
FIXED = 19
"""Bytes of the header behind the name: version, type, creator, flags and the lengths of both forks."""
TO_BASE64 = bytes.maketrans(
    b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr",
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
)
SPACE = b" \t\r\n"


def binhex_files(text: bytes) -> list[TextFile]:
    """The data forks of the files in a text; resource forks mean nothing outside a Macintosh."""
    found: list[TextFile] = []
    position = text.find(MARK)
    while position >= 0 and len(found) < MOST:
        start = text.find(b":", position + len(MARK))
        end = text.find(b":", start + 1) if start >= 0 else -1
        if end < 0:
            break
        fork = _data_fork(text[start + 1 : end])
        if fork is not None:
            found.append(TextFile(position, end + 1, fork[1], fork[0]))
        position = text.find(MARK, end)
    return found


def _data_fork(letters: bytes) -> tuple[str, bytes] | None:
    letters = letters.translate(TO_BASE64, SPACE)
    try:
        packed = a2b_base64(letters[: len(letters) // 4 * 4] + _last_group(letters))
    except Base64Error:
        return None
    content = _without_runs(packed, MOST_GROWTH * len(packed) + 1_000)
    name_end = 1 + content[0] if content else 0
    header = content[name_end : name_end + FIXED]
    if len(header) < FIXED:
        return None
    size = int.from_bytes(header[11:15], "big")
    start = name_end + FIXED + 2
    if start + size > len(content):
        return None
    return decode(content[1:name_end], "mac-roman"), content[start : start + size]


def _last_group(letters: bytes) -> bytes:
    rest = letters[len(letters) // 4 * 4 :]
    return rest.ljust(4, b"=") if len(rest) > 1 else b""


def _without_runs(packed: bytes, most: int) -> bytes:
    """Byte, mark, count stands for so many of that byte; mark, zero for the mark itself."""
    content = bytearray()
    position = 0
    while (mark := packed.find(REPEAT, position)) >= 0 and len(content) <= most:
        content += packed[position:mark]
        count = packed[mark + 1] if mark + 1 < len(packed) else 0
        content += content[-1:] * (count - 1) if count else REPEAT
        position = mark + 2
    content += packed[position:]
    return bytes(content) if len(content) <= most else b""
