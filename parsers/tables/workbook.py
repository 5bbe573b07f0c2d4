"""XLSX (ISO/IEC 29500) by openpyxl, which reads it as a stream; what would unpack to far more than a list is refused before."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError
from zlib import error as ZlibError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import UsageError
from parsers.numbers import number_text

MOST_UNPACKED: Final = 400 * 1024 * 1024
MOST_STRINGS: Final = 100 * 1024 * 1024
"""The table of texts, which is kept in memory."""
MOST_ENTRIES: Final = 2_000
STRINGS, SHEETS, WORKBOOK = "xl/sharedStrings.xml", "xl/worksheets/", "xl/workbook.xml"
NO_VALUE: Final = "=…"
"""Stands for a formula that nobody has calculated yet; as in CSV, what begins with `=` is one."""
CHUNK = 1024 * 1024
BROKEN = "The XLSX file is damaged: open it in a spreadsheet program and save it again."
BOMB = "The XLSX file unpacks to far more than a list needs: save the list alone as a new file."
NO_WORKBOOK = "This archive holds no XLSX workbook: save the list as .xlsx or CSV."
OPEN_DOCUMENT = "This is an OpenDocument file: save the list as .xlsx or CSV."
_TROUBLE = (
    zipfile.BadZipFile, ZlibError, ParseError, InvalidFileException, NotImplementedError, RuntimeError, EOFError,
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
)  # fmt: skip
"""What openpyxl and zipfile raise for damaged files."""


def sheets_of(file: BinaryIO) -> tuple[str, ...]:
    """The names of the sheets. Raises `UsageError` for an archive that is no workbook, is damaged, or unpacks to too much."""
    with _plainly():
        _check_archive(file)
        book = load_workbook(file, read_only=True)
        names = tuple(sheet.title for sheet in book.worksheets)
    if not names:
        raise UsageError(BROKEN)
    return names


def rows_of(file: BinaryIO, sheet: str) -> Iterator[list[str]]:
    """Every row of a sheet, empty ones too. Raises `UsageError` where the file is damaged."""
    with _plainly():
        yield from _with_formulas(file, sheet) if _has_formulas(file) else _values(file, sheet)


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except _TROUBLE as error:
        raise UsageError(BROKEN) from error


def _check_archive(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        entries = {entry.filename: entry.file_size for entry in archive.infolist()}
        if "mimetype" in entries and b"opendocument" in archive.open("mimetype").read(100):
            raise UsageError(OPEN_DOCUMENT)
    if WORKBOOK not in entries:
        raise UsageError(NO_WORKBOOK)
    too_much = sum(entries.values()) > MOST_UNPACKED or len(entries) > MOST_ENTRIES
    if too_much or entries.get(STRINGS, 0) > MOST_STRINGS:
        raise UsageError(BOMB)


def _has_formulas(file: BinaryIO) -> bool:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.startswith(SHEETS) and name.endswith(".xml") and _holds_formula(archive, name):
                return True
    return False


def _holds_formula(archive: zipfile.ZipFile, name: str) -> bool:
    before = b""
    with archive.open(name) as entry:
        while chunk := entry.read(CHUNK):
            if b"<f>" in (seen := before + chunk) or b"<f " in seen:
                return True
            before = chunk[-3:]
    return False


def _values(file: BinaryIO, sheet: str) -> Iterator[list[str]]:
    for row in _sheet(file, sheet, values=True).iter_rows(values_only=True):
        yield [_text(value) for value in row]


def _with_formulas(file: BinaryIO, sheet: str) -> Iterator[list[str]]:
    """What was calculated when the file was saved; where nothing was, a sign for it."""
    formulas = _sheet(file, sheet, values=False).iter_rows()
    for row, written in zip(_sheet(file, sheet, values=True).iter_rows(values_only=True), formulas, strict=False):
        yield [
            NO_VALUE if value is None and cell.data_type == "f" else _text(value)
            for value, cell in zip(row, written, strict=False)
        ]


def _sheet(file: BinaryIO, sheet: str, *, values: bool) -> Any:
    opened = load_workbook(file, read_only=True, data_only=values)[sheet]
    opened.reset_dimensions()  # What the file says of its size is often wrong.
    return opened


def _text(value: object) -> str:
    """As a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    if text in _ERRORS:
        return ""
    return f"'{text}" if text.startswith("=") else text  # As in CSV: a text, and no formula.


_ERRORS: Final = frozenset({"#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#VALUE!", "#GETTING_DATA"})
