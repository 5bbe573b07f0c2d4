"""What a file is, by its bytes and not by its name, and its rows beneath the header."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, Final

from core.errors import UsageError
from parsers.charsets.decoding import storable
from parsers.tables import cards, delimited
from parsers.tables.model import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_MANY_ROWS,
    Table,
    TableKind,
    TableRow,
)
from parsers.tables.several import is_address
from parsers.tables.text import NOT_TEXT, charset_of, lines_of
from parsers.tables.workbook import open_workbook

ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
HEAD_LETTERS: Final = 2_000
CARD: Final = "BEGIN:VCARD"
EMPTY = "The file is empty: there is nobody in it."
TOO_LARGE = f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: part it into several."
TOO_WIDE = f"The file has more than {MOST_COLUMNS} columns: leave out those that say nothing about people."
ONLY_HEADER = "The file has a header and no rows beneath it: there is nobody in it."
OLD_EXCEL = "This is an old Excel file (.xls) or one with a password: save it as .xlsx without a password, or as CSV."
NO_SUCH_SHEET = "There is no sheet of that name; there are: {}."
MARKUP: Final = ("<", "{", "%PDF", "%!PS", "{\\rtf")
"""What pages, JSON and printed papers begin with."""
BLANKS: Final = " \t\r\xa0"
SHOWN_SHEETS: Final = 20
Rows = Iterator[tuple[int, list[str]]]
"""By the numbers that a spreadsheet program shows."""


def open_table(file: BinaryIO, sheet: str = "") -> Table:
    """The table in a file that can be sought in, which must stay open while rows are read; `sheet` of a workbook, else its first.

    Raises `UsageError`, one sentence that tells what is wrong with the file.
    """
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        raise UsageError(TOO_LARGE)
    file.seek(0)
    start = file.read(len(ZIP))
    if not start.strip():
        raise UsageError(EMPTY)
    if start == OLD_OFFICE:
        raise UsageError(OLD_EXCEL)
    if start == ZIP:
        return _workbook(file, sheet)
    codec = charset_of(file)
    with lines_of(file, codec) as text:
        head = text.read(HEAD_LETTERS).lstrip("\ufeff \t\r\n")
    if head[: len(CARD)].upper() == CARD:
        return _cards(file)
    if not head:
        raise UsageError(EMPTY)
    if head.startswith(MARKUP) or _is_binary(head):
        raise UsageError(NOT_TEXT)
    return _with_header(TableKind.CSV, enumerate(delimited.rows_of(file, codec), start=1))


def _is_binary(head: str) -> bool:
    return any(letter < " " and letter not in "\t\r\n\f\x0b\x1a" for letter in head)


def _workbook(file: BinaryIO, sheet: str) -> Table:
    book = open_workbook(file)
    sheets = tuple(book.sheets)
    if sheet and sheet not in sheets:
        raise UsageError(NO_SUCH_SHEET.format(", ".join(sheets[:SHOWN_SHEETS])))
    return _with_header(TableKind.XLSX, book.rows_of(sheet or sheets[0]), sheets)


def _cards(file: BinaryIO) -> Table:
    numbered = enumerate((_cleaned(row, len(cards.HEADER)) for row in cards.rows_of(file)), start=1)
    return Table(TableKind.VCARD, cards.HEADER, _rows(numbered))


def _with_header(kind: TableKind, rows: Rows, sheets: tuple[str, ...] = ()) -> Table:
    """The first row that is not empty names the columns, unless an address stands in it."""
    number, first = next(((number, row) for number, row in rows if any(map(str.strip, row))), (0, []))
    if not first:
        raise UsageError(EMPTY)
    while not first[-1].strip():
        first.pop()
    if len(first) > MOST_COLUMNS:
        raise UsageError(TOO_WIDE)
    width = len(first)
    begun: list[tuple[int, list[str]]] = []
    header = [storable(" ".join(name.split()))[:LONGEST_CELL] for name in first]
    if any(map(is_address, header)):
        header, begun = [""] * width, [(number, first)]
    header = _told_apart([name or f"Column {place}" for place, name in enumerate(header, start=1)])
    return Table(
        kind, tuple(header), _rows((number, _cleaned(row, width)) for number, row in chain(begun, rows)), sheets
    )


def _told_apart(header: list[str]) -> list[str]:
    """Each name once: the second column `E-mail` is `E-mail (2)`."""
    seen: dict[str, str] = {}
    for name in header:
        number, unique = 1, name
        while unique.casefold() in seen:
            number += 1
            unique = f"{name} ({number})"
        seen[unique.casefold()] = unique
    return list(seen.values())


def _rows(numbered: Iterable[tuple[int, tuple[str, ...]]]) -> Iterator[TableRow]:
    """Those that hold anything. Raises `UsageError` for none, and for too many."""
    count = 0
    for number, cells in numbered:
        if any(cell.strip() for cell in cells):
            count += 1
            if count > MOST_ROWS:
                raise UsageError(TOO_MANY_ROWS)
            yield TableRow(number, cells)
    if not count:
        raise UsageError(ONLY_HEADER)


def _cleaned(row: list[str], width: int) -> tuple[str, ...]:
    """As many cells as columns, each as it can be stored. Line breaks stay: they part several values."""
    cells = [storable(cell.strip(BLANKS)[:LONGEST_CELL]) if cell else "" for cell in row[:width]]
    return (*cells, *[""] * (width - len(cells)))
