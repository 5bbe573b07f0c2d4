"""Texts and files out of parts: charsets that lie, broken encodings, old envelopes."""

import base64
import binascii
import struct

import pytest

from core.errors import NotFound
from parsers.attachments import attachment_content
from parsers.flowed import unflow
from parsers.message import parse_message


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("iso-8859-1", "“quoted” €".encode("cp1252"), "“quoted” €"),
        ("iso-8859-1", "naïve".encode(), "naïve"),
        ("us-ascii", "größe".encode(), "größe"),
        ("gb2312", "镕".encode("gb18030"), "镕"),
        ("utf-8", "größe und übermaß und straße".encode("cp1252"), "größe und übermaß und straße"),
        ("no-such-charset", "größe".encode(), "größe"),
        ("unicode_escape", rb"\ud800", r"\ud800"),
        ("utf-7", b"+2AA-x", "\ufffdx"),
        ("iso-2022-jp", "こんにちは".encode("iso-2022-jp"), "こんにちは"),
        ("", b"plain", "plain"),
        ("", "It’s only £40 – don’t wait".encode("cp1252"), "It’s only £40 – don’t wait"),
        ("", "Bjørn Müller, Zoë".encode("cp1252"), "Bjørn Müller, Zoë"),
        (
            "",
            ("Gdyby ktoś chciał, byłoby miło się spotkać. " * 3).encode("cp1250"),
            "Gdyby ktoś chciał, byłoby miło się spotkać. " * 3,
        ),
    ],
)
def test_charsets_mean_what_senders_mean(charset, data, text):
    raw = b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\n" + data

    assert parse_message(raw).text == text


def test_a_page_may_name_its_own_charset():
    raw = b"Content-Type: text/html\n\n<meta charset='windows-1251'><p>" + "привет".encode("cp1251")

    assert parse_message(raw).text == "привет"


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [(b"SGVsbG8=", "Hello"), (b"SGVsbG8", "Hello"), (b"SGVs\n!bG8=", "Hello"), (b"SGVsbG8=\n-- \nfooter", "Hello")],
)
def test_base64_is_read_as_far_as_it_goes(encoded, expected):
    raw = b"Content-Transfer-Encoding: base64\n\n" + encoded

    assert parse_message(raw).text.startswith(expected)


def test_a_footer_beside_html_is_part_of_text_and_html():
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Hello</p>\n"
        b"--b\nContent-Type: text/plain\n\nThe <list> footer\n--b--\n"
    )

    parsed = parse_message(raw)

    assert parsed.text == "Hello\nThe <list> footer"
    assert "The &lt;list&gt; footer" in (parsed.html or "")
    assert parsed.attachments == ()


def test_uuencoded_files_are_taken_out_of_the_text():
    line = binascii.b2a_uu(b"file content")
    raw = b"\n\nsee below\nbegin 644 notes.txt\n" + line + b"`\nend\nbye\n"

    parsed = parse_message(raw)

    assert parsed.text.split() == ["see", "below", "bye"]
    assert [attachment.filename for attachment in parsed.attachments] == ["notes.txt"]
    assert attachment_content(raw, 0) == b"file content"


def test_winmail_dat_is_opened():
    def attribute(level: int, name: int, value: bytes) -> bytes:
        return struct.pack("<BHHI", level, name, 0, len(value)) + value + b"\x00\x00"

    tnef = struct.pack("<IH", 0x223E9F78, 1) + attribute(2, 0x9002, b"") + attribute(2, 0x8010, b"plan.txt\x00")
    tnef += attribute(2, 0x800F, b"the plan")
    raw = (
        b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(tnef)
    )

    parsed = parse_message(raw)

    assert [(attachment.filename, attachment.size) for attachment in parsed.attachments] == [("plan.txt", 8)]


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\cv.doc", "cv.doc"),
        ("a\u202egpj.exe", "a_gpj.exe"),
        ("", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 176 + ".pdf"),
    ],
)
def test_file_names_are_safe(given, safe):
    raw = f'Content-Type: application/pdf\nContent-Disposition: attachment; filename="{given}"\n\nx'

    names = [attachment.filename for attachment in parse_message(raw.replace("\\", "\\\\").encode()).attachments]

    assert names == [safe]


def test_an_attachment_that_is_not_there(mail):
    with pytest.raises(NotFound):
        attachment_content(mail(), 0)
    with pytest.raises(NotFound):
        attachment_content(mail(), -1)


def test_flowed_paragraphs_come_back_whole():
    assert unflow("one \ntwo\nthree\n> four \n> five\n-- \nAnn", delsp=False) == "one two\nthree\n> four five\n-- \nAnn"
    assert unflow("ab \ncd", delsp=True) == "abcd"
