"""Every file that people have for a list: read as one table, or refused in one sentence."""

import io
import random
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from openpyxl import Workbook

from core.errors import UsageError
from parsers.tables import delimited, opening, package, workbook
from parsers.tables.model import MOST_COLUMNS, TableKind
from parsers.tables.opening import open_table

PEOPLE = [["Name", "E-Mail", "Firma"], ["Jürgen Groß", "j@gross.example", "Groß; Söhne"], ["Zoë", "z@zoe.example", ""]]


def table_of(content: bytes, sheet: str = "") -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    table = open_table(io.BytesIO(content), sheet)
    return table.header, [(row.number, row.cells) for row in table.rows]


def refusal(content: bytes) -> str:
    with pytest.raises(UsageError) as told:
        table_of(content)
    sentence = str(told.value)
    assert sentence.endswith(".")
    assert len(sentence) < 200
    return sentence


def csv_text(delimiter: str, rows: list[list[str]] = PEOPLE) -> str:
    return "".join(delimiter.join(f'"{cell}"' if ";" in cell else cell for cell in row) + "\r\n" for row in rows)


def book(*sheets: list[list[object]], formula: str = "") -> bytes:
    made = Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    if formula:
        made.worksheets[0]["B2"] = formula
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_csv_in_every_delimiter_and_charset(delimiter: str, charset: str) -> None:
    header, rows = table_of(csv_text(delimiter).encode(charset))
    assert [list(header), *(list(cells) for _, cells in rows)] == PEOPLE
    assert [number for number, _ in rows] == [2, 3]


def test_lists_of_other_scripts_are_read_by_their_letters() -> None:
    ukrainian, polish = "Ім'я;Місто\nОксана Коваленко;Київ\nЄвген Щерба;Львів\n", "Imię;Miasto\nŻaneta Święch;Łódź\n"
    assert table_of(ukrainian.encode("cp1251"))[1][0][1] == ("Оксана Коваленко", "Київ")
    assert table_of(polish.encode("cp1250"))[1][0][1] == ("Żaneta Święch", "Łódź")


def test_csv_as_spreadsheet_programs_write_it() -> None:
    # given a line that names the delimiter, an empty line, line breaks and doubled quotes in cells, and cells that lack
    content = b'sep=;\r\n\r\nName;Notes;Mail\r\n"Ann ""Annie""\r\nLee";"a, b";ann@x.example\r\n\r\nBob\r\n'
    # when
    header, rows = table_of(content)
    # then rows are numbered as a spreadsheet program numbers them
    assert header == ("Name", "Notes", "Mail")
    assert rows == [(4, ('Ann "Annie"\r\nLee', "a, b", "ann@x.example")), (6, ("Bob", "", ""))]


def test_columns_of_one_name_are_told_apart() -> None:
    header, rows = table_of(b"E-mail,Name,e-mail,E-mail (2),E-mail\na@x.example,Ann,b@x.example,,\n")
    assert header == ("E-mail", "Name", "e-mail (2)", "E-mail (2) (2)", "E-mail (3)")
    assert rows == [(2, ("a@x.example", "Ann", "b@x.example", "", ""))]


def test_a_list_without_a_header_is_one_too() -> None:
    header, rows = table_of(b"ann@x.example,Ann\nbob@x.example,Bob\n")
    assert header == ("Column 1", "Column 2")
    assert rows == [(1, ("ann@x.example", "Ann")), (2, ("bob@x.example", "Bob"))]


def test_xlsx_as_a_person_would_have_typed_it() -> None:
    content = book([["Name", "Phone", "Yes"], ["Ann", 49301234567.0, True], [None, None, None], ["Bob", "+49", 1.5]])
    header, rows = table_of(content)
    assert header == ("Name", "Phone", "Yes")
    assert rows == [(2, ("Ann", "49301234567", "true")), (4, ("Bob", "+49", "1.5"))]


def test_a_sheet_is_chosen_by_name_and_a_wrong_name_is_told() -> None:
    content = book([["Nothing"], ["here"]], [["Name"], ["Ann"]])
    assert table_of(content, "Sheet 2") == (("Name",), [(2, ("Ann",))])
    with pytest.raises(UsageError, match=r"no sheet of that name; there are: Sheet 1, Sheet 2\."):
        table_of(content, "Sheet 3")


def test_a_formula_nobody_has_calculated_is_told_from_text_that_looks_like_one() -> None:
    content = book([["Name", "Phone"], ["=Ann", None], ["Bob", "1"]], formula="=1+1")
    content_with_text = book([["Name"], ["'=Ann"]])
    assert table_of(content)[1][0][1][1] == workbook.NO_VALUE
    assert table_of(content_with_text)[1][0][1] == ("'=Ann",)


