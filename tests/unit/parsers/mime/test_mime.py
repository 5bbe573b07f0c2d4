"""MIME as it is met: forms that are right but rare, and the many ways of being wrong. What a person would see is exact."""

import base64
import binascii
import quopri
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.limits import Limits
from parsers.content.attachments import attachment_content
from parsers.message import parse_message

HEAD = b"From: ann@a.example\nDate: Mon, 02 Mar 2026 11:00:00 +0100\nMIME-Version: 1.0\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
TEXT = b"--b\nContent-Type: text/plain\n\nHello\n"
PDF = b"--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjc=\n"
A_PDF = ("a.pdf", "application/pdf", b"%PDF-1.7")
INNER = (
    b"Content-Type: multipart/alternative; boundary=%s\n\n--%s\n\nplain\n--%s\nContent-Type: text/html\n\n<p>page</p>\n"
)


def read(raw: bytes) -> tuple[str, list[tuple[str, str, bytes]]]:
    """The text, and name, type and bytes of each file."""
    parsed = parse_message(raw)
    return parsed.text, [
        (file.filename, file.content_type, attachment_content(raw, file.index)) for file in parsed.attachments
    ]


def encoded(content: bytes, encoding: bytes) -> bytes:
    """A message whose only part is a file, so encoded."""
    return HEAD + b"Content-Type: application/x-any; name=f\nContent-Transfer-Encoding: " + encoding + b"\n\n" + content


