"""How a readable source becomes the bytes of a mail."""

import base64
import email
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from email.policy import default
from io import BytesIO

import pytest

from cli.demo.company.attachments import attachment, pdf
from cli.demo.company.moments import Moments
from cli.demo.company.pictures import Shape, draw
from cli.demo.company.sources import encode_source
from cli.demo.company.trace import Arrival, trace_headers

FRIDAY = datetime(2026, 6, 5, 8, 0, tzinfo=UTC)


def encode(source: str) -> bytes:
    return encode_source(source, lambda name: f"file {name}".encode())


def test_text_takes_the_declared_charset_and_transfer_encoding():
    plain = encode("Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\nДа\n")
    packed = encode("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nДа\nНет\n")
    quoted = encode("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nñ=\n")

    assert plain.endswith(b"\r\n\r\n" + "Да".encode("koi8-r") + b"\r\n")
    assert base64.b64decode(packed.split(b"\r\n\r\n")[1]).decode() == "Да\r\nНет"
    assert quoted.endswith(b"\r\n\r\n=F1=3D\r\n")
    with pytest.raises(UnicodeEncodeError):
        encode("Content-Type: text/plain; charset=us-ascii\n\nДа\n")


def test_directives_speak_to_the_encoder_and_are_not_sent():
    lying = encode(
        "Subject: Да\n#raw-headers:\n#encode: windows-1251\nContent-Type: text/plain; charset=iso-8859-1\n\nДа\n"
    )
    as_is = encode("#as-is:\nContent-Transfer-Encoding: base64\n\nbroken*\n")

    assert lying.count("Да".encode("windows-1251")) == 2
    assert b"#" not in lying
    assert as_is == b"Content-Transfer-Encoding: base64\r\n\r\nbroken*\r\n"


def test_parts_are_encoded_each_by_its_own_headers():
    raw = encode(
        'Content-Type: multipart/mixed; boundary="B"\n\nnot read by anybody\n--B\nContent-Type: text/plain; charset=gb18030\n\n'
        "镕\n\n--B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n{{attachment:a.png}}\n\n--B--\n"
    )
    text, file = email.message_from_bytes(raw, policy=default).iter_parts()

    assert text.get_content().strip() == "镕"
    assert file.get_content() == b"file a.png"
    assert raw.endswith(b"--B--\r\n")


def test_an_enclosed_message_has_headers_of_its_own():
    raw = encode(
        'Content-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: message/rfc822\n\nSubject: Ж\n'
        "Content-Type: text/plain; charset=koi8-r\n\nДа\n\n--B--\n"
    )
    (enclosed,) = email.message_from_bytes(raw, policy=default).iter_parts()

    assert enclosed.get_content()["subject"] == "Ж"
    assert enclosed.get_content().get_content().strip() == "Да"


def test_headers_outside_ascii_become_encoded_words_and_addresses_stay_readable():
    raw = encode('From: "Weiß, Jürgen" <j@x.example>, Ann <a@x.example>\nSubject: ' + "Übung " * 30 + "\n\nx\n")
    message = email.message_from_bytes(raw, policy=default)

    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert message["from"].addresses[1].addr_spec == "a@x.example"
    assert message["subject"].split() == ["Übung"] * 30


def test_days_are_working_days_and_hours_count_from_now():
    moments = Moments(FRIDAY, "Europe/Lisbon")

    assert moments.fill("{{+1d 10:00}}").startswith("Mon, 08 Jun 2026 10:00:")
    assert moments.fill("{{-5d 09:14 @Asia/Tokyo}}").startswith("Fri, 29 May 2026 09:14:")
    assert moments.fill("{{-5d 09:14 @Asia/Tokyo}}").endswith("+0900")
    assert moments.fill("{{-2h}}") == "Fri, 05 Jun 2026 07:00:00 +0100"
    assert moments.fill("{{+1d 10:00|ics}}").startswith("20260608T0900")
    assert moments.fill("{{-1d 09:00|de|EEEE, d. MMMM}}") == "Donnerstag, 4. Juni"
    assert moments.fill("{{task_token:marta}}") == "{{task_token:marta}}"
    with pytest.raises(ValueError, match="yesterday"):
        moments.at("yesterday")


def test_pictures_are_real_png_and_shapes_are_cut_at_the_edges():
    picture = draw(4, 2, "ffffff", [Shape("box", (2, 0, 99, 99), "ff0000"), Shape("ellipse", (0, 0, 2, 2), "00ff00")])

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (4, 2)
    start = picture.index(b"IDAT")
    (length,) = struct.unpack(">I", picture[start - 4 : start])
    pixels = zlib.decompress(picture[start + 4 : start + 4 + length])
    assert pixels[1 + 6 : 1 + 12] == b"\xff\x00\x00" * 2
    assert len(pixels) == 2 * (1 + 4 * 3)


def test_documents_open():
    described = pdf("Oferta (1)", ["Preço: 10 €"])
    with zipfile.ZipFile(BytesIO(attachment("service-report.docx"))) as word:
        assert word.testzip() is None
        assert "vacuum breaker" in word.read("word/document.xml").decode()
    start = int(described.rsplit(b"startxref\n", 1)[1].split()[0])
    assert described[start:].startswith(b"xref\n0 7\n")
    for number, line in enumerate(described[start:].split(b"\n")[3:9], 1):
        assert described[int(line[:10]) :].startswith(b"%d 0 obj" % number)
    assert "Preço: 10 €".encode("cp1252") in described
    assert len(attachment("workshop-tour.png")) > 1_000_000
    with pytest.raises(KeyError):
        attachment("nothing.pdf")


def test_trace_headers_name_envelope_and_verdict():
    at = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)

    text = trace_headers(Arrival("mx.a.example", "", "b@a.example", "c.example", at, "fail")).decode()

    assert text.startswith("Return-Path: <>\r\nDelivered-To: b@a.example\r\nReceived: from mail.c.example")
    assert "Authentication-Results: mx.a.example;\r\n\tspf=fail" in text
    assert "dmarc=fail header.from=c.example\r\n" in text
