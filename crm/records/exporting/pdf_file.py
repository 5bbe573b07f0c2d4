"""Rows as a PDF to be printed or sent: landscape A4, the header on each page, columns as wide as what stands in them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from typing_extensions import override

from crm.records.exporting.pdf_columns import PdfTable
from crm.records.exporting.pdf_fonts import BOLD, REGULAR, Fonts, as_seen, fonts_there, one_line, runs_right_to_left

SIZE, LEADING, PADDING = 7.5, 9.5, 3.0
MARGIN, FOOT = 34.0, 40.0
WIDTH: Final = landscape(A4)[0] - 2 * MARGIN
NARROWEST, WIDEST, STEP = 34.0, 170.0, 2.0
ROOM: Final = 2 * PADDING + 0.5
LONGEST_CELL: Final = 160
LONGEST_LINE: Final = 600
INK, SOFT, LINE, BAND = HexColor("#1c1c1a"), HexColor("#5c5c57"), HexColor("#d5d5cf"), HexColor("#f1f1ec")
TEXT = ParagraphStyle("cell", fontName=REGULAR, fontSize=SIZE, leading=LEADING, textColor=INK)
NUMBER = ParagraphStyle("number", TEXT, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", TEXT, fontName=BOLD)
TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=17, leading=22, textColor=INK)
NOTE = ParagraphStyle("note", TEXT, fontSize=9, leading=12.5, textColor=SOFT)
GRID: Final = (
    ("FONT", (0, 0), (-1, -1), REGULAR, SIZE, LEADING),
    ("TEXTCOLOR", (0, 0), (-1, -1), INK),
    ("BACKGROUND", (0, 0), (-1, 0), BAND),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
    ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
)


@dataclass(frozen=True, slots=True)
class PdfHead:
    """What stands above the table: what it is, what was asked for, how much that is, and when it was made for whom."""

    title: str
    asked: str
    count: str
    made: str


class _Numbered(Canvas):  # type: ignore[misc]
    """Pages that say how many there are: that is known at the end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: list[dict[str, Any]] = []
        self.foot = ""

    @override
    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    @override
    def save(self) -> None:
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self.setFont(REGULAR, SIZE)
            self.setFillColor(SOFT)
            self.drawRightString(MARGIN + WIDTH, FOOT / 2, f"Page {number} of {len(self._kept)}")
            super().showPage()
        super().save()


def pdf_document(table: PdfTable, head: PdfHead) -> bytes:
    """The whole document. Letters that no font has are boxes, and the first page says so."""
    fonts = fonts_there()
    widths = column_widths(table)
    cells: list[list[Any]] = [
        [_heading(*column, fonts) for column in zip(table.header, widths, table.right, strict=True)]
    ]
    for row in table.rows:
        columns = zip(row, widths, table.right, strict=True)
        cells.append([_cell(text, width, fonts, right=right) for text, width, right in columns])
    story: list[Any] = [
        _paragraph(head.title, WIDTH, TITLE, fonts),
        *(_paragraph(line, WIDTH, NOTE, fonts) for line in (head.asked, f"{head.count} · {head.made}")),
    ]
    if table.left_out:
        others = ", ".join(table.left_out)
        story.append(_paragraph(f"Not on these pages, but in CSV and XLSX: {others}.", WIDTH, NOTE, fonts))
    if fonts.missing:
        story.append(_paragraph(_what_is_missing(fonts), WIDTH, NOTE, fonts))
    story.append(Spacer(1, 8))
    if table.rows:
        right = [("ALIGN", (at, 1), (at, -1), "RIGHT") for at, is_number in enumerate(table.right) if is_number]
        style = TableStyle([*GRID, *right])
        story.append(LongTable(cells, colWidths=list(widths), repeatRows=1, style=style, hAlign="LEFT"))
    else:
        story.append(_paragraph("The filter shows none.", WIDTH, NOTE, fonts))
    return _built(story, head, fonts)


def _heading(name: str, width: float, right: bool, fonts: Fonts) -> Any:
    return _paragraph(name, width, ParagraphStyle("number head", HEAD, alignment=TA_RIGHT) if right else HEAD, fonts)


