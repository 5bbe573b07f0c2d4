"""Bytes to text when the label may lie: gb2312 means gb18030, iso-8859-1 means windows-1252, unknown is guessed.

The result can always be stored: no NUL, no lone surrogates.
"""

import codecs
import re
from functools import lru_cache
from typing import Final

from parsers.charsets.guessing import GUESS_BYTES, guessed
from parsers.charsets.iso2022_jp import read_iso2022_jp

NUL: Final = 0x00
# What senders mean when they say the left (WHATWG Encoding Standard, and mail seen in the wild).
MEANT = {
    "ascii": "cp1252", "us-ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "iso_8859-1": "cp1252", "iso-8859-1-windows-3.1-latin-1": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "csgb2312": "gb18030",
    "cp936": "gb18030", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "korean": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "big5": "big5hkscs", "x-windows-949": "cp949",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6",
    "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic", "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7", "iso-2022-jp": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext",
    "euc-jp": "euc_jis_2004", "x-euc-jp": "euc_jis_2004", "eucjp-ms": "euc_jis_2004", "cp51932": "euc_jis_2004",
    "x-mac-japanese": "cp932", "x-mac-korean": "cp949", "x-mac-simp-chinese": "gb18030",
    "x-mac-trad-chinese": "big5hkscs", "x-mac-ce": "mac-latin2", "x-mac-centraleurroman": "mac-latin2",
    "x-mac-greek": "mac-greek", "x-mac-turkish": "mac-turkish", "x-unicode-2-0-utf-7": "utf-7",
    "unicode-2-0-utf-8": "utf-8", "x-unicode-2-0-utf-8": "utf-8", "windows-31j": "cp932", "cswindows31j": "cp932",
    "koi8-ru": "koi8-u", "koi8r": "koi8-r", "koi8u": "koi8-u", "visual": "iso-8859-8", "x-unknown": "",
    "unknown-8bit": "", "x-user-defined": "", "8bit": "", "7bit": "", "default": "", "none": "", "default_charset": "",
}  # fmt: skip
NUMBERED = re.compile(r"(?:x-)?(windows|win|cp|ibm|ms|iso[-_]?8859)[-_]?(\d{1,5})$")
"""Names that are a number with something before it, in whatever spelling."""
CODE_PAGES = {
    1200: "utf-16-le", 1201: "utf-16-be", 10000: "mac-roman", 10007: "mac-cyrillic", 20127: "cp1252", 20866: "koi8-r",
    20932: "euc_jis_2004", 21866: "koi8-u", 28591: "cp1252", 50220: "iso2022_jp_ext", 50221: "iso2022_jp_ext",
    50222: "iso2022_jp_ext", 51932: "euc_jis_2004", 51949: "cp949", 52936: "hz", 54936: "gb18030", 936: "gb18030",
    950: "big5hkscs", 65000: "utf-7", 65001: "utf-8",
}  # fmt: skip
"""Windows' code pages that Python knows under no number."""
# Python has codecs that are no charsets, or that are a way in: they are never looked up.
REFUSED = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem", "charmap"}
SEVEN_BIT = ("hz", "iso2022")
UNFIT = ("utf-7", "utf-16", "utf-32")
MAY_YIELD_SURROGATES = {"utf-7", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}


@lru_cache(maxsize=512)
def codec_of(label: str) -> str | None:
    """The Python codec that reads what is labelled so, or None for a label that nobody knows."""
    name = label.partition("(")[0].strip(" \t\"';,").lower()[:64]
    name = MEANT.get(name, name)
    if not name or not name.isascii() or "\x00" in name:
        return None
    return _python_codec(name) or _numbered(name)


def _python_codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(codec, "_is_text_encoding", True)
    return codec.name if is_text and codec.name.replace("_", "-") not in REFUSED else None


def _numbered(name: str) -> str | None:
    match = NUMBERED.match(name)
    if match is None:
        return None
    if match[1].startswith("iso"):
        iso = f"iso-8859-{int(match[2])}"
        return _python_codec(MEANT.get(iso, iso))
    return CODE_PAGES.get(int(match[2])) or _python_codec(f"cp{int(match[2])}")


def code_page(number: int) -> str:
    """The Python codec of Windows' code page `number`; that of Western Europe for one that nobody knows."""
    return CODE_PAGES.get(number) or _python_codec(f"cp{number}") or "cp1252"


@lru_cache(maxsize=512)
def is_seven_bit(label: str) -> bool:
    """Whether this charset writes other letters in bytes of ASCII."""
    return (codec_of(label) or "").startswith(SEVEN_BIT)


@lru_cache(maxsize=512)
def is_unfit(label: str) -> bool:
    """Whether plain ASCII, such as `+0900`, reads as something else in this charset: raw headers never mean it."""
    return (codec_of(label) or "").startswith(UNFIT)


def decode(data: bytes, label: str = "", guesses: dict[str, str] | None = None) -> str:
    """Read `data` by its label; UTF-8 first where it fits, because most lies are UTF-8 under another name.

    Never raises; what cannot be read becomes U+FFFD. `guesses` keeps what was guessed for a label, for pieces that one
    program wrote: a guess is dear, and the same for all of them.
    """
    codec = codec_of(label) if label else "utf-8"
    if codec == "utf-8" or codec == "cp1252" or codec is None:
        try:
            text = data.decode("ascii") if data.isascii() else data.decode("utf-8")
            # Bytes are searched for NUL many times as fast as wide text.
            return clean(text) if NUL in data else text
        except UnicodeDecodeError:
            codec = codec if codec == "cp1252" else _guess_once(data, label, guesses)
    if codec.startswith("utf-16"):
        codec = _utf_16(data, codec)
    elif codec == "iso2022_jp_ext":
        return clean(read_iso2022_jp(data))
    try:
        text = data.decode(codec, "replace")
    except (UnicodeError, ValueError):
        text = data.decode("utf-8", "replace")
    return storable(text) if codec in MAY_YIELD_SURROGATES else clean(text)


def _utf_16(data: bytes, codec: str) -> str:
    """Text that came through mail whole as UTF-16 has zeros; without any, the label was never true."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if NUL not in data[:GUESS_BYTES]:
        return "utf-8" if _is_utf_8(data) else codec
    if codec != "utf-16":
        return codec
    return "utf-16-be" if data[:GUESS_BYTES:2].count(0) > data[1:GUESS_BYTES:2].count(0) else "utf-16-le"


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def storable(text: str) -> str:
    """The text without NUL and lone surrogates; halves of one character that stand side by side become it."""
    return clean(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def clean(text: str) -> str:
    """The text without NUL, which databases refuse."""
    return text.replace("\x00", "") if "\x00" in text else text


def _guess_once(data: bytes, label: str, guesses: dict[str, str] | None) -> str:
    if guesses is None:
        return guessed(data)
    if label not in guesses:
        guesses[label] = guessed(data)
    return guesses[label]
