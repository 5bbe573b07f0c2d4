"""Transfer encodings (RFC 2045 §6) undone, however damaged: what can be read is read, nothing raises.

A part is read in place, by its offsets, so that a large attachment costs its decoded size and no copy beside it.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp
from typing import Final

from pybase64 import b64decode

from parsers.mime.uuencode import uu_blocks

AS_IT_IS = ("", "7bit", "8bit", "binary", "7-bit", "8-bit")
UUENCODED = ("x-uuencode", "uuencode", "x-uue", "uue")
LETTER = re.compile(rb"[A-Za-z0-9+/]")
PADDING = re.compile(rb"=(?:[ \t\r\n]{0,4}=){0,3}")
PIECE = re.compile(rb"([A-Za-z0-9+/]+)=*")
LOOSE = re.compile(rb"=[ \t]")
LOOSE_BREAK = re.compile(rb"=[ \t]{1,76}(?=\r?\n)")
"""A soft line end behind which somebody on the way has put blanks (RFC 2045 §6.7, rule 3)."""
BLANK: Final = 0x20
EQUALS: Final = 0x3D
PIECE_SIZE = 1024 * 1024
LONGEST_WORD = 30
"""Of prose; lines of base64 have 60 letters and more without a blank."""


def decoded(data: bytes, start: int, end: int, encoding: str) -> tuple[bytes, bool]:
    """The bytes that `data[start:end]` stands for, and whether it was intact; `encoding` is in lower case."""
    if encoding == "base64":
        return _base64(data, start, end)
    if encoding == "quoted-printable":
        return _quoted_printable(data, start, end), True
    encoded = data[start:end]
    if encoding in UUENCODED:
        blocks = uu_blocks(encoded)
        return (blocks[0].content, True) if blocks else (encoded, False)
    return encoded, encoding in AS_IT_IS


def _quoted_printable(data: bytes, start: int, end: int) -> bytes:
    """Piece by piece, each up to the end of a line: three letters stand for one byte, and need not be held at once."""
    if end - start <= PIECE_SIZE:
        return _unquoted(data[start:end])
    pieces: list[bytes] = []
    while start < end:
        stop = data.find(b"\n", min(start + PIECE_SIZE, end), end) + 1 or end
        pieces.append(_unquoted(data[start:stop]))
        start = stop
    return b"".join(pieces)


def _unquoted(encoded: bytes) -> bytes:
    content = a2b_qp(encoded)
    # A loose break is left as it is, and what is decoded has far fewer equals signs to look at.
    if EQUALS in content and LOOSE.search(content):
        return a2b_qp(LOOSE_BREAK.sub(b"=", encoded))
    return content


def _base64(data: bytes, start: int, end: int) -> tuple[bytes, bool]:
    if _is_prose(data[start : min(end, start + 1_000)]):
        return data[start:end], False
    first = data.find(b"=", start, end)
    padding = PADDING.match(data, first, end) if first >= 0 else None
    stop = padding.end() if padding else end
    content, intact = _first_piece(data, start, stop)
    rest = data[stop:end].split()
    if rest and (pieces := _padded_pieces(b"".join(rest))) is not None:
        return content + pieces, False
    return content, intact


def _is_prose(beginning: bytes) -> bool:
    """Whether what is called base64 is text that nobody encoded."""
    words = beginning.lstrip().partition(b"\n")[0].split()
    return len(words) > 1 and max(map(len, words)) < LONGEST_WORD


def _first_piece(data: bytes, start: int, stop: int) -> tuple[bytes, bool]:
    """Up to the padding. Where that is missing or a group of four is cut, the end is taken off and mended alone."""
    view = memoryview(data)
    try:
        return _clean_base64(data, start, stop), True
    except Base64Error:
        pass
    try:
        return a2b_base64(view[start:stop]), True
    except Base64Error:
        pass
    tail = max(start, stop - 200)
    for letter in [match.start() for match in LETTER.finditer(data, tail, stop)][:-4:-1]:
        try:
            whole = a2b_base64(view[start:letter])
        except Base64Error:
            continue
        last = b"".join(LETTER.findall(data, letter, stop))
        # Adding even nothing would copy a large file.
        return (whole + a2b_base64(last + b"=" * (4 - len(last))) if len(last) > 1 else whole), False
    return data[start:stop], False


def _clean_base64(data: bytes, start: int, stop: int) -> bytes:
    """Base64 with nothing but line ends in it, many times as fast as with a look at each letter.

    A large file would cost a copy, and goes the slow way. Raises `binascii.Error` where there is anything else.
    """
    while stop > start and data[stop - 1] <= BLANK:
        stop -= 1
    encoded = memoryview(data)[start:stop]
    if stop - start > PIECE_SIZE:
        return a2b_base64(encoded)
    return b64decode(_in_one_line(bytearray(encoded)), validate=True)


def _in_one_line(lines: bytearray) -> bytearray:
    """The lines without their ends. Programs write lines of one length, whose ends can be taken out all at once."""
    length = lines.find(b"\n") + 1
    if length > 1 and not lines[length - 1 :: length].strip(b"\n") and not lines[length - 2 :: length].strip(b"\r"):
        del lines[length - 1 :: length]
        del lines[length - 2 :: length - 1]
        return lines
    return lines.replace(b"\r", b"").replace(b"\n", b"")


def _padded_pieces(rest: bytes) -> bytes | None:
    """What follows the first padding, where it is more base64, each piece padded by itself; None for a footer."""
    pieces: list[bytes] = []
    position = 0
    while position < len(rest):
        piece = PIECE.match(rest, position)
        if piece is None or (piece.end() - position) % 4:
            return None
        try:
            pieces.append(a2b_base64(piece[0]))
        except Base64Error:
            return None
        position = piece.end()
    return b"".join(pieces)