def column_widths(table: PdfTable) -> tuple[float, ...]:
    """As wide as nearly all that stands in a column; where that is more than the page, the widest are made narrower first."""
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.header)
    least = [max(_width(name, BOLD), NARROWEST) + ROOM for name in table.header]
    usual = [max(_usual(cells), narrow) for cells, narrow in zip(columns, least, strict=True)]
    most = max(usual)
    while sum(widths := [max(min(wide, most), narrow) for wide, narrow in zip(usual, least, strict=True)]) > WIDTH:
        if most <= NARROWEST:
            break
        most -= STEP
    return tuple(width * WIDTH / sum(widths) for width in widths)


def _usual(cells: Sequence[str]) -> float:
    lengths = sorted(_width(one_line(cell, LONGEST_CELL)) for cell in cells)
    return min(lengths[int(len(lengths) * 0.95)], WIDEST) + ROOM if lengths else 0.0


def _cell(text: str, width: float, fonts: Fonts, *, right: bool) -> Any:
    """What is of our own font goes into the table as lines of text, which is three times as fast as paragraphs."""
    plain = one_line(text, LONGEST_CELL)
    if fonts.are_ours(plain):
        return "\n".join(_lines(plain, width - ROOM, REGULAR, SIZE))
    return _paragraph(plain, width, NUMBER if right else TEXT, fonts)


def _paragraph(text: str, width: float, style: ParagraphStyle, fonts: Fonts) -> Any:
    plain = one_line(text, LONGEST_LINE)
    lines = [plain]
    if runs_right_to_left(plain):  # It must be broken into lines before they are turned round.
        lines = [as_seen(line) for line in _lines(plain, width - ROOM, style.fontName, style.fontSize)]
    return Paragraph("<br/>".join(_marked(line, fonts) for line in lines), style)


def _lines(text: str, width: float, font: str, size: float) -> list[str]:
    """A text broken between words, and within a word that is longer than a line."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if _width(longer, font, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word if _width(word, font, size) > width else [word]:
            if lines[-1] and _width(lines[-1] + letter, font, size) > width:
                lines.append("")
            lines[-1] += letter
    return lines


@lru_cache(maxsize=20_000)
def _width(text: str, font: str = REGULAR, size: float = SIZE) -> float:
    return float(stringWidth(text, font, size))


def _marked(text: str, fonts: Fonts) -> str:
    """The text with the fonts of its letters, as paragraphs know it."""
    pieces = []
    for name, letters in fonts.pieces(text):
        safe = escape(letters)
        pieces.append(safe if name == REGULAR else f'<font name="{name}">{safe}</font>')
    return "".join(pieces)


def _what_is_missing(fonts: Fonts) -> str:
    number = len(fonts.missing)
    which = "A letter stands" if number == 1 else f"{number} letters stand"
    return (
        f"{which} here as a box (\u25a1), because this server has no font for {'it' if number == 1 else 'them'}: whoever looks "
        "after it can add one, such as Droid Sans Fallback. CSV and XLSX have them all."
    )


def _built(story: Sequence[Any], head: PdfHead, fonts: Fonts) -> bytes:
    to = io.BytesIO()
    document = SimpleDocTemplate(
        to,
        pagesize=landscape(A4),
        leftMargin=MARGIN - 6,  # A frame keeps six points to itself.
        rightMargin=MARGIN - 6,
        topMargin=MARGIN - 6,
        bottomMargin=FOOT,
        title=one_line(head.title, LONGEST_LINE),
        author="Mailsync",
        lang="en",
    )
    foot = _paragraph(
        f"{head.title} · {head.made}", WIDTH - 100, ParagraphStyle("foot", NOTE, fontSize=SIZE, leading=LEADING), fonts
    )

    def below(canvas: Any, _: Any) -> None:
        foot.wrapOn(canvas, WIDTH - 100, FOOT)
        foot.drawOn(canvas, MARGIN, FOOT / 2 - 2)

    document.build(list(story), onFirstPage=below, onLaterPages=below, canvasmaker=_Numbered)
    return to.getvalue()
