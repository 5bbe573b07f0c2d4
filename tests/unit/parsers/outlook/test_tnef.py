"""winmail.dat as Outlook writes it, built here attribute by attribute: names, texts in three forms, messages inside."""

import base64
import struct

import pytest

from parsers.content.attachments import attachment_content
from parsers.message import parse_message
from parsers.outlook.rtf import read_rtf, unpacked
from parsers.outlook.tnef import read_tnef

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIGNATURE = struct.pack("<IH", 0x223E9F78, 1)
TO_MESSAGE, TO_FILE = 1, 2
REND_DATA, TITLE, DATA, MAPI_OF_FILE = 0x9002, 0x8010, 0x800F, 0x9005
SUBJECT, BODY, MAPI, CODE_PAGE = 0x8004, 0x800C, 0x9003, 0x9007
STRING8, UNICODE, LONG, OBJECT, BINARY = 0x1E, 0x1F, 0x03, 0x0D, 0x102


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 0, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def mapi(*given: tuple[int, int, bytes]) -> bytes:
    """Properties: type, number, value."""
    out = struct.pack("<I", len(given))
    for kind, number, value in given:
        out += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            out += b"\x08 \x06\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F" + struct.pack("<II", 0, 0x8539)
        if kind == LONG:
            out += value
        else:
            out += struct.pack("<II", 1, len(value)) + value + b"\x00" * (-len(value) % 4)
    return out


def a_file(title: bytes, content: bytes, *properties: tuple[int, int, bytes]) -> bytes:
    out = attribute(TO_FILE, REND_DATA, b"\x01\x00" + b"\x00" * 12)
    out += attribute(TO_FILE, TITLE, title + b"\x00")
    out += attribute(TO_FILE, DATA, content) if content else b""
    return out + (attribute(TO_FILE, MAPI_OF_FILE, mapi(*properties)) if properties else b"")


def text(value: str) -> bytes:
    return value.encode("utf-16-le") + b"\x00\x00"


def mailed(tnef: bytes, before: bytes = b"") -> bytes:
    return (
        b"From: ann@a.example\nDate: Mon, 02 Mar 2026 11:00:00 +0100\nContent-Type: multipart/mixed; boundary=b\n\n"
        + before
        + b"--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(tnef)
        + b"--b--\n"
    )


@pytest.mark.parametrize(
    ("file", "name", "content_type"),
    [
        (a_file(b"plan.txt", b"x"), "plan.txt", "text/plain"),
        (a_file(b"QUARTA~1.DOC", b"x", (UNICODE, 0x3707, text("Quartal – März.docx"))), "Quartal – März.docx", DOCX),
        (a_file(b"QUARTA~1.DOC", b"x", (STRING8, 0x3707, b"Quartal.docx\x00")), "Quartal.docx", DOCX),
        (a_file(b"\xe5\xf2\xe0.doc", b"x"), "ета.doc", "application/msword"),
        (a_file(b"UNTITL~1", b"x", (STRING8, 0x3001, b"Shown.pdf\x00")), "Shown.pdf", "application/pdf"),
        (
            a_file(b"a.pdf", b"x", (LONG, 0x8001, b"\x01\0\0\0"), (UNICODE, 0x370E, text("X/Own"))),
            "a.pdf",
            "x/own",
        ),
        (a_file(b"a.pdf", b"", (BINARY, 0x3701, b"x")), "a.pdf", "application/pdf"),
        (a_file(b"a.pdf", b"x", (0x77, 0x3707, b"unknown type")), "a.pdf", "application/pdf"),
    ],
    ids=[
        "short",
        "long Unicode",
        "long",
        "in the code page",
        "display name",
        "behind a named property",
        "in MAPI",
        "?",
    ],
)
def test_files_have_their_longest_name(file, name, content_type):
    raw = mailed(SIGNATURE + attribute(TO_MESSAGE, CODE_PAGE, struct.pack("<II", 1251, 0)) + file)

    (found,) = parse_message(raw).attachments

    assert (found.filename, found.content_type) == (name, content_type)
    assert attachment_content(raw, 0) == b"x"


def test_a_message_inside_is_a_text_and_its_files():
    inner = SIGNATURE + attribute(
        TO_MESSAGE, MAPI, mapi((UNICODE, 0x0037, text("Old: news")), (UNICODE, 0x1000, text("Hi")))
    )
    inner += a_file(b"deep.txt", b"deep")
    outer = SIGNATURE + a_file(b"", b"", (OBJECT, 0x3701, b"\x07" * 16 + inner)) + a_file(b"last.txt", b"last")

    raw = mailed(outer)

    assert [file.filename for file in parse_message(raw).attachments] == ["Old_ news.txt", "deep.txt", "last.txt"]
    assert [attachment_content(raw, index) for index in range(3)] == [b"Hi", b"deep", b"last"]


RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}}\f0 Gr\'fc\'dfe,\par{\f1 \'ef\'f0\'e8\'e2\'e5\'f2} "
RTF += rb"\u8364?5 \u-10179?\u-8704? {\*\generator Riched20}\{ok\}}"
PAGE = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\*\htmltag64 <html>}\htmlrtf {\htmlrtf0 "
    rb"{\*\htmltag84 <p>}\htmlrtf \f0 \htmlrtf0 Gr\'fc\'dfe{\*\htmltag84 &amp;}\htmlrtf &\htmlrtf0 mehr"
    rb"{\*\mhtmltag84 <x>}{\*\htmltag92 </p>}\htmlrtf }\htmlrtf0 {\*\htmltag72 </html>}}"
)


def stored(rtf: bytes) -> bytes:
    return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf


@pytest.mark.parametrize(
    ("properties", "plain", "html"),
    [
        ([(UNICODE, 0x1000, text("Grüße"))], "Grüße", None),
        ([(STRING8, 0x1000, b"Gr\xfc\xdfe\x00")], "Grüße", None),
        ([(BINARY, 0x1013, "<p>Grüße</p>".encode()), (LONG, 0x3FDE, b"\xe9\xfd\0\0")], "Grüße", "<p>Grüße</p>"),
        ([(BINARY, 0x1009, stored(RTF))], "Grüße,\nпривет €5 \U0001f600 {ok}", None),
        ([(BINARY, 0x1009, stored(PAGE))], "Grüße&mehr", "<html><p>Grüße&amp;mehr</p></html>"),
    ],
    ids=["Unicode", "code page", "HTML", "rich text", "HTML in rich text"],
)
def test_the_text_inside_counts_where_there_is_no_other(properties, plain, html):
    tnef = SIGNATURE + attribute(TO_MESSAGE, MAPI, mapi(*properties))

    alone = parse_message(mailed(tnef))
    beside = parse_message(mailed(tnef, b"--b\n\nShown\n"))

    assert (alone.text, alone.html, alone.attachments) == (plain, html, ())
    assert (beside.text, beside.html, beside.attachments) == ("Shown", None, ())


def test_packed_rich_text_is_unpacked():
    # Letters, and a look back at what was written before them.
    literals = b"\x00" + b"{\\rtf1\\a" + b"\x00" + b"nsi abc "
    packed = literals + b"\x01" + struct.pack(">H", (207 + 12) << 4 | 1) + b"}"

    assert unpacked(struct.pack("<IIII", 0, 1_000, 0x75465A4C, 0) + packed, 1_000) == b"{\\rtf1\\ansi abc abc}"
    assert unpacked(struct.pack("<IIII", 0, 5, 0x75465A4C, 0) + packed, 1_000) == b"{\\rtf"
    assert unpacked(b"short", 1_000) == b""
    assert unpacked(struct.pack("<IIII", 0, 9, 1, 0) + packed, 1_000) == b""


def test_a_run_may_overlap_itself():
    packed = b"\x02" + b"a" + struct.pack(">H", 207 << 4 | 6) + b"b"

    assert unpacked(struct.pack("<IIII", 0, 1_000, 0x75465A4C, 0) + packed, 1_000) == b"a" + b"a" * 8 + b"b"


def test_what_is_no_envelope_or_cut_is_a_file():
    whole = SIGNATURE + a_file(b"a.txt", b"content", (UNICODE, 0x3707, text("long name.txt")))

    assert read_tnef(b"no envelope") is None
    assert read_tnef(b"") is None
    assert [file.filename for file in parse_message(mailed(b"no envelope")).attachments] == ["winmail.dat"]
    for size in range(6, len(whole)):
        tnef = read_tnef(whole[:size])
        assert tnef is not None
        assert all(b"content".startswith(file.content) for file in tnef.files)


def test_rich_text_however_broken_is_read():
    assert read_rtf(b"") == ("", False)
    assert read_rtf(b"}}}}text{{{{") == ("text", False)
    assert read_rtf(rb"\u55357?\u") == ("\ufffd", False)
    assert read_rtf(b"{" * 5_000 + b"x" + b"}" * 5_000) == ("x", False)
    assert read_rtf(rb"\'e9\'") == ("é", False)
