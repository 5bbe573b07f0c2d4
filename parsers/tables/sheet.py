"""A sheet of a workbook and its table of texts (ISO/IEC 29500-1, 18.3 and 18.4), cell by cell as they come."""

import re
from dataclasses import dataclass
from typing import Final

from parsers.tables.model import LONGEST_CELL, MOST_COLUMNS
from parsers.tables.package import Attributes, Damaged

MOST_NUMBERS: Final = 1_048_576
"""Rows of a sheet."""
_LETTERS: Final = re.compile(r"\$?([A-Za-z]{1,3})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the file has it. `kind` is its type there; a formula without a value has nobody calculated yet."""

    column: int
    kind: str
    style: str
    text: str
    is_formula: bool


@dataclass(slots=True)
class _Text:
    """Text that comes in pieces; what is behind the longest cell is left out."""

    pieces: list[str]
    room: int = LONGEST_CELL

    def add(self, data: str) -> None:
        if self.room > 0:
            self.pieces.append(data[: self.room])
            self.room -= len(data)


class SheetReader:
    """Collects rows that have ended, by number. What stands beyond the columns of a list counts as one column more."""

    def __init__(self) -> None:
        self.seen = 0
        self.rows: list[tuple[int, list[Cell]]] = []
        self._number = 0
        self._cells: list[Cell] = []
        self._column = 0
        self._cell: Attributes | None = None
        self._text = _Text([])
        self._takes_text = self._is_formula = self._is_reading_aid = False

    def start(self, name: str, attributes: Attributes) -> None:
        """A row, a cell, or what is in a cell."""
        self.seen += 1
        if name == "c":
            self._cell, self._text, self._is_formula = attributes, _Text([]), False
            self._column = _column(attributes.get("r", ""), self._column)
        elif self._cell is not None:
            self._takes_text = name == "v" or (name == "t" and not self._is_reading_aid)
            self._is_formula = self._is_formula or name == "f"
            self._is_reading_aid = self._is_reading_aid or name == "rPh"
        elif name == "row":
            self._number = max(_number(attributes.get("r", "")), self._number + 1)
            self._column = 0

    def end(self, name: str) -> None:
        """The same, from its end."""
        self._takes_text = False
        if name == "c" and self._cell is not None:
            self._add_cell(self._cell)
            self._cell = None
        elif name == "rPh":
            self._is_reading_aid = False
        elif name == "row":
            if self._number > MOST_NUMBERS:
                raise Damaged
            self.rows.append((self._number, self._cells))
            self._cells = []

    def text(self, data: str) -> None:
        """What stands in a cell."""
        if self._takes_text:
            self._text.add(data)

    def _add_cell(self, given: Attributes) -> None:
        text = "".join(self._text.pieces)
        if (text or self._is_formula) and len(self._cells) <= MOST_COLUMNS:
            column = min(self._column, MOST_COLUMNS + 1)
            self._cells.append(Cell(column, given.get("t", "n"), given.get("s", "0"), text, self._is_formula))


class StringsReader:
    """Collects the table of texts."""

    def __init__(self) -> None:
        self.seen = 0
        self.strings: list[str] = []
        self._text = _Text([])
        self._takes_text = self._is_reading_aid = False

    def start(self, name: str, _: Attributes) -> None:
        """A text, or a part of it in a format of its own."""
        self.seen += 1
        if name == "si":
            self._text = _Text([])
        elif name == "rPh":
            self._is_reading_aid = True
        self._takes_text = name == "t" and not self._is_reading_aid

    def end(self, name: str) -> None:
        """The same, from its end."""
        self._takes_text = False
        if name == "si":
            self.strings.append("".join(self._text.pieces))
        elif name == "rPh":
            self._is_reading_aid = False

    def text(self, data: str) -> None:
        """A piece of it."""
        if self._takes_text:
            self._text.add(data)


def unescaped(text: str) -> str:
    """With the signs that XML can not hold, which stand as `_x000D_` (ST_Xstring)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _column(place: str, last: int) -> int:
    """The number of a column by its letters; where none are told, the next one."""
    letters = _LETTERS.match(place)
    if letters is None:
        return last + 1
    number = 0
    for letter in letters[1].upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _number(text: str) -> int:
    """Of a row; 0 where none is told. Raises `Damaged` for what no sheet has."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_NUMBERS))):
        raise Damaged
    return int(text)
