"""A whole message: every field of the result, and what is done with broken ones."""

from datetime import UTC, datetime

import pytest

from parsers.content.attachments import attachment_content
from parsers.content.files import HELD
from parsers.limits import Limits
from parsers.message import parse_message
from parsers.model import Address, Kind


def test_an_ordinary_mail_is_read_in_every_field(message_file):
    raw = message_file("invoice_with_picture")

    parsed = parse_message(raw)

    assert parsed.message_id == "inv-1@kunde.example"
    assert parsed.in_reply_to == ("ask-1@ours.example",)
    assert parsed.references == ("ask-0@ours.example", "ask-1@ours.example")
    assert parsed.date == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert parsed.from_ == (Address("Jürgen Müller", "juergen@kunde.example"),)
    assert parsed.to == (Address("Sales, Team", "sales@ours.example"), Address("Doe, John", "john@ours.example"))
    assert parsed.cc == ()
    assert parsed.subject == "Rechnung für März"
    assert parsed.text == "Grüße, anbei die Rechnung – danke!"
    assert parsed.html is not None
    assert "Grüße, anbei" in parsed.html
    assert parsed.kind is Kind.NORMAL
    assert parsed.defects == ()


def test_attachments_are_described_and_cut_out_by_their_index(message_file):
    raw = message_file("invoice_with_picture")

    logo, invoice, forwarded = parse_message(raw).attachments

    assert (logo.filename, logo.content_type, logo.content_id, logo.inline) == (
        "logo.png",
        "image/png",
        "logo@kunde",
        True,
    )
    assert (invoice.filename, invoice.size, invoice.inline) == ("Rechnung März.pdf", 8, False)
    assert forwarded.content_type == "message/rfc822"
    assert attachment_content(raw, logo.index) == b"\x89PNG\r\n\x1a\n"
    assert attachment_content(raw, invoice.index) == b"%PDF-1.7"
    assert attachment_content(raw, forwarded.index).startswith(b"From: a@b.example\r\n")


def test_the_head_ends_with_its_blank_line(mail):
    raw = mail("Body")

    parsed = parse_message(raw)

    assert raw[: parsed.head_size].endswith(b"\r\n\r\n")
    assert raw[parsed.head_size :] == b"Body"


def test_headers_are_ordered_unfolded_decoded_and_compare_without_case(message_file):
    headers = parse_message(message_file("invoice_with_picture")).headers

    assert [name for name, _ in headers][:3] == ["Received", "From", "To"]
    assert headers.first("SUBJECT") == "Rechnung für März"
    assert headers.first("X-None") is None
    assert headers.all("received") == ["from mx.customer.example by mx.ours.example; Mon, 2 Mar 2026 10:00:05 +0000"]


def test_the_fingerprint_survives_folding_and_line_ends_and_nothing_else(mail):
    given = mail("Body\n")

    def fingerprint(raw: bytes) -> str:
        return parse_message(raw).fingerprint

    assert fingerprint(given).startswith("1:")
    assert fingerprint(given.replace(b"\r\n", b"\n")) == fingerprint(given)
    assert fingerprint(given.replace(b"Ann Customer <", b"Ann Customer\r\n <")) == fingerprint(given)
    assert fingerprint(b"Received: by x\r\n" + given) == fingerprint(given)
    assert fingerprint(given.replace(b"Body", b"body")) != fingerprint(given)
    assert fingerprint(given.replace(b"Offer", b"Order")) != fingerprint(given)


@pytest.mark.parametrize(
    ("header", "body", "subject"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", b"", "Grüße"),
        (b"=?utf-8?b?R3LDvA==?=\r\n =?utf-8?b?w59l?=", b"", "Grüße"),
        (b"=?utf-8?q?Gr=C3?=\r\n\t=?utf-8?q?=BC=C3=9Fe?=", b"", "Grüße"),
        (b"=?UTF-8*de?Q?Gr=C3=BC=C3=9Fe?= an alle", b"", "Grüße an alle"),
        (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe an alle?=", b"", "Grüße an alle"),
        (b"=?utf-8?Q?Wie?_Gr=C3=BC=C3=9Fe??=", b"", "Wie? Grüße?"),
        (b"=?utf-8?b?R3LDvMOfZQ?=", b"", "Grüße"),
        (b"=?utf-7?Q?Gr+APwA3w-e?=", b"", "Grüße"),
        (b"=?iso-2022-jp?b?GyRCLSEbKEI=?=", b"", "①"),
        (b"Gr\xc3\xbc\xc3\x9fe", b"", "Grüße"),
        (b"Gr\xfc\xdfe", b"Content-Type: text/plain; charset=iso-8859-1\r\n", "Grüße"),
        ("Привет".encode("koi8-r"), b"Content-Type: text/plain; charset=koi8-r\r\n", "Привет"),
        (b"\x1b$B$3$s\x1b(B", b"Content-Type: text/plain; charset=iso-2022-jp\r\n", "こん"),
        (b"one\r\n two\r\n\tthree", b"", "one two three"),
        (b"a\x00b\x07c", b"", "ab c"),
    ],
)
def test_subjects_however_they_are_written(header, body, subject):
    raw = b"From: ann@a.example\r\nSubject: " + header + b"\r\n" + body + b"\r\nHello"

    assert " ".join(parse_message(raw).subject.split()) == subject


def test_what_is_broken_becomes_a_defect():
    codes = {defect.code for defect in parse_message(b"just words").defects}
    broken = parse_message(b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\nno boundary here")

    assert codes == {"no_headers", "no_from", "no_date"}
    assert broken.text == "no boundary here"
    assert "bad_multipart" in {defect.code for defect in broken.defects}


def test_a_message_file_of_outlook_is_told_from_a_mail():
    given = parse_message(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x3e")
    attached = parse_message(
        b"From: a@b.example\nContent-Type: application/vnd.ms-outlook\n\n\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    )

    assert given.defects[0].code == "outlook_msg"
    assert "outlook_msg" not in {defect.code for defect in attached.defects}


def test_limits_cut_and_say_so(mail):
    many = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\npart\n" * 50

    few_parts = parse_message(many, limits=Limits(parts=10))
    short = parse_message(mail("x" * 5000), limits=Limits(text_bytes=100))

    assert few_parts.text.count("part") <= 10
    assert "too_many_parts" in {defect.code for defect in few_parts.defects}
    assert short.text == "x" * 100
    assert "text_cut" in {defect.code for defect in short.defects}


def test_two_large_files_of_a_multipart_type_are_two_messages():
    """Given files too large to be held, whose type makes them count as text, their contents still tell them apart."""
    head = b"From: a@b.example\nContent-Type: multipart/x-odd\nContent-Disposition: attachment; filename=a.bin\n\n"

    one, other = (parse_message(head + letter * (HELD + 1)) for letter in (b"a", b"b"))

    assert one.attachments[0].sha256 != other.attachments[0].sha256
    assert one.fingerprint != other.fingerprint