SHAPES = {
    "as it should be": (MIXED + b"preamble\n" + TEXT + PDF + b"--b--\nepilogue\n", "Hello", [A_PDF]),
    "no end": (MIXED + TEXT + PDF, "Hello", [A_PDF]),
    "the end without a line end": (MIXED + TEXT + PDF + b"--b--", "Hello", [A_PDF]),
    "blanks behind the boundary": (MIXED + TEXT.replace(b"--b\n", b"--b \t\n") + PDF + b"--b-- \n", "Hello", [A_PDF]),
    "a boundary that begins like another": (
        MIXED + TEXT + b"--bb\nnot a boundary\n" + PDF + b"--b--\n", "Hello\n--bb\nnot a boundary", [A_PDF],
    ),
    "the inner boundary begins with the outer one": (
        MIXED + b"--b\n" + INNER.replace(b"%s", b"b-1") + b"--b-1--\n" + PDF + b"--b--\n", "plain", [A_PDF],
    ),
    "the inner boundary is the outer one": (
        MIXED + b"--b\n" + INNER.replace(b"%s", b"b") + b"--b--\n" + PDF + b"--b--\n", "plain", [A_PDF],
    ),
    "the inner end is missing": (
        MIXED + b"--b\n" + INNER.replace(b"%s", b"i") + PDF + b"--b--\n", "plain", [A_PDF],
    ),
    "no boundary is named": (
        HEAD + b"Content-Type: multipart/mixed\n\n" + TEXT + PDF + b"--b--\n", "Hello", [A_PDF],
    ),
    "another boundary is named": (
        HEAD + b"Content-Type: multipart/mixed; boundary=other\n\n" + TEXT + PDF + b"--b--\n", "Hello", [A_PDF],
    ),
    "no semicolon before the boundary": (
        HEAD + b'Content-Type: multipart/mixed\tboundary="b"\n\n' + TEXT + PDF + b"--b--\n", "Hello", [A_PDF],
    ),
    "words behind the boundary": (
        MIXED + (TEXT + PDF).replace(b"--b\n", b"--b seen by our scanner\n") + b"--b-- the end\nepilogue\n", "Hello", [A_PDF],
    ),
    "no part at all": (
        HEAD + b"Content-Type: multipart/mixed; boundary=other\n\njust text\n", "just text\n", [],
    ),
    "the whole multipart in base64": (
        MIXED[:-1] + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(TEXT + PDF + b"--b--\n"),
        "Hello", [A_PDF],
    ),
    "the whole multipart in quoted-printable": (
        MIXED[:-1].replace(b"=b", b'="=_b"') + b"Content-Transfer-Encoding: quoted-printable\n\n"
        + quopri.encodestring((TEXT + PDF + b"--b--\n").replace(b"--b", b"--=_b")),
        "Hello", [A_PDF],
    ),
    "an empty part": (MIXED + TEXT + b"--b\n--b\n\n--b--\n", "Hello", []),
    "a part without headers": (MIXED + b"--b\n\nfirst\n--b\nsecond\n--b--\n", "first\nsecond", []),
    "a digest": (
        HEAD + b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\n1\n--b--\n",
        "", [("one.eml", "message/rfc822", b"Subject: one\n\n1")],
    ),
    "an attached message in base64": (
        MIXED + b"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(b"Subject: one\n\n1") + b"--b--\n",
        "", [("one.eml", "message/rfc822", b"Subject: one\n\n1")],
    ),
    "an attached message in quoted-printable": (
        MIXED + b"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n"
        b"Subject: caf=C3=A9\n\n1\n--b--\n",
        "", [("café.eml", "message/rfc822", "Subject: café\n\n1".encode())],
    ),
    "a piece of a message": (
        HEAD + b"Content-Type: message/partial; id=x; number=2; total=3\n\nthe middle",
        "", [("part.eml", "message/partial", b"the middle")],
    ),
    "a file elsewhere": (
        MIXED + TEXT + b"--b\nContent-Type: message/external-body; access-type=URL; name=a.ps\n\nContent-Type: x/y\n\n"
        b"--b--\n",
        "Hello", [("a.ps", "message/external-body", b"Content-Type: x/y\n")],
    ),
    "AppleDouble": (
        MIXED + b"--b\nContent-Type: multipart/appledouble; boundary=i\n\n--i\nContent-Type: application/applefile\n\nfork\n"
        b"--i\nContent-Type: image/png; name=x.png\n\npixels\n--i--\n--b--\n",
        "", [("attachment", "application/applefile", b"fork"), ("x.png", "image/png", b"pixels")],
    ),
    "text between pictures, as Apple Mail writes": (
        MIXED + TEXT + b"--b\nContent-Type: image/png; name=x.png\nContent-Disposition: inline\n\npixels\n"
        b"--b\nContent-Type: text/plain\n\nBye\n--b--\n",
        "Hello\nBye", [("x.png", "image/png", b"pixels")],
    ),
    "a text with a name is a file": (
        MIXED + TEXT + b"--b\nContent-Type: text/plain; name=notes.txt\n\nnotes\n--b--\n",
        "Hello", [("notes.txt", "text/plain", b"notes")],
    ),
    "a page for AMP beside text and HTML": (
        HEAD + b"Content-Type: multipart/alternative; boundary=b\n\n" + TEXT
        + b"--b\nContent-Type: text/x-amp-html\n\n<html amp4email>\n--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b--\n",
        "Hello", [],
    ),
    "HTML before text": (
        HEAD + b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>page</p>\n"
        + TEXT + b"--b--\n",
        "Hello", [],
    ),
    "a page whose sender names no type": (HEAD + b"\n<html><body><p>Hello</p></body></html>", "Hello", []),
    "no headers at all": (b"\nHello\n", "Hello\n", []),
    "a mbox line and blank lines first": (b"\r\n\r\nFrom ann Mon Mar  2 10:00:00 2026\nSubject: x\n\nHello", "Hello", []),
    "old Macintosh line ends": ((MIXED + TEXT + PDF + b"--b--\n").replace(b"\n", b"\r"), "Hello", [A_PDF]),
    "NUL bytes": (HEAD + b"\nHel\x00lo", "Hello", []),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_shapes_of_mail(shape, line_end):
    raw, text, files = SHAPES[shape]
    if b"\r" not in raw:
        raw = raw.replace(b"\n", line_end)

    found_text, found_files = read(raw)

    assert found_text == text
    assert [(name, kind, content.replace(b"\r\n", b"\n")) for name, kind, content in found_files] == files


@pytest.mark.parametrize(
    ("content", "encoding", "expected"),
    [
        (b"SGVsbG8gd29ybGQ=", b"base64", b"Hello world"),
        (b"SGVsbG8gd29ybGQ=", b"BASE64", b"Hello world"),
        (b"SGVsbG8gd29ybGQ=", b"base64 (sic); x", b"Hello world"),
        (b"SGVs\r\n bG8g\r\n\r\nd29ybGQ=\r\n", b"base64", b"Hello world"),
        (b"SGVs!bG8g**d29ybGQ=", b"base64", b"Hello world"),
        (b"SGVsbG8gd29ybGQ", b"base64", b"Hello world"),
        (b"SGVsbG8gd29ybGQ=====", b"base64", b"Hello world"),
        (b"SGVsbG8gd29yb", b"base64", b"Hello wor"),
        (b"SGVsbA==\nbyB3bw==\ncmxk\n", b"base64", b"Hello world"),
        (b"SGVsbG8gd29ybGQ=\n_______\nA list footer", b"base64", b"Hello world"),
        (b"nobody encoded this text", b"base64", b"nobody encoded this text"),
        (b"", b"base64", b""),
        (b"=", b"base64", b""),
        (b"A", b"base64", b""),
        (b"caf=C3=A9 =\nau lait", b"quoted-printable", "café au lait".encode()),
        (b"caf=c3=a9 = \t\r\nau lait", b"quoted-printable", "café au lait".encode()),
        (b"100 =ZZ = =", b"quoted-printable", b"100 =ZZ = "),
        (b"begin 644 f\n" + binascii.b2a_uu(b"Hello") + b"`\nend\n", b"x-uuencode", b"Hello"),
        (b"not uuencoded", b"x-uuencode", b"not uuencoded"),
        (b"Hello", b"x-unheard-of", b"Hello"),
        (b"Hello", b"7-Bit", b"Hello"),
    ],
)
def test_transfer_encodings_are_read_as_far_as_they_go(content, encoding, expected):
    ((_, _, found),) = read(encoded(content, encoding))[1]

    assert found == expected


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ('Content-Disposition: attachment; filename="a b.pdf"', "a b.pdf"),
        ("Content-Disposition: attachment; filename=a b.pdf", "a b.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf", "Résumé.pdf"),
        ("Content-Disposition: attachment; filename*=iso-8859-1'fr'R%E9sum%E9.pdf; filename=x.pdf", "Résumé.pdf"),
        ("Content-Disposition: attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ("Content-Disposition: attachment; filename*0*=utf-8''%E2%82; filename*1*=%AC.pdf", "€.pdf"),
        ("Content-Disposition: attachment; filename*0*=utf-8''%E2%82%AC; filename*1=\".pdf\"", "€.pdf"),
        ("Content-Disposition: attachment; filename*1*=utf-8''%E2%82%AC; filename*2=.pdf", "€.pdf"),
        ("Content-Disposition: attachment; filename*=R%C3%A9sum%C3%A9.pdf", "Résumé.pdf"),
        ('Content-Type: application/pdf; name="=?utf-8?q?R=C3=A9sum=C3=A9.pdf?="', "Résumé.pdf"),
        ("Content-Type: application/pdf; name==?iso-8859-1?q?R=E9sum=E9.pdf?=", "Résumé.pdf"),
        ('Content-Type: application/pdf; name="=?utf-8?q?R=C3=A9?=\n =?utf-8?q?sum=C3=A9.pdf?="', "Résumé.pdf"),
        ('Content-Type: application/pdf; name="Résumé.pdf"', "Résumé.pdf"),
        ('Content-Disposition: attachment; filename="a;b\\".pdf"', "a;b_.pdf"),
        ('Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        ('Content-Disposition: attachment; filename="C:\\\\Temp\\\\cv.doc"', "cv.doc"),
        ('Content-Disposition: attachment; filename="CON.pdf"', "_CON.pdf"),
        ('Content-Disposition: attachment; filename="a\u202egpj.exe"', "a_gpj.exe"),
        ('Content-Disposition: attachment; filename="a\u200e\x01.pdf"', "a_ .pdf"),
        ('Content-Disposition: attachment; filename="..."', "document.pdf"),
        ("Content-Disposition: attachment", "document.pdf"),
    ],
)  # fmt: skip
def test_names_of_files(fields, name):
    kind = "" if fields.startswith("Content-Type") else "Content-Type: application/pdf\n"

    ((found, _, _),) = read(HEAD + (kind + fields + "\n\n%PDF").encode())[1]

    assert found == name


def test_long_names_keep_their_extension_and_fit_into_file_systems():
    names = [read(HEAD + f"Content-Type: x/y; name={stem * 300}.pdf\n\nx".encode())[1][0][0] for stem in ("x", "日")]

    assert names == ["x" * 176 + ".pdf", "日" * 78 + ".pdf"]


def test_pictures_that_the_page_shows_are_inline():
    raw = (
        HEAD + b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='cid:a%40x'>"
        b"<img src=\"CID:b@x\">\n--b\nContent-Type: image/png\nContent-ID: <a@x>\n\n1\n"
        b"--b\nContent-Type: image/png\nContent-ID: <b@x>\n\n2\n--b\nContent-Type: image/png\nContent-ID: <c@x>\n\n3\n--b--\n"
    )  # fmt: skip

    assert [(file.content_id, file.inline) for file in parse_message(raw).attachments] == [
        ("a@x", True),
        ("b@x", True),
        ("c@x", False),
    ]


def test_depth_and_parts_are_bounded_where_a_boundary_repeats():
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/x; boundary=b\n\n" * 2_000
    )

    parsed = parse_message(raw)

    assert "too_many_parts" in {defect.code for defect in parsed.defects}
    assert attachment_indexes_hold(raw, Limits())


