"""Signed and encrypted mail: what is readable is read, and how it was protected is told."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7EnvelopeBuilder,
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from cryptography.x509.oid import NameOID

from parsers.content.attachments import attachment_content
from parsers.content.cms import signed_content
from parsers.message import parse_message
from parsers.model import Kind, Protection

HEAD = b"From: ann@a.example\nTo: bob@b.example\nDate: Mon, 02 Mar 2026 11:00:00 +0100\nSubject: Offer\n"
ENTITY = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe price is 5.\r\n"
    b"--b\r\nContent-Type: application/pdf; name=offer.pdf\r\n\r\n%PDF-1.7\r\n--b--\r\n"
)


@pytest.fixture(scope="module")
def signer() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """A certificate of somebody, signed by itself."""
    key = rsa.generate_private_key(65_537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ann")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=9_000))
    return builder.sign(key, SHA256()), key


@pytest.fixture(scope="module")
def signed(signer) -> bytes:
    """ENTITY inside SignedData."""
    builder = PKCS7SignatureBuilder().set_data(ENTITY).add_signer(*signer, SHA256())
    return builder.sign(Encoding.DER, [PKCS7Options.Binary])


@pytest.fixture(scope="module")
def encrypted(signer) -> bytes:
    """ENTITY for one reader only."""
    builder = PKCS7EnvelopeBuilder().set_data(ENTITY).add_recipient(signer[0])
    return builder.encrypt(Encoding.DER, [PKCS7Options.Binary])


def pkcs7(content: bytes, fields: str) -> bytes:
    """A message that is one S/MIME part."""
    return HEAD + fields.encode() + b"\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(content)


@pytest.mark.parametrize(
    "fields",
    [
        'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
        "Content-Type: application/x-pkcs7-mime; name=smime.p7m",
        "Content-Type: application/pkcs7-mime",
        "Content-Type: application/octet-stream; name=smime.p7m",
    ],
)
def test_what_is_signed_inside_is_read(signed, fields):
    raw = pkcs7(signed, fields)

    parsed = parse_message(raw)

    assert parsed.text == "The price is 5."
    assert parsed.protection == Protection("smime", signed=True, encrypted=False)
    assert [file.filename for file in parsed.attachments] == ["smime.p7m", "offer.pdf"]
    assert attachment_content(raw, 0) == signed
    assert attachment_content(raw, 1) == b"%PDF-1.7"
    assert parsed.defects == ()


def test_what_is_encrypted_is_only_told(encrypted):
    parsed = parse_message(pkcs7(encrypted, "Content-Type: application/pkcs7-mime; smime-type=enveloped-data"))

    assert parsed.protection == Protection("smime", signed=False, encrypted=True)
    assert (parsed.text, [file.filename for file in parsed.attachments]) == ("", ["smime.p7m"])


def test_an_invoice_that_is_signed_as_a_file_is_a_file(signer):
    builder = PKCS7SignatureBuilder().set_data(b"<?xml version='1.0'?><Fattura/>").add_signer(*signer, SHA256())
    invoice = builder.sign(Encoding.DER, [PKCS7Options.Binary])
    raw = (
        HEAD + b"Content-Type: multipart/mixed; boundary=o\n\n--o\n\nHello\n--o\nContent-Type: application/pkcs7-mime;"
        b" name=IT01234567890_1.xml.p7m\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(invoice)
        + b"--o--\n"
    )

    parsed = parse_message(raw)

    assert (parsed.text, parsed.protection) == ("Hello", None)
    assert [file.filename for file in parsed.attachments] == ["IT01234567890_1.xml.p7m"]


def test_an_invitation_inside_a_signature_is_one(signer):
    entity = (
        b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        b"DTSTART:20260302T100000Z\r\nSUMMARY:Visit\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    sealed = PKCS7SignatureBuilder().set_data(entity).add_signer(*signer, SHA256())

    parsed = parse_message(
        pkcs7(sealed.sign(Encoding.DER, [PKCS7Options.Binary]), "Content-Type: application/pkcs7-mime; name=smime.p7m")
    )

    assert parsed.invitation is not None
    assert (parsed.invitation.summary, parsed.kind) == ("Visit", Kind.CALENDAR)


def test_signatures_in_signatures_end_somewhere(signer):
    entity = ENTITY
    for _ in range(6):
        sealed = PKCS7SignatureBuilder().set_data(entity).add_signer(*signer, SHA256())
        entity = pkcs7(sealed.sign(Encoding.DER, [PKCS7Options.Binary]), "Content-Type: application/pkcs7-mime")[
            len(HEAD) :
        ]

    parsed = parse_message(HEAD + entity)

    assert parsed.text == ""
    assert len(parsed.attachments) == 4


def tlv(tag: int, *values: bytes, is_open: bool = False) -> bytes:
    """One element of BER, of definite or indefinite length."""
    value = b"".join(values)
    if is_open:
        return bytes([tag, 0x80]) + value + b"\x00\x00"
    size = len(value)
    return bytes([tag]) + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")) + value


def signed_data(content: bytes, *, is_open: bool) -> bytes:
    """SignedData without signers around an octet string."""
    oid, data = tlv(6, bytes.fromhex("2a864886f70d010702")), tlv(6, bytes.fromhex("2a864886f70d010701"))
    inner = tlv(0x30, data, tlv(0xA0, content, is_open=is_open), is_open=is_open)
    body = tlv(
        0x30, tlv(2, b"\x01"), tlv(0x31, tlv(0x30, data, is_open=is_open), is_open=is_open), inner, is_open=is_open
    )
    return tlv(0x30, oid, tlv(0xA0, body, is_open=is_open), is_open=is_open)


@pytest.mark.parametrize("is_open", [True, False], ids=["indefinite", "definite"])
@pytest.mark.parametrize(
    "content",
    [
        tlv(4, b"hello world"),
        tlv(0x24, tlv(4, b"hello "), tlv(4, b"world")),
        tlv(0x24, tlv(4, b"hello "), tlv(4, b"world"), is_open=True),
        tlv(0x24, tlv(0x24, tlv(4, b"hello "), is_open=True), tlv(4, b"world"), is_open=True),
        tlv(0x24, tlv(4, b"hello"), tlv(0x24, tlv(4, b" "), tlv(4, b"world")), is_open=True),
    ],
    ids=["whole", "pieces", "open pieces", "pieces of open pieces", "pieces of pieces"],
)
def test_octets_come_whole_and_in_pieces(content, is_open):
    assert signed_content(signed_data(content, is_open=is_open)) == b"hello world"


def test_what_is_cut_or_no_cms_has_no_content():
    whole = signed_data(tlv(4, b"hello"), is_open=False)

    assert [signed_content(whole[:size]) for size in range(len(whole))] == [None] * len(whole)
    assert signed_content(b"") is None
    assert signed_content(b"%PDF-1.7") is None
    assert signed_content(signed_data(tlv(2, b"\x05"), is_open=True)) is None
    assert signed_content(b"\x30\x80" * 10_000) is None
    assert signed_content(b"\x30\x84\xff\xff\xff\xff") is None


@pytest.mark.parametrize(
    ("content_type", "parts", "expected"),
    [
        (
            'multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha256; boundary=b',
            ["text/plain", "application/pgp-signature"],
            Protection("openpgp", signed=True, encrypted=False),
        ),
        (
            'multipart/signed; protocol="application/x-pkcs7-signature"; micalg=sha-256; boundary=b',
            ["text/plain", "application/x-pkcs7-signature"],
            Protection("smime", signed=True, encrypted=False),
        ),
        (
            "multipart/signed; boundary=b",
            ["text/plain", "application/pkcs7-signature"],
            Protection("smime", signed=True, encrypted=False),
        ),
        (
            'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
            ["application/pgp-encrypted", "application/octet-stream"],
            Protection("openpgp", signed=False, encrypted=True),
        ),
        (
            "multipart/mixed; boundary=b",  # As Exchange leaves it.
            ["text/plain", "application/pgp-encrypted", "application/octet-stream"],
            Protection("openpgp", signed=False, encrypted=True),
        ),
        ("multipart/mixed; boundary=b", ["text/plain", "application/pgp-keys"], None),
    ],
)
def test_multiparts_declare_how_they_are_protected(content_type, parts, expected):
    body = "".join(f"--b\nContent-Type: {kind}\n\n{kind}\n" for kind in parts) + "--b--\n"

    parsed = parse_message(HEAD + f"Content-Type: {content_type}\n\n{body}".encode())

    assert parsed.protection == expected
    assert [file.content_type for file in parsed.attachments] == [kind for kind in parts if kind != "text/plain"]
    assert parsed.text == ("text/plain" if "text/plain" in parts else "")


SIGNED_TEXT = """\
Seen by the list first.
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Hello Bob,
- -- a drawn line --
- From here on it costs 5.

