"""Bytes to text when the label may lie: gb2312 means gb18030, iso-8859-1 means windows-1252, unknown is guessed.

The result can always be stored: no NUL, no lone surrogates.
"""

import codecs
import re
from functools import lru_cache

from charset_normalizer import from_bytes

GUESS_BYTES = 4096
"""Guessing is dear; a page of text is enough to tell a charset."""
TELLING = 32
"""So many letters beyond ASCII tell a language; the guess by fewer is no better than that the sender is Western."""
NOT_WESTERN = re.compile(rb"[\x80-\xff]{2}|[A-Za-z][\x8c\x8f\x9c\x9f\xa3\xa5\xaf\xb3\xb9\xbf][A-Za-z]")
"""Letters beyond ASCII side by side, or where Polish has letters and Western Europe signs."""

# What senders mean when they say the left (WHATWG Encoding Standard, and mail seen in the wild).
MEANT = {
    "ascii": "cp1252", "us-ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "iso_8859-1": "cp1252", "iso-8859-1-windows-3.1-latin-1": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "csgb2312": "gb18030",
    "cp936": "gb18030", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "korean": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "big5": "big5hkscs", "x-windows-949": "cp949",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic", "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7",
    "iso-2022-jp": "iso2022_jp_ext", "cp-850": "cp850", "utf-16": "utf-16", "x-unknown": "", "unknown-8bit": "",
    "x-user-defined": "", "8bit": "", "7bit": "", "default": "", "none": "", "default_charset": "",
}  # fmt: skip
# Python has codecs that are no charsets, or that are a way in: they are never looked up.
REFUSED = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem", "charmap"}
SEVEN_BIT = ("hz", "iso2022")
UNFIT = ("utf-7", "utf-16", "utf-32")
MAY_YIELD_SURROGATES = {"utf-7", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}


@lru_cache(maxsize=512)
def codec_of(label: str) -> str | None:
    """The Python codec that reads what is labelled so, or None for a label that nobody knows."""
    name = label.strip(" \t\"'").lower()[:64]
    name = MEANT.get(name, name)
    if not name or not name.isascii() or "\x00" in name:
        return None
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(codec, "_is_text_encoding", True)
    return codec.name if is_text and codec.name.replace("_", "-") not in REFUSED else None


@lru_cache(maxsize=512)
def is_seven_bit(label: str) -> bool:
    """Whether this charset writes other letters in bytes of ASCII."""
    return (codec_of(label) or "").startswith(SEVEN_BIT)


@lru_cache(maxsize=512)
def is_unfit(label: str) -> bool:
    """Whether plain ASCII, such as `+0900`, reads as something else in this charset: raw headers never mean it."""
    return (codec_of(label) or "").startswith(UNFIT)


def decode(data: bytes, label: str = "") -> str:
    """Read `data` by its label; UTF-8 first where it fits, because most lies are UTF-8 under another name.

    Never raises; what cannot be read becomes U+FFFD.
    """
    codec = codec_of(label) if label else "utf-8"
    if codec == "utf-8" or codec == "cp1252" or codec is None:
        if data.isascii():
            return clean(data.decode("ascii"))
        try:
            return clean(data.decode("utf-8"))
        except UnicodeDecodeError:
            codec = codec if codec == "cp1252" else _guess(data)
    try:
        text = data.decode(codec, "replace")
    except (UnicodeError, ValueError):
        text = data.decode("utf-8", "replace")
    if codec in MAY_YIELD_SURROGATES:
        text = text.encode("utf-8", "replace").decode("utf-8", "replace")
    return clean(text)


def clean(text: str) -> str:
    """The text without NUL, which databases refuse."""
    return text.replace("\x00", "") if "\x00" in text else text


def _guess(data: bytes) -> str:
    # Mostly UTF-8 with a few broken bytes (a cut character at the end): still UTF-8.
    damaged = data[:GUESS_BYTES].decode("utf-8", "replace")
    wide = sum(character > "\x7f" for character in damaged)
    if damaged.count("�") * 4 <= wide:
        return "utf-8"
    if wide < TELLING and not NOT_WESTERN.search(data, 0, GUESS_BYTES):
        return "cp1252"
    best = from_bytes(data[:GUESS_BYTES]).best()
    return best.encoding if best is not None else "cp1252"
