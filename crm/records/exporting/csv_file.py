"""Rows as CSV (RFC 4180), UTF-8 with a mark, nothing in it that a spreadsheet program would calculate."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from crm.records.exporting.cells import BYTE_ORDER_MARK, defused
from crm.records.exporting.columns import Cell


def csv_pieces(chunks: Iterable[Sequence[Sequence[Cell]]], decimal: str = ".") -> Iterator[bytes]:
    """The file, piece by piece. With a decimal comma a semicolon parts cells, as spreadsheet programs there expect."""
    delimiter = ";" if decimal == "," else ","
    mark = BYTE_ORDER_MARK
    for rows in chunks:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([_cell(cell, decimal) for cell in row] for row in rows)
        yield (mark + text.getvalue()).encode("utf-8", "replace")
        mark = ""


def _cell(cell: Cell, decimal: str) -> str:
    """Numbers stay as they are, a negative one too."""
    return defused(cell) if isinstance(cell, str) else str(cell).replace(".", decimal)