-----BEGIN PGP SIGNATURE-----

iQEzBAEBCAAdFiEE
=abcd
-----END PGP SIGNATURE-----
List footer
"""


def test_a_clear_signed_text_is_shown_without_its_armour():
    parsed = parse_message(HEAD + b"Content-Type: text/plain\n\n" + SIGNED_TEXT.encode())

    assert parsed.text == (
        "Seen by the list first.\nHello Bob,\n-- a drawn line --\nFrom here on it costs 5.\n\nList footer\n"
    )
    assert parsed.protection == Protection("openpgp", signed=True, encrypted=False)
    assert "PGP" not in parsed.reply.text


@pytest.mark.parametrize(
    ("text", "protection"),
    [
        (
            "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n=abcd\n-----END PGP MESSAGE-----\n",
            Protection("openpgp", signed=False, encrypted=True),
        ),
        ("> -----BEGIN PGP MESSAGE-----\n>\n> hQEMA\n> -----END PGP MESSAGE-----\nCannot read that.\n", None),
        ("> -----BEGIN PGP SIGNED MESSAGE-----\n> Hash: SHA256\n>\n> Hello\nFine.\n", None),
        ("My key:\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENB\n-----END PGP PUBLIC KEY BLOCK-----\n", None),
        ("Write -----BEGIN PGP MESSAGE----- above it.\n", None),
        ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\ncut off here\n", None),
    ],
    ids=["encrypted", "quoted, encrypted", "quoted, signed", "a key", "talk about it", "without its end"],
)
def test_other_armour_stays_as_it_is(text, protection):
    parsed = parse_message(HEAD + b"Content-Type: text/plain\n\n" + text.encode())

    assert (parsed.text, parsed.protection) == (text, protection)
