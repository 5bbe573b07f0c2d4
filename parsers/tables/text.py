"""Files of text read line by line in their charset: by their mark, as UTF-8 where that fits, else by their letters."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import BinaryIO

from core.errors import UsageError
from parsers.charsets.guessing import GUESS_BYTES, guessed

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NEVER_IN_TEXT = re.compile(rb"[\x01-\x08\x0e-\x1f]")
HIGH = re.compile(rb"[\x80-\xff]+")
LATIN = "cp1252"
LATIN_CODECS = frozenset(
    {"utf-8", "cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "iso-8859-2", "iso-8859-15", "iso8859-2"}
)
CHUNK = 1024 * 1024
NOT_TEXT = "This is no CSV, XLSX or vCard file: save the list as one of these."
ZEROS = "The file holds zero bytes, so it is no text: save the list again as CSV (UTF-8) or XLSX."


def charset_of(file: BinaryIO) -> str:
    """The codec that reads the whole file. Raises `UsageError` for what is no text."""
    start = _head(file)
    for mark, codec in MARKS:
        if start.startswith(mark):
            return codec
    if zeros := start.count(0):
        return _without_mark(start, zeros)
    return _by_all_bytes(file)


@contextmanager
def lines_of(file: BinaryIO, codec: str) -> Iterator[TextIOWrapper]:
    """The file as text, its line breaks as they are. The file stays open."""
    file.seek(0)
    text = TextIOWrapper(file, codec, errors="replace", newline="")
    try:
        yield text
    finally:
        if not file.closed:
            text.detach()


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(GUESS_BYTES)


def _without_mark(start: bytes, zeros: int) -> str:
    """UTF-16 of mostly Western letters has a zero beside each of them."""
    if zeros * 4 < len(start):
        raise UsageError(NOT_TEXT if NEVER_IN_TEXT.search(start) else ZEROS)
    high, low = start[::2].count(0), start[1::2].count(0)
    if min(high, low) * 8 > max(high, low):
        raise UsageError(NOT_TEXT)
    return "utf-16-be" if high > low else "utf-16-le"


def _by_all_bytes(file: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    odd = bytearray()
    is_utf_8 = True
    file.seek(0)
    while chunk := file.read(CHUNK):
        if 0 in chunk:
            raise UsageError(ZEROS)
        if len(odd) < GUESS_BYTES and not chunk.isascii():
            odd += b"\n".join(line for line in chunk.splitlines() if not line.isascii())[:GUESS_BYTES]
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            is_utf_8 = False
            decoder.reset()
    return "utf-8" if is_utf_8 else _of_names(bytes(odd))


def _of_names(odd: bytes) -> str:
    """A list has names of many languages, which no one language's letters fit: single ones among ASCII are Latin letters."""
    codec = guessed(odd)
    runs = HIGH.findall(odd)
    single = sum(len(run) == 1 for run in runs)
    is_latin = single * 2 > len(runs)
    return LATIN if is_latin and codec not in LATIN_CODECS else codec
