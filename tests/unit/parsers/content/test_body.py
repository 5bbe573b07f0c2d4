"""Texts and files out of parts: charsets that lie, broken encodings, old envelopes."""

import base64
import binascii
import struct

import pytest

from core.errors import NotFound
from parsers.content.attachments import attachment_content
from parsers.content.flowed import unflow
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
        ("ISO-2022-JP", b"\x1b$B\x2d\x21\x1b(B \x1b$B%3!<%I\x1b(B", "① コード"),
        ("cp50221", b"\x1b(I:0D^\x1b(B \x1b$By!\x1b(B", "ｺｰﾄﾞ 纊"),
        ("euc-jp", b"\xad\xa1 \xa5\xb3", "① コ"),
        ("windows-31j", "㈱髙".encode("cp932"), "㈱髙"),
        ("ks_c_5601-1987", "똠방각하".encode("cp949"), "똠방각하"),
        ("hz-gb-2312", b"~{VPND~}", "中文"),
        ("utf-16", "Grüße".encode("utf-16-le"), "Grüße"),
        ("utf-16", "Grüße".encode("utf-16-be"), "Grüße"),
        ("utf-16le", "Grüße".encode("utf-16"), "Grüße"),
        ("utf-16", "Grüße".encode(), "Grüße"),
        ("utf-7", b"Gr+APwA3w-e", "Grüße"),
        ("utf-8", b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", "Grüße"),
        ("win-1251", "привет".encode("cp1251"), "привет"),
        ("iso8859_2", "łódź".encode("iso-8859-2"), "łódź"),
        ("cp65001", "łódź".encode(), "łódź"),
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


def binhex(name: bytes, fork: bytes) -> bytes:
    """A file of a Macintosh in letters, its runs counted."""
    letters = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
    header = bytes([len(name)]) + name + b"\x00TEXTttxt\x00\x00" + struct.pack(">II", len(fork), 0) + b"\x00\x00"
    packed = (header + fork).replace(b"\x90", b"\x90\x00").replace(b"a" * 9, b"a\x90\x09") + b"\x00\x00"
    usual = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    coded = base64.b64encode(packed).rstrip(b"=").translate(bytes.maketrans(usual, letters))
    lines = b"\n".join((b":" + coded + b":")[at : at + 64] for at in range(0, len(coded) + 2, 64))
    return b"(This file must be converted with BinHex 4.0)\n\n" + lines + b"\n"


UU = b"begin 644 notes.txt\n" + binascii.b2a_uu(b"file content") + b"`\nend\n"
NOTES = ("notes.txt", b"file content")


@pytest.mark.parametrize(
    ("body", "text", "files"),
    [
        (b"a\n" + UU + b"b\n" + UU.replace(b"notes", b"more") + b"c", ["a", "b", "c"], [NOTES, ("more.txt", NOTES[1])]),
        (UU, [], [NOTES]),
        (b"a\n" + UU.replace(b"`\n", b""), ["a"], [NOTES]),
        (b"a\n" + UU.replace(b"\n", b"\r\n"), ["a"], [NOTES]),
        (b"begin-base64 644 notes.txt\nZmlsZSBjb250ZW50\n====\nb", ["b"], [NOTES]),
        (b"a\n" + binhex(b"notes.txt", b"file content") + b"b", ["a", "b"], [NOTES]),
        (binhex(b"n", b"\x90" + b"a" * 9 + b"\x90\x90"), [], [("n", b"\x90" + b"a" * 9 + b"\x90\x90")]),
        (b"(This file must be converted with BinHex 4.0)\n:no file:", None, []),
        (b"begin 644 the day\nwith a smile\nend", None, []),
        (b"We begin 644 runs\nend", None, []),
        (b"begin 644 empty\n`\nend\n", None, []),
        (
            b"a\n=ybegin line=128 size=3 name=x.bin\n\xff\xfe\x00\x90\n=yend size=3\nb",
            ["a", "=ybegin line=128 size=3 name=x.bin", "=yend size=3", "b"], [],
        ),
        (b"=ybegin is how yEnc begins\n", None, []),
    ],
    ids=[
        "uuencoded, two", "uuencoded, alone", "uuencoded, no last line", "uuencoded, CRLF", "uuencoded as base64", "BinHex",
        "BinHex, runs", "BinHex, broken", "no file: lower case", "no file: in a sentence", "no file: empty", "yEnc",
        "no file: talk about yEnc",
    ],
)  # fmt: skip
def test_files_in_the_midst_of_a_text(body, text, files):
    raw = b"From: ann@a.example\n\n" + body

    parsed = parse_message(raw)

    assert parsed.text.split() == (body.decode() if text is None else " ".join(text)).split()
    assert [(file.filename, attachment_content(raw, file.index)) for file in parsed.attachments] == files


def test_a_file_behind_a_page_is_taken_out_of_it():
    raw = b"Content-Type: text/html\n\n<p>Hello</p>\n" + UU

    parsed = parse_message(raw)

    assert (parsed.text, parsed.html) == ("Hello", "<p>Hello</p>\n\n")
    assert [file.filename for file in parsed.attachments] == ["notes.txt"]


def test_a_labelled_binhex_file_is_given_as_it_came():
    letters = binhex(b"a.txt", b"content")
    raw = b"Content-Type: application/mac-binhex40; name=a.hqx\n\n" + letters

    for sent in (raw, raw.replace(b"\n", b"\r\n")):
        assert attachment_content(sent, 0) == letters


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