def test_files_have_the_same_index_under_the_same_limits():
    raw = MIXED + TEXT + PDF * 20 + b"--b--\n"
    few = Limits(parts=5)

    parsed = parse_message(raw, limits=few)

    assert len(parsed.attachments) == 3
    assert attachment_indexes_hold(raw, few)


def attachment_indexes_hold(raw: bytes, limits: Limits) -> bool:
    """Whether each file is cut out as it was described."""
    return all(
        sha256(attachment_content(raw, file.index, limits=limits)).hexdigest() == file.sha256
        for file in parse_message(raw, limits=limits).attachments
    )


CONTENT = st.binary(max_size=300)
LEAF = st.tuples(st.sampled_from(["application", "image", "audio"]), st.sampled_from(["pdf", "png", "x-any"]), CONTENT)
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12)


def built(tree: object) -> EmailMessage:
    """A message of the standard library with these leaves; lists become multiparts, and now and then messages."""
    message = EmailMessage(policy=SMTP)
    if isinstance(tree, tuple):
        main, sub, content = tree
        message.set_content(content, maintype=main, subtype=sub, disposition="attachment", filename="f.bin")
        return message
    assert isinstance(tree, list)
    message.make_mixed()
    for inner in tree:
        message.attach(built(inner))
    return message


def leaves_of(tree: object) -> list[bytes]:
    """The contents in the order of the message."""
    if isinstance(tree, tuple):
        return [tree[2]]
    assert isinstance(tree, list)
    return [leaf for inner in tree for leaf in leaves_of(inner)]


@settings(max_examples=150, deadline=None)
@given(TREE)
def test_whatever_the_standard_library_nests_comes_back_byte_for_byte(tree):
    message = built(tree)
    message["From"] = "ann@a.example"
    raw = message.as_bytes()

    parsed = parse_message(raw)

    assert [file.sha256 for file in parsed.attachments] == [sha256(leaf).hexdigest() for leaf in leaves_of(tree)]
    assert attachment_indexes_hold(raw, Limits())
