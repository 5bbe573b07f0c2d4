"""RFC 2047: `=?utf-8?q?caf=C3=A9?=` in headers, as it is written in the wild and not only as the RFC allows it.

One pass over the value: every byte is looked at a bounded number of times.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp

from parsers.charsets.decoding import decode

# Quotes around words, spaces in the text and a missing language are common; `?` ends each field, so no backtracking.
# Some programs leave a question mark as it is: then the text goes on, in the same word.
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?\s]{0,75}){0,8})\?(?:=|$)")


def decode_words(value: str) -> str:
    """The value with its encoded words decoded; neighbours of one charset are joined before decoding.

    A multi-byte character split over two words is thereby read right.
    """
    if "=?" not in value:
        return value
    pieces: list[str] = []
    guesses: dict[str, str] = {}
    pending, pending_charset, end = bytearray(), "", 0
    for match in ENCODED_WORD.finditer(value):
        label, encoding, text = match.groups()
        start, after = match.span()
        gap = value[end:start]
        charset = label.partition("*")[0].lower()
        joins = not gap or gap.isspace()
        if pending and not (joins and charset == pending_charset):
            pieces.append(decode(bytes(pending), pending_charset, guesses))
            pending.clear()
        if not (joins and end):
            pieces.append(gap)
        pending += _bytes_of(encoding, text)
        pending_charset, end = charset, after
    if pending:
        pieces.append(decode(bytes(pending), pending_charset, guesses))
    pieces.append(value[end:])
    return "".join(pieces)


def _bytes_of(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return a2b_qp(data.replace(b"_", b" "))
    return decode_base64_word(data)


def decode_base64_word(data: bytes) -> bytes:
    """Base64 with padding mended; what is no base64 at all comes back as it is."""
    data = data.rstrip(b"= \t")
    try:
        return a2b_base64(data + b"=" * (-len(data) % 4))
    except Base64Error:
        try:
            return a2b_base64(data[: len(data) // 4 * 4])
        except Base64Error:
            return data
