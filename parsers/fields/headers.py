"""The header block of a message or part, read by ourselves: it must survive what real mail does to it.

RFC 5322 §2.2, with the usual damage: bare CR or LF, a leading blank or mbox line, garbage between fields, spaces
before the colon, raw 8-bit text. The block is decoded once as ASCII, other bytes as surrogate escapes, and cut into
fields; a value is unfolded and its charset looked for when somebody asks for it, because most are never asked for.
"""

import re
from collections.abc import Iterator
from typing import Final

from parsers.charsets.decoding import clean, decode, is_seven_bit, is_unfit
from parsers.fields.encoded_words import decode_words
from parsers.limits import Limits

BLANK_LINE = re.compile(rb"\n\r*\n")
NAME = re.compile(rb"[!-9;-~]+[ \t]*$")
BLANKS: Final = " \t"
LINE_FEED: Final = 0x0A
SPACE: Final = 0x20
TAB: Final = 0x09
"""A line that begins with one of both is folded under the line above."""
LONGEST_KNOWN: Final = 60
MOST_KNOWN: Final = 512
KNOWN: Final[dict[str, str]] = {}
"""What `_key_of` said of short names, because the same hundred stand in all mail. When it is full, it begins anew."""
SHIFT = re.compile(r"\x1b|~\{")
"""Where ISO-2022 or HZ goes over to other letters."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")

Field = tuple[str, str, str]
"""Name and value as written, folded, bytes beyond ASCII as surrogate escapes; and the name in lower case."""


class Headers:
    """Fields in order, topmost first; names compare without case; values decoded when asked for."""

    __slots__ = ("_fields", "_hint", "_index", "_is_seven_bit")

    def __init__(self, fields: list[Field]) -> None:
        self._fields = fields
        self._hint = ""
        self._is_seven_bit = False
        self._index: dict[str, list[str]] = {}
        for _, value, key in fields:
            values = self._index.get(key)
            if values is None:
                self._index[key] = [value]
            else:
                values.append(value)

    def first(self, name: str) -> str | None:
        """The topmost value of `name`, decoded and unfolded."""
        values = self._index.get(_key_of(name))
        return self._text(values[0]) if values else None

    def all(self, name: str) -> list[str]:
        """Every value of `name`, topmost first."""
        return [self._text(value) for value in self._index.get(_key_of(name), ())]

    def raw(self, name: str) -> str | None:
        """The topmost value unfolded, its encoded words still encoded: addresses are split before decoding."""
        values = self._index.get(_key_of(name))
        return self._decoded(values[0]) if values else None

    def raw_all(self, name: str) -> list[str]:
        """Every value as `raw` gives it."""
        return [self._decoded(value) for value in self._index.get(_key_of(name), ())]

    def hinted(self, charset: str) -> "Headers":
        """The same fields; raw 8-bit text in them is read as `charset` where it is not UTF-8."""
        copy = Headers([])
        copy._fields, copy._index, copy._hint = self._fields, self._index, "" if is_unfit(charset) else charset
        copy._is_seven_bit = is_seven_bit(charset)
        return copy

    def named(self, names: frozenset[str], most: int) -> list[tuple[str, bytes]]:
        """Names in lower case and raw values, unfolded, of the topmost `most` fields that are called one of `names`."""
        found: list[tuple[str, bytes]] = []
        for _, value, key in self._fields:
            if key in names and len(found) < most:
                found.append((key, _bytes_of(_unfolded(value))))
        return found

    def __contains__(self, name: str) -> bool:
        return _key_of(name) in self._index

    def has_any(self, names: frozenset[str]) -> bool:
        """Whether there is a field of one of these names, given in lower case."""
        return not names.isdisjoint(self._index)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name, self._text(value)) for name, value, _ in self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def _text(self, value: str) -> str:
        text = self._decoded(value)
        return one_line(decode_words(text) if "=?" in text else text)

    def _decoded(self, value: str) -> str:
        if "\n" in value:
            value = _unfolded(value)
        if value.isascii() and not (self._is_seven_bit and SHIFT.search(value)):
            return clean(value).strip()
        return decode(_bytes_of(value), self._hint).strip()


def _unfolded(value: str) -> str:
    """The value in one line: `read_head` takes only lines to it that begin with a blank, which stays."""
    if "\r" in value:
        value = value.replace("\r\n", "").removesuffix("\r")
    return value.replace("\n", "")


def _bytes_of(value: str) -> bytes:
    return value.encode("ascii", "surrogateescape")


def one_line(text: str) -> str:
    """The text without control characters, as it may be shown or stored in one line."""
    return CONTROLS.sub(" ", text).strip() if not text.isprintable() else text.strip()


def read_head(data: bytes, start: int, end: int, limits: Limits, *, root: bool) -> tuple[list[Field], int]:
    """Fields of the header block at `data[start:end]`, and where the body begins.

    A root may begin with blank lines or an mbox `From ` line; a part whose first line is no header has none.
    """
    start = _skip_preamble(data, start, end) if root else start
    if not root and data[start : start + 2].lstrip(b"\r").startswith(b"\n"):
        return [], data.index(b"\n", start) + 1
    blank = BLANK_LINE.search(data, max(start - 1, 0), end)
    head_end, body = (blank.start() + 1, blank.end()) if blank else (end, end)
    head = data[start : min(head_end, start + limits.head_bytes)]
    if not (root and LINE_FEED in head.strip()) and not _is_field(head[:200].partition(b"\n")[0]):
        return [], start
    fields = _fields(head, limits)
    return (fields, body) if fields else ([], start)


def _skip_preamble(data: bytes, start: int, end: int) -> int:
    while start < end and data[start] in b"\r\n \t\xef\xbb\xbf":
        start += 1
    if data.startswith((b"From ", b">From "), start):
        line_end = data.find(b"\n", start, end)
        return line_end + 1 if line_end >= 0 else end
    return start


def _is_field(line: bytes) -> bool:
    name, colon, _ = line.partition(b":")
    return bool(colon) and NAME.match(name) is not None


def _fields(block: bytes, limits: Limits) -> list[Field]:
    """Each line that begins with a name and a colon, with what is folded under it. Others are garbage and passed over."""
    text = block.decode("ascii", "surrogateescape")
    found: list[Field] = []
    most, longest = limits.headers, limits.header_bytes
    start, size = 0, len(text)
    while start < size and len(found) < most:
        end = text.find("\n", start)
        while 0 <= end < size - 1 and ((first := block[end + 1]) == SPACE or first == TAB):
            end = text.find("\n", end + 1)
        if end < 0:
            end = size
        colon = text.find(":", start, end)
        if colon > start:
            name = text[start:colon]
            key = _key_of(name)
            if key:
                name = name if len(name) == len(key) else name.rstrip(BLANKS)
                found.append((name, text[colon + 1 : min(end, colon + 1 + longest)], key))
        start = end + 1
    return found


def _key_of(name: str) -> str:
    """What stands before a colon, in lower case without blanks behind it; empty where it is no name."""
    key = KNOWN.get(name)
    if key is not None:
        return key
    bare = name.rstrip(BLANKS)
    key = bare.lower() if bare.isprintable() and " " not in bare else ""
    if len(name) <= LONGEST_KNOWN:
        if len(KNOWN) >= MOST_KNOWN:
            KNOWN.clear()
        KNOWN[name] = key
    return key
