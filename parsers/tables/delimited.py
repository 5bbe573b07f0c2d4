"""CSV as spreadsheet programs of all countries write it (RFC 4180 and beyond): any delimiter, quoted line breaks, `sep=`."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import BinaryIO, Final

from core.errors import UsageError
from parsers.tables.text import lines_of

DELIMITERS: Final = ",;\t|"
SAMPLE_LINES, SAMPLE_LETTERS, SAMPLE_ROWS = 60, 200_000, 20
END: Final = ""
"""No line of a file: each has a line break or a character."""
NEVER_CLOSED = (
    "Row {} can not be read: a quotation mark is opened there and not closed, or stands single within a text, "
    "or a cell is far too long."
)


def rows_of(file: BinaryIO, codec: str) -> Iterator[list[str]]:
    """Every row, empty ones too. Raises `UsageError` where a quotation mark is not closed."""
    with lines_of(file, codec) as text:
        first, named = _named_delimiter(text.readline(SAMPLE_LETTERS))
        sample = [*first, *islice(_short_lines(text), SAMPLE_LINES)]
    delimiter = named or _likely(sample)
    with lines_of(file, codec) as text:
        yield from _read(text, delimiter, skips_first=bool(named))


def _short_lines(text: Iterable[str]) -> Iterator[str]:
    return (line[:SAMPLE_LETTERS] for line in text)


def _named_delimiter(line: str) -> tuple[list[str], str]:
    """Excel's first line `sep=;`."""
    plain = line.lstrip("\ufeff").rstrip("\r\n").strip('"')
    if plain.lower().startswith("sep=") and len(plain) == len("sep=;"):
        return [], plain[-1]
    return [line], ""


def _read(text: Iterable[str], delimiter: str, *, skips_first: bool) -> Iterator[list[str]]:
    """Every row. One of several lines must be quoted by the book: else a stray mark may have swallowed rows behind it."""
    read = partial(csv.reader, delimiter=delimiter, skipinitialspace=delimiter != "\t")
    lines: list[str] = []
    number = 1
    try:
        for number, row in enumerate(read(_noted(text, lines)), start=1):
            if len(lines) > 1:
                deque(read(lines, strict=True), maxlen=0)
            if lines[-1] == END:
                return
            yield [] if number == 1 and skips_first else row
            lines.clear()
            number += 1  # Which an error would be in.
    except csv.Error:
        raise UsageError(NEVER_CLOSED.format(number)) from None


def _noted(text: Iterable[str], lines: list[str]) -> Iterator[str]:
    """The lines, each put into `lines` too, and `END`, which becomes part of a row that has no end."""
    for line in chain(text, [END]):
        lines.append(line)
        yield line


def _likely(sample: list[str]) -> str:
    """The delimiter that gives the most columns to the most rows; a comma where there is one column."""
    return max(DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: list[str], delimiter: str) -> tuple[float, int]:
    try:
        rows = [row for row in islice(csv.reader(sample, delimiter=delimiter), SAMPLE_ROWS) if any(row)]
    except csv.Error:
        return 0, 0
    if not rows or len(rows[0]) < 2:
        return 0, 0
    same = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
    return round(same, 1), len(rows[0])
