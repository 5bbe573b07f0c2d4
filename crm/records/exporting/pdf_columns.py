"""What of the exported columns stands in a PDF: a page is only so wide. The others are named on its first page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crm.office.formats import Formats
from crm.records.exporting.columns import HEADERS, Cell, Row
from crm.records.fields.standard import FURTHER
from storage.models import RecordType

MOST_COLUMNS: Final = 9
IN_PDF: Mapping[RecordType, tuple[str, ...]] = {
    RecordType.CONTACT: ("Name", "Company", "Position", "E-mail", "Phone", "Responsible", "Tags", "Known since"),
    RecordType.COMPANY: ("Name", "Domain", "E-mail", "Phone", "Responsible", "Tags", "Known since"),
    RecordType.LEAD: ("Lead", "Name", "Stage", "E-mail", "Phone", "Company", "Responsible", "Came"),
    RecordType.DEAL: (
        "Deal",
        "Stage",
        "Amount",
        "Currency",
        "Contact",
        "Company",
        "Responsible",
        "Closes on",
        "Changed",
    ),
}
"""The columns in their order, as far as anything stands in them; custom and further fields follow, as far as there is room."""
AMOUNTS: Final = frozenset({"Amount"})


@dataclass(frozen=True, slots=True)
class PdfTable:
    """The cells as texts, the header first; `right` says which columns are numbers, `left_out` which are not here."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    right: tuple[bool, ...]
    left_out: tuple[str, ...]


def for_pdf(kind: RecordType, header: Row, rows: Sequence[Row], formats: Formats) -> PdfTable:
    """The columns that a page has room for, with numbers in `formats`."""
    names = [str(name) for name in header]
    standard = HEADERS[kind]
    filled = [any(row[index] != "" for row in rows) or not rows for index in range(len(names))]
    wanted = [names.index(name) for name in IN_PDF[kind]]
    further = [names.index(field.name) for field in FURTHER[kind] if field.name in names]
    wanted += [*range(len(standard), len(names)), *further]
    shown = [index for index in wanted if filled[index]][:MOST_COLUMNS]
    others = [name for index, name in enumerate(names) if filled[index] and index not in shown] if rows else []
    left_out = [name for name in others if not name.endswith("ID")]
    numbers = tuple(any(isinstance(row[index], int | Decimal) for row in rows) for index in shown)
    texts = [tuple(_text(names[index], row[index], formats) for index in shown) for row in rows]
    return PdfTable(tuple(names[index] for index in shown), texts, numbers, tuple(left_out))


def _text(column: str, cell: Cell, formats: Formats) -> str:
    """Amounts with their thousands apart; another number may be a year or a size."""
    if isinstance(cell, str):
        return cell
    digits = -int(cell.as_tuple().exponent) if isinstance(cell, Decimal) else 0
    return formats.number(cell, digits) if column in AMOUNTS else formats.typed(str(cell))
