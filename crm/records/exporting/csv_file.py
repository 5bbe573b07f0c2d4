"""Rows as CSV (RFC 4180), UTF-8 with a mark, nothing in it that a spreadsheet program would calculate."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from crm.records.exporting.cells import BYTE_ORDER_MARK, defused
from crm.records.exporting.columns import Cell


def csv_pieces(chunks: Iterable[Sequence[Sequence[Cell]]]) -> Iterator[bytes]:
    """The file, piece by piece."""
    mark = BYTE_ORDER_MARK
    for rows in chunks:
        text = io.StringIO()
        csv.writer(text).writerows([_cell(cell) for cell in row] for row in rows)
        yield (mark + text.getvalue()).encode("utf-8", "replace")
        mark = ""


def _cell(cell: Cell) -> str:
    """Numbers stay as they are, a negative one too."""
    return defused(cell) if isinstance(cell, str) else str(cell)
