"""What every file becomes: a header, and rows of text that are read when they are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
"""What a cell of a spreadsheet holds. What is behind that is left out; no field of a record takes so much."""
TOO_MANY_ROWS = f"The file has more than {MOST_ROWS:,} rows: part it into several."


class TableKind(StrEnum):
    """What a file is."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number as a spreadsheet program counts (a vCard: which one it is), and its cells, as many as columns."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is being read. `rows` may raise `UsageError` where the file can not be read on."""

    kind: TableKind
    header: tuple[str, ...]
    rows: Iterator[TableRow]
    sheets: tuple[str, ...] = ()
    """Of a workbook; the first one is read unless another is asked for."""
