"""The charset of bytes that nobody labelled: by the letters that each language has in each charset.

Mail without a charset is old mail, most of it Western; what is read by the wrong neighbour (`trčs`, `situaçăo`) is read
by no one again. So a language must know nearly all letters of the text, and the first that knows them best is taken.
What no such alphabet knows, Chinese and Japanese above all, is left to charset-normalizer, which is dear.
"""

import re
from collections import Counter
from functools import cache
from typing import Final

from charset_normalizer import from_bytes

from parsers.phrases.alphabets import ALPHABETS

GUESS_BYTES: Final = 4096
"""A page of text is enough to tell a charset."""
ASCII = bytes(range(0x80))
MARKS = "€‚„…‘’“”•–—™\u00a0«´·»".encode("cp1252")
"""Signs that stand at the same place in the charsets of Windows, and in every language."""
SIDE_BY_SIDE = re.compile(rb"[\x80-\xff]{2}")
FEW: Final = 4
"""So few letters tell no language: then the first that knows them all is as good as any, and that is a Western one."""
USUAL: Final = 20
CAPITAL: Final = 18
RARE: Final = 5
"""What a letter says for a language. Capitals say less: in KOI8 they stand where Windows has small letters."""
MOST_UNKNOWN: Final = 8
MOST_BROKEN: Final = 16
"""One of so many letters may be unknown, and one be followed by a capital."""

Alphabet = tuple[str, dict[int, int], re.Pattern[bytes]]
"""A charset, what each byte in it says for one language, and a small letter before a capital, which no word has."""


def guessed(data: bytes) -> str:
    """The codec that reads `data`, which is no UTF-8 as a whole."""
    data = data[:GUESS_BYTES]
    if _is_damaged_utf_8(data):
        return "utf-8"
    letters = data.translate(None, ASCII + MARKS)
    if not letters:
        return "cp1252"
    codec = _by_letters(data, letters)
    if codec or not SIDE_BY_SIDE.search(data):
        return codec or "cp1252"
    best = from_bytes(data).best()
    return best.encoding if best is not None else "cp1252"


def _is_damaged_utf_8(data: bytes) -> bool:
    """Whether it is mostly UTF-8, with a few broken bytes or a cut character at the end."""
    damaged = data.decode("utf-8", "replace")
    wide = len(damaged) - len(damaged.encode("ascii", "ignore"))
    return damaged.count("\ufffd") * 4 <= wide


def _by_letters(data: bytes, letters: bytes) -> str:
    """The charset of the language that knows its letters best; empty where none knows nearly all of them."""
    counts = Counter(letters)
    most, best = 0, ""
    for codec, worth, broken in _alphabets():
        unknown = sum([count for byte, count in counts.items() if byte not in worth])
        if unknown * MOST_UNKNOWN > len(letters):
            continue
        said = sum([worth.get(byte, -USUAL) * count for byte, count in counts.items()])
        if said > most and len(broken.findall(data)) * MOST_BROKEN <= len(letters):
            if len(letters) < FEW:
                return codec
            most, best = said, codec
    return best


@cache
def _alphabets() -> list[Alphabet]:
    return [
        _alphabet(codec, common, rare)
        for codecs, languages in ALPHABETS
        for codec in codecs
        for common, rare in languages
    ]


def _alphabet(codec: str, common: str, rare: str) -> Alphabet:
    small = _bytes_of(common + rare, codec)
    capitals = _bytes_of((common + rare).upper(), codec).translate(None, small) or b"\x00"
    worth = dict.fromkeys(small + capitals, RARE)
    worth |= dict.fromkeys(_bytes_of(common.upper(), codec), CAPITAL)
    worth |= dict.fromkeys(_bytes_of(common, codec), USUAL)
    return codec, worth, re.compile(b"[%b][%b]" % (re.escape(small), re.escape(capitals)))


def _bytes_of(letters: str, codec: str) -> bytes:
    return letters.encode(codec, "ignore").translate(None, ASCII)