CARDS = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Anna\r\n"
    "TEL;CELL:+49 171 1\r\nTEL;WORK:+49 30 22\r\nEMAIL;INTERNET:anna@x.example\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob Lee\r\nORG:Acme\\, Inc.;Sales\r\nTITLE:Head\r\n"
    "EMAIL;TYPE=WORK:bob@acme.example\r\nEMAIL:b@home.example\r\nCATEGORIES:VIP,Fair 2025\r\n"
    "N:Lee;Bob;;Dr.;\r\nBDAY:--0314\r\nURL:acme.example\r\nURL:https://www.linkedin.com/in/bob\r\n"
    "ADR;TYPE=WORK:;Floor 2;1 Main St;Austin;TX;78701;USA\r\nNOTE:One\\nTwo\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë\r\nTEL;VALUE=uri:tel:+1-555-0100;ext=7\r\nEND:VCARD\r\n"
)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_vcards_of_all_versions(charset: str) -> None:
    table = open_table(io.BytesIO(CARDS.encode(charset)))
    rows = list(table.rows)
    assert table.kind is TableKind.VCARD
    assert rows[0].cells[:9] == (
        "Anna Müller",
        "anna@x.example",
        "+49 171 1; +49 30 22",
        "",
        "",
        "",
        "",
        "Anna",
        "Müller",
    )
    assert rows[1].cells == (
        "Bob Lee", "bob@acme.example; b@home.example", "", "Acme, Inc.", "Head", "VIP; Fair 2025", "Dr.", "Bob", "Lee",
        "--03-14", "https://acme.example", "https://www.linkedin.com/in/bob", "1 Main St, Floor 2", "78701", "Austin", "TX",
        "USA", "One\nTwo",
    )  # fmt: skip
    assert (rows[2].number, rows[2].cells[0], rows[2].cells[2]) == (3, "Zoë", "+1-555-0100 ext. 7")


def test_more_cards_than_a_mail_may_carry_are_all_read() -> None:
    one = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nPHOTO;ENCODING=b:{}\nEND:VCARD\n"
    _, rows = table_of("".join(one.format("A" * 9000) for _ in range(700)).encode())
    assert len(rows) == 700


def test_what_is_no_list_is_told_in_a_sentence() -> None:
    assert refusal(b"") == opening.EMPTY
    assert refusal(b"\xef\xbb\xbf \r\n\r\n") == opening.EMPTY
    assert refusal(b"Name,Mail\r\n,\r\n") == opening.ONLY_HEADER
    assert refusal(b"\xd0\xcf\x11\xe0" + bytes(500)) == opening.OLD_EXCEL
    assert "no CSV, XLSX or vCard" in refusal(b"%PDF-1.7\n%\xe2\xe3\n1 0 obj")
    assert "no CSV, XLSX or vCard" in refusal(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    assert "no CSV, XLSX or vCard" in refusal(b"<html><table></table>")
    assert "no CSV, XLSX or vCard" in refusal(b'{"name": "Ann"}')
    assert "zero bytes" in refusal(b"Name,Mail\r\n" + b"Ann,a@x.example\r\n" * 400 + b"Bo\x00b,b@x.example\r\n")
    assert "never ends" in refusal(b"BEGIN:VCARD\r\nFN:Ann\r\n")
    assert "quotation mark" in refusal(b'Name,Mail\r\n"Ann,a@x.example\r\n' + b"Bob,b@x.example\r\n" * 20_000)
    assert f"more than {MOST_COLUMNS} columns" in refusal(b",".join(b"c%d" % n for n in range(10_000)) + b"\r\n1\r\n")
    wide = book([[f"c{number}" for number in range(10_000)], [1]])
    assert f"more than {MOST_COLUMNS} columns" in refusal(wide)


def test_a_quotation_mark_that_is_never_closed_swallows_nobody() -> None:
    # given 802 people, one of whom has a mark in the notes that nothing closes: before the others, among them, as the last
    people = [f"P {number},p{number}@x.example,nice" for number in range(801)]
    quoted = 'Zed,z@x.example,"tall, and ""kind"""'
    sloppy = 'Eve,e@x.example,"so "called" friend"'
    for place, tail in ((0, []), (400, []), (801, []), (0, [quoted]), (0, ["", quoted, ""])):
        for end in ("\n", ""):
            lines = ["Name,E-mail,Notes", *people[:place], 'Bob,b@x.example,"tall', *people[place:], *tail]
            # when, then
            told = refusal(("\n".join(lines) + end).encode())
            assert told == delimited.NEVER_CLOSED.format(place + 2)
    # and what is closed, on another line too, is read; and a stray mark on one line, which swallows nothing
    lines = ["Name,E-mail,Notes", sloppy, 'Bob,b@x.example,"tall\r\nand ""kind"""', quoted, sloppy]
    _, rows = table_of("\n".join(lines).encode())
    assert [cells[0] for _, cells in rows] == ["Eve", "Bob", "Zed", "Eve"]
    assert rows[1][1][2] == 'tall\r\nand "kind"'
    assert refusal(b'Name,E-mail\nAnn,a@x.example\n"') == delimited.NEVER_CLOSED.format(3)


def archive(**files: bytes) -> bytes:
    return zipped({name.replace("__", "/").replace("_xml", ".xml"): data for name, data in files.items()})


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return content.getvalue()


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def made_to_hurt(
    sheet: bytes, *, head: bytes = b"", strings: bytes = b"", styles: bytes = b"", texts: str = "t.xml", name: str = "S"
) -> bytes:
    """A workbook written by hand; `texts` is where its shared strings are."""
    kinds = {"worksheet": "sheet.xml", "sharedStrings": texts, "styles": "styles.xml"}
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{RELATION}/{kind}" Target="{target}"/>' for kind, target in kinds.items()
    )
    return zipped(
        {
            "xl/workbook.xml": f'<workbook><sheets><sheet name="{name}" r:id="worksheet"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>".encode(),
            f"xl/{texts}": b"<sst>" + strings + b"</sst>",
            "xl/styles.xml": b"<styleSheet>" + styles + b"</styleSheet>",
            "xl/sheet.xml": head + b"<worksheet><sheetData>" + sheet + b"</sheetData></worksheet>",
        }
    )


