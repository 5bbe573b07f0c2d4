"""PDFs of lists: letters of the world, columns that fit the page, and honesty about what is not there."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from crm.office.formats import USUAL, Formats, NumberStyle
from crm.records.exporting import pdf_fonts
from crm.records.exporting.columns import CONTACT, DEAL, HEADERS
from crm.records.exporting.pdf_columns import MOST_COLUMNS, for_pdf
from crm.records.exporting.pdf_file import WIDTH, PdfHead, column_widths, pdf_document
from crm.records.exporting.pdf_fonts import as_seen, fonts_there, one_line
from storage.models import RecordType

HEAD = PdfHead("Contacts", "Tag newsletter; by name", "2 contacts", "23 November 2026")
GARBAGE = [
    "<b>x</b> & <font",
    "\x00\ud800\u202e\ufffe",
    "",
    " \n\t ",
    "x" * 5_000,
    "مرحبا " * 400,
    "\ufdfa" * 300,
    "=1+1",
    "&#0;",
]


@pytest.fixture(autouse=True)
def _no_other_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf_fonts, "FOLDERS", (tmp_path,))


def contact(name: str = "Anna", *, company: str = "Client", since: str = "12/11/2026") -> tuple[str | int, ...]:
    return (name, company, "a@client.example", "Tom", "vip", "+48 601", "", "", "import", "Some notes", since, 7)


def read(document: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(document)).pages]


def test_names_of_many_scripts_can_be_read_and_what_no_font_has_is_said() -> None:
    names = ["Łukasz Zażółć", "Ωμέγα Παπαδόπουλος", "Иван Щербаков", "Çağla Öztürk", "Նարեկ", "გიორგი"]
    pages = read(pdf_document(for_pdf(RecordType.CONTACT, CONTACT, [contact(name) for name in names], USUAL), HEAD))
    assert all(name in pages[0] for name in names)
    assert "□" not in pages[0]
    assert "Tag newsletter; by name" in pages[0]

    boxes = read(
        pdf_document(for_pdf(RecordType.CONTACT, CONTACT, [contact("山田 Yamada"), contact("山")], USUAL), HEAD)
    )[0]
    assert "□□ Yamada" in boxes
    assert "2 letters stand here as a box" in boxes


def test_arabic_is_joined_and_turned_round_line_by_line() -> None:
    assert as_seen("Anna") == "Anna"
    assert as_seen("שלום עולם") == "םלוע םולש"
    assert as_seen("محمد Acme 26") == "Acme 26 \ufeaa\ufee4\ufea4\ufee3"
    letters = fonts_there().letters[0]
    assert {ord(each) for each in as_seen("شركة النور للتجارة محمد لا")} <= letters, "our own font has the joined forms"


def test_the_columns_are_those_that_say_something_and_fit_the_page() -> None:
    custom = tuple(f"Field {number}" for number in range(4))
    header = HEADERS[RecordType.CONTACT]
    further = ["Prague" if name == "City" else "" for name in header[len(CONTACT) :]]
    rows = [(*contact(), *further, "1", "", "3", "4"), (*contact(company=""), *further, "", "", "", "")]
    table = for_pdf(RecordType.CONTACT, (*header, *custom), rows, USUAL)
    assert table.header == (
        "Name", "Company", "E-mail", "Phone", "Responsible", "Tags", "Known since", "Field 0", "Field 2",
    )  # fmt: skip
    assert len(table.header) <= MOST_COLUMNS
    assert table.left_out == ("Source", "Notes", "City", "Field 3")
    assert for_pdf(RecordType.CONTACT, header, [row[: len(header)] for row in rows], USUAL).header[-1] == "City"
    assert table.rows[0][6] == "12/11/2026"
    deal = ["Mill", "New", Decimal("1234567.50"), "EUR", *[""] * 15]
    money = for_pdf(RecordType.DEAL, DEAL, [deal], USUAL)
    assert (money.rows[0][2], money.right) == ("1,234,567.50", (False, False, True, False))
    commas = Formats(numbers=NumberStyle.POINT_COMMA)
    assert for_pdf(RecordType.DEAL, DEAL, [deal], commas).rows[0][2] == "1.234.567,50"
    yen = ["Mill", "New", Decimal(12_000), "JPY", *[""] * 15]
    assert for_pdf(RecordType.DEAL, DEAL, [yen], USUAL).rows[0][2] == "12,000"
    for wide in ("a", "word " * 60, "x" * 400):
        widths = column_widths(for_pdf(RecordType.CONTACT, CONTACT, [contact(wide, company=wide)] * 3, USUAL))
        assert sum(widths) == pytest.approx(WIDTH)
        assert min(widths) > 34


def test_many_pages_are_numbered_and_garbage_does_no_harm() -> None:
    rows = [contact(f"{number} {GARBAGE[number % len(GARBAGE)]}") for number in range(120)]
    pages = read(
        pdf_document(for_pdf(RecordType.CONTACT, CONTACT, rows, USUAL), PdfHead("\x00<i>", "&" * 900, "\ud800", ""))
    )
    assert len(pages) > 3
    assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    assert all("Known since" in page for page in pages)
    assert "<b>x</b> & <font" in pages[0]
    assert one_line("a\x00\u202e\n b", 10) == "a b"
    assert one_line("abcdef", 4) == "abc…"
    empty = read(pdf_document(for_pdf(RecordType.CONTACT, CONTACT, [], USUAL), HEAD))
    assert "The filter shows none." in empty[0]
    assert "Not on these pages" not in empty[0]
