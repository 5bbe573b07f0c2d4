"""XLSX workbooks (ISO/IEC 29500) as streams of rows: nothing of a sheet is kept but the row that is read.

openpyxl tells which formats are dates, and which moment a number is then.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import BinaryIO, Final

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from core.errors import UsageError
from parsers.charsets.decoding import storable
from parsers.numbers import number_text
from parsers.tables.package import MOST_STRINGS, MOST_UNPACKED, Damaged, Package
from parsers.tables.sheet import Cell, SheetReader, StringsReader, unescaped

WORKBOOK: Final = "xl/workbook.xml"
"""Where nothing says that it is elsewhere."""
NO_VALUE: Final = "=…"
"""Stands for a formula that nobody has calculated yet; as in CSV, what begins with `=` is one."""
NO_WORKBOOK = "This archive holds no XLSX workbook: save the list as .xlsx or CSV."
MOST_DIGITS: Final = 400
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""As XML Schema writes a double, which is finite in a sheet."""
_FORMATS_ELSEWHERE: Final = frozenset({"cellStyleXfs", "cellStyles", "dxfs"})
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#VALUE!", "#GETTING_DATA"})


@dataclass(slots=True)
class Workbook:
    """What an XLSX file holds; `sheets` are parts of the archive by their names, in order."""

    package: Package
    sheets: dict[str, str]
    epoch: datetime
    dates: dict[str, str]
    """Formats of cells that show dates or times, by the number of the style."""
    strings_part: str
    _strings: list[str] = field(default_factory=list)

    def rows_of(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Every row that is there, by number. Raises `UsageError` where the file is damaged, or unpacks to too much."""
        self._strings = self._all_strings()
        reader = SheetReader()
        for _ in self.package.read(self.sheets[sheet], reader, MOST_UNPACKED):
            for number, cells in reader.rows:
                yield number, self._texts(cells)
            reader.rows.clear()

    def _all_strings(self) -> list[str]:
        reader = StringsReader()
        if self.package.has(self.strings_part):
            for _ in self.package.read(self.strings_part, reader, MOST_STRINGS):
                pass
        return reader.strings

    def _texts(self, cells: list[Cell]) -> list[str]:
        texts: list[str] = [""] * max((cell.column for cell in cells), default=0)
        for cell in cells:
            texts[cell.column - 1] = self._text(cell)
        return texts

    def _text(self, cell: Cell) -> str:
        """As a person would have typed it."""
        if not cell.text:
            return NO_VALUE if cell.is_formula and cell.kind != "str" else ""
        if cell.kind == "n":
            return self._number(cell.text, self.dates.get(cell.style, ""))
        if cell.kind == "b":
            return "true" if cell.text.strip() not in ("0", "false") else "false"
        if cell.kind == "d":
            return _iso_moment(cell.text)
        text = unescaped(self._shared(cell.text) if cell.kind == "s" else cell.text)
        if cell.kind == "e" or text in _ERRORS:
            return ""
        return f"'{text}" if text.startswith("=") else text  # As in CSV: a text, and no formula.

    def _shared(self, text: str) -> str:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else -1
        if not 0 <= number < len(self._strings):
            raise Damaged
        return self._strings[number]

    def _number(self, text: str, date_format: str) -> str:
        plain = text.strip()
        if len(plain) > MOST_DIGITS or not _NUMBER.fullmatch(plain):
            raise Damaged
        value = int(plain) if plain.lstrip("+-").isdigit() else float(plain)
        if not isfinite(value):
            raise Damaged
        if not date_format:
            return number_text(value) if isinstance(value, float) else str(value)
        try:
            return _written(from_excel(value, self.epoch, timedelta=is_timedelta_format(date_format)))
        except (ValueError, OverflowError):
            return ""  # As it is shown: #VALUE!


def open_workbook(file: BinaryIO) -> Workbook:
    """A workbook. Raises `UsageError` for an archive that is none, is damaged, or unpacks to too much."""
    package = Package(file)
    leads_to = dict(package.relations("").values())
    part = leads_to.get("officeDocument", WORKBOOK)
    if not package.has(part):
        raise UsageError(NO_WORKBOOK)
    relations = package.relations(part)
    by_kind = dict(relations.values())
    sheets: dict[str, str] = {}
    epoch = WINDOWS_EPOCH
    for name, given in package.elements(part):
        if name == "workbookPr" and given.get("date1904") in ("1", "true"):
            epoch = MAC_EPOCH
        if name == "sheet":
            relation = next((value for key, value in given.items() if key.endswith(":id")), "")
            kind, target = relations.get(relation, ("", ""))
            if kind == "worksheet" and package.has(target):
                sheets.setdefault(storable(unescaped(given.get("name", ""))), target)
    if not sheets:
        raise Damaged
    return Workbook(
        package, sheets, epoch, _dates(package, by_kind.get("styles", "")), by_kind.get("sharedStrings", "")
    )


def _dates(package: Package, part: str) -> dict[str, str]:
    formats = {str(number): text for number, text in BUILTIN_FORMATS.items()}
    found: dict[str, str] = {}
    style, counts = 0, False
    for name, given in package.elements(part):
        if name == "numFmt":
            formats[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "cellXfs" or name in _FORMATS_ELSEWHERE:
            counts = name == "cellXfs"
        elif name == "xf" and counts:
            shown = formats.get(given.get("numFmtId", "0"), "")
            if is_date_format(shown):
                found[str(style)] = shown
            style += 1
    return found


def _iso_moment(text: str) -> str:
    try:
        return _written(from_ISO8601(text.strip()))
    except (ValueError, OverflowError):
        raise Damaged from None


def _written(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return str(value) if isinstance(value, timedelta) else value.isoformat()