NAMED = b'<row><c t="str"><v>Name</v></c></row>'


def test_a_workbook_that_was_made_to_hurt_costs_little() -> None:
    """Each is some KB of file; with openpyxl it was hours of a thread, or many GB of memory."""
    million = 1_000_000
    bombs = [
        made_to_hurt(NAMED + b'<row r="9999999999"><c><v>1</v></c></row>'),
        made_to_hurt(NAMED + b'<row r="1048577"><c><v>1</v></c></row>'),
        made_to_hurt(NAMED + b'<row r="-1"/>'),
        made_to_hurt(NAMED + b'<row><c t="s"><v>7</v></c></row>'),
        made_to_hurt(NAMED, styles=b"<cellXfs>" + b"<xf/>" * 4 * million + b"</cellXfs>"),
        made_to_hurt(NAMED, strings=b"<si/>" * 25 * million, texts="not-shared-strings.xml"),
        made_to_hurt(NAMED + b'<row><c r="' + b"A" * 2 * million + b'1"/></row>'),
        made_to_hurt(NAMED, head=b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'),
        made_to_hurt(NAMED, head=b'<?xml version="1.0" encoding="utf-7"?>'),
    ]
    for bomb in bombs:
        assert len(bomb) < 200_000
        tracemalloc.start()
        assert refusal(bomb) in (package.BROKEN, package.BOMB)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
        tracemalloc.stop()


def test_rows_and_cells_of_which_nobody_reads_any_are_not_kept() -> None:
    # given a cell a row far to the right, many empty cells in one row, and rows that claim the same number
    wide = b'<row><c t="str"><v>Ann</v></c><c r="ZZZ1"><v>1</v></c></row>'
    many = b'<row><c t="str"><v>Bob</v></c>' + b'<c r="A1"/>' * 30_000 + b"</row>"
    same = b'<row r="1"/>' * 10_000 + b'<row r="1"><c t="str"><v>Carl</v></c></row>'
    # when
    tracemalloc.start()
    header, rows = table_of(made_to_hurt(NAMED + wide + many + same))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # then
    assert header == ("Name",)
    assert rows == [(2, ("Ann",)), (3, ("Bob",)), (10_004, ("Carl",))]
    assert peak < 2_000_000
    assert f"more than {MOST_COLUMNS} columns" in refusal(made_to_hurt(wide + wide))


def test_cells_of_every_kind_are_read_as_they_are_shown() -> None:
    styles = (
        b'<numFmts><numFmt numFmtId="170" formatCode="dd.mm.yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        b'<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="21"/><xf numFmtId="46"/></cellXfs>'
    )
    strings = b"<si><r><t>Ann</t></r><r><t xml:space='preserve'> Lee</t></r><rPh><t>an</t></rPh></si><si><t>a_x000D_b</t></si>"
    cells = {
        b'<c t="s"><v>0</v></c>': "Ann Lee",
        b'<c t="s"><v>1</v></c>': "a\rb",
        b'<c t="inlineStr"><is><t>_x005F_x0041_</t></is></c>': "_x0041_",
        b"<c><v>1.5</v></c>": "1.5",
        b"<c><v>1.234</v></c>": "1.2340",
        b"<c><v>1E+3</v></c>": "1000",
        b"<c><v>49301234567</v></c>": "49301234567",
        b'<c s="1"><v>45000</v></c>': "2023-03-15",
        b'<c s="2"><v>45000.5</v></c>': "2023-03-15 12:00:00",
        b'<c s="3"><v>0.5</v></c>': "12:00:00",
        b'<c s="4"><v>1.5</v></c>': "1 day, 12:00:00",
        b'<c s="1"><v>1e300</v></c>': "",
        b'<c t="b"><v>1</v></c>': "true",
        b'<c t="b"><v>0</v></c>': "false",
        b'<c t="d"><v>2026-01-31T00:00:00</v></c>': "2026-01-31",
        b'<c t="e"><v>#REF!</v></c>': "",
        b'<c t="str"><f>1+1</f><v>two</v></c>': "two",
        b'<c t="str"><f>IF(A1,"","x")</f><v></v></c>': "",
        b"<c><f>1+1</f></c>": workbook.NO_VALUE,
        b'<c t="str"><v>=1</v></c>': "'=1",
    }
    content = made_to_hurt(
        b"<row>" + b'<c t="str"><v>x</v></c>' * len(cells) + b"</row><row>" + b"".join(cells) + b"</row>",
        strings=strings, styles=styles,
    )  # fmt: skip
    (_, (row,)) = table_of(content)
    assert row == (2, tuple(cells.values()))


def test_numbers_that_no_sheet_has_and_names_that_can_not_be_stored() -> None:
    for given in (b"1e999", b"-1e999", b"1_000", b"inf", b"nan", b"0x1", "\u0661".encode(), b"+-1", b"1e", b"9" * 401):
        for style in (b"", b' s="1"'):
            cell = b"<row><c" + style + b"><v>" + given + b"</v></c></row>"
            styles = b'<cellXfs><xf/><xf numFmtId="14"/></cellXfs>'
            assert refusal(made_to_hurt(NAMED + cell, styles=styles)) == package.BROKEN
    assert table_of(made_to_hurt(NAMED + b"<row><c><v> -1.5E-3 </v></c></row>"))[1] == [(2, ("-0.0015",))]
    named = made_to_hurt(NAMED + NAMED, name="_xD800_S_x0000_")
    sheets = open_table(io.BytesIO(named)).sheets
    assert sheets == ("\ufffdS",)
    assert table_of(named, sheets[0])[1] == [(2, ("Name",))]


def test_archives_that_are_no_workbook_damaged_or_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    good = book([["Name"], ["Ann"]])
    assert refusal(archive(readme=b"hello")) == workbook.NO_WORKBOOK
    assert refusal(archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")) == package.OPEN_DOCUMENT
    assert refusal(archive(xl__workbook_xml=b"<broken")) == package.BROKEN
    assert refusal(good[: len(good) // 2]) == package.BROKEN
    bomb = made_to_hurt(NAMED, strings=bytes(package.MOST_STRINGS + 1))
    assert len(bomb) < 1_000_000
    assert refusal(bomb) == package.BOMB
    monkeypatch.setattr(package, "MOST_ELEMENTS", 100_000)
    assert refusal(made_to_hurt(NAMED + b"<row><c/>" + b"<x/>" * 150_000 + b"</row>")) == package.BOMB
    monkeypatch.setattr(package, "MOST_UNPACKED", 1_000_000)
    assert refusal(archive(xl__workbook_xml=b"<workbook/>", xl__worksheets__s_xml=bytes(999_990))) == package.BOMB


def test_more_rows_than_an_import_takes_are_refused_when_they_are_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_ROWS", 3)
    assert len(table_of(b"Name\n" + b"Ann\n" * 3)[1]) == 3
    assert "more than" in refusal(b"Name\n" + b"Ann\n" * 4)


def test_garbage_is_a_table_or_a_sentence() -> None:
    chance = random.Random(11)
    seeds = [csv_text(";").encode(), CARDS.encode(), book([["Name", "Mail"], ["Ann", "a@x.example"]]), b""]
    for _ in range(400):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.randrange(1, 30)):
            place = chance.randrange(len(content) + 1)
            content[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        with suppress(UsageError):  # Anything else fails.
            header, rows = table_of(bytes(content))
            assert all(len(cells) == len(header) and "\x00" not in "".join(cells) for _, cells in rows)
