"""Rows as an XLSX workbook (ISO/IEC 29500), written as they come: openpyxl would keep every text until the end.

Texts are texts whatever they begin with; numbers are numbers. What does not fit on one sheet goes on on the next.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from crm.records.exporting.cells import NOT_IN_XML, kept_apart
from crm.records.exporting.columns import Cell

MOST_ROWS: Final = 1_048_576
"""Of a sheet."""
LONGEST_CELL: Final = 32_767
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
SHEET_BEGIN = (
    f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<cols><col min="1" max="40" width="22" customWidth="1"/></cols><sheetData>'
)
SHEET_END = "</sheetData></worksheet>"
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What readers would take for one character (ISO/IEC 29500-1, ST_Xstring)."""
Rows = Sequence[Sequence[Cell]]


class _Sent:
    """What `zipfile` writes to: bytes go on at once, and can not be sought in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep a piece until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        """What was written since it was asked last."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def xlsx_pieces(chunks: Iterable[Rows], title: str) -> Iterator[bytes]:
    """The workbook, piece by piece; the first row is the header of every sheet."""
    sent = _Sent()
    sheets = 0
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in _sheets(chunks):
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as entry:
                entry.write(SHEET_BEGIN.encode())
                for rows, is_header in sheet:
                    entry.write("".join(_row(row, is_header=is_header) for row in rows).encode("utf-8", "replace"))
                    yield sent.take()
                entry.write(SHEET_END.encode())
        for name, text in _parts(sheets, title).items():
            archive.writestr(name, text)
    yield sent.take()


def _sheets(chunks: Iterable[Rows]) -> Iterator[Iterator[tuple[Rows, bool]]]:
    """The chunks of each sheet, and whether it is the header."""
    coming = iter(chunks)
    header = next(coming, [])
    waiting: list[Rows] = []

    def one_sheet() -> Iterator[tuple[Rows, bool]]:
        room = MOST_ROWS - len(header)
        yield header, True
        while (rows := waiting.pop() if waiting else next(coming, None)) is not None:
            if len(rows) > room:
                waiting.append(rows[room:])
                rows = rows[:room]
            room -= len(rows)
            if rows:
                yield rows, False
            if waiting:
                return

    yield one_sheet()
    while waiting:
        yield one_sheet()


def _row(cells: Sequence[Cell], *, is_header: bool) -> str:
    style = ' s="1"' if is_header else ""
    return f"<row>{''.join(_cell(cell, style) for cell in cells)}</row>"


def _cell(cell: Cell, style: str) -> str:
    if not isinstance(cell, str):
        return f"<c{style}><v>{cell}</v></c>"
    if not cell:
        return "<c/>"
    plain = ESCAPED.sub("_x005F_", kept_apart(NOT_IN_XML.sub("", cell)))
    text = escape(plain[:LONGEST_CELL], {"\r": "&#13;"})
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>'


def _parts(sheets: int, title: str) -> dict[str, str]:
    """Everything that says what the sheets are."""
    numbers = range(1, sheets + 1)
    names = [title if number == 1 else f"{title} {number}" for number in numbers]
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kind}.worksheet+xml"/>'
        for number in numbers
    )
    return {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{sheets + 1}" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{types}'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
    }
