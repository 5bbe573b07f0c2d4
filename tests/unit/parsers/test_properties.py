"""What holds for every input: nothing raises, everything can be stored, and the work grows with the size."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.promises import strings_of
from fuzz.steps import steps
from parsers.content.attachments import attachment_content
from parsers.fields.subjects import base_subject
from parsers.message import parse_message
from parsers.output import as_json

FRAGMENTS = st.sampled_from(
    [
        b"From: a@b.example\r\n", b"To: <", b"Subject: =?utf-8?q?", b"?=", b"=?utf-7?b?KzJBQS0=?=", b"\r\n\r\n",
        b"\n", b"\r", b"\x00", b"\xff\xfe", b"Content-Type: multipart/mixed; boundary=b\n", b"\n--b\n",
        b"\n--b--\n", b"Content-Type: text/html\n\n<p>", b"<blockquote>", b"&#xD800;",
        b"Content-Type: message/rfc822\n\n", b"Content-Type: text/plain; charset=utf-7\n\n+2AA-",
        b"Content-Transfer-Encoding: base64\n", b"A===", b"Content-Type: multipart/report\n",
        b"Content-Type: message/delivery-status\n\nAction: failed\nFinal-Recipient: rfc822; a@b.c\n",
        b"\xed\xa0\x80", b"On 1/1/2026 a@b.example wrote:\n", b"> quote\n", b"-- \n",
        b"---------- Forwarded message ---------\n", b"begin 644 x\n", b"From: x\nTo: y@z.example\nSubject: s\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%ED%A0%80\n",
        b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x00\x00", b"Date: 99 Foo 0000 99:99:99 +9999\n",
        b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n", b"DTSTART;TZID=\"x\":20260302T090000\n",
        b"BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETTO:+9999\nRRULE:BYDAY=-1SU\n",
        b"Content-Type: application/pkcs7-mime\n\n0\x80\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x02\xa0\x80",
        b"-----BEGIN PGP SIGNED MESSAGE-----\n\n", b"\n-----BEGIN PGP SIGNATURE-----\n", b"=ybegin line=128 size=9 name=x\n",
        b"(This file must be converted with BinHex 4.0)\n:\"", b":", b"Content-Transfer-Encoding: x-uuencode\n",
        b"Content-Type: text/plain; format=flowed\n", b"Content-Type: text/plain; charset=utf-16\n",
    ]
)  # fmt: skip
RAW = st.one_of(st.binary(max_size=400), st.lists(FRAGMENTS, max_size=30).map(b"".join))


@settings(max_examples=400, deadline=None)
@given(RAW)
def test_whatever_comes_it_is_read_and_can_be_stored(raw):
    parsed = parse_message(raw)

    for text in strings_of(parsed):
        assert "\x00" not in text
        text.encode("utf-8")
    assert 0 <= parsed.head_size <= len(raw)
    assert as_json("x", parsed)["kind"] == parsed.kind.value
    for attachment in parsed.attachments:
        assert len(attachment_content(raw, attachment.index)) == attachment.size


@settings(max_examples=100, deadline=None)
@given(RAW)
def test_reading_twice_gives_the_same(raw):
    assert parse_message(raw).fingerprint == parse_message(raw).fingerprint


@given(st.text(max_size=200))
def test_a_base_subject_has_no_prefix_left(subject):
    assert base_subject(base_subject(subject)) == base_subject(subject)


DAEMON = b"From: mailer-daemon@a.example\nSubject: failure notice\n\nundeliverable\n"
NESTED = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
HEAD = b"From: a@b.example\nSubject: x\n"
HOSTILE = {
    "encoded words": lambda n: b"Subject: " + b"=?utf-8?q?a?= " * n + b"\n\nx",
    "encoded words that lie": lambda n: b"Subject: " + b"x=?utf-8?b?/f+h/w==?=" * n + b"\n\nx",
    "open quotes in addresses": lambda n: b"To: " + b'\\"' * n + b"\n\nx",
    "brackets": lambda n: b"To: " + b"(<" * n + b"\n\nx",
    "commas in names": lambda n: b"To: " + b"a <," * n + b"\n\nx",
    "quotes that are interleaved": lambda n: HEAD + b"\n" + b">>> x\n<<< y\n" * n,
    "addresses that are never closed": lambda n: HEAD + b"\n" + b"> @<\n" * n,
    "parts": lambda n: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * n,
    "nested parts": lambda n: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(n)
    ),
    "attributions": lambda n: HEAD + b"\n" + b"On 1/1/2026 a@b.example wrote:\n" * n,
    "header blocks": lambda n: HEAD + b"\n" + b"From: a\nx\n" * n,
    "signature lines": lambda n: HEAD + b"\n" + b"-- \n" * n,
    "rules": lambda n: HEAD + b"\n" + (b"_" * 30 + b"\n") * n,
    "closings": lambda n: HEAD + b"\n" + b"regards\n" * n,
    "quotes": lambda n: HEAD + b"\n" + b">\nx\n" * n,
    "separators": lambda n: HEAD + b"\n" + b"---------- Forwarded message ---------\n" * n,
    "hidden elements": lambda n: HEAD + b"Content-Type: text/html\n\n" + b'<div style="display:none">' * n,
    "hidden elements of many names": lambda n: (
        HEAD + b"Content-Type: text/html\n\n" + b"".join(b'<x%d style="display:none">' % number for number in range(n))
    ),
    "comments": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<!--" * n,
    "quotes in html": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<blockquote>x" * n,
    "bounced addresses": lambda n: DAEMON + b"<a@b.c>:\n" * n,
    "a boundary that repeats": lambda n: (
        HEAD + b"Content-Type: multipart/x; boundary=b\n\n" + b"--b\nContent-Type: multipart/x; boundary=b\n\n" * n
    ),
    "multiparts without boundaries": lambda n: (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/mixed\n\n--x\nContent-Type: a/b\n\n" * n
    ),
    "padded pieces of base64": lambda n: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QQ==\n" * n,
    "signed texts": lambda n: (
        HEAD + b"\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n" * n
    ),
    "BinHex files": lambda n: HEAD + b"\n" + b"(This file must be converted with BinHex 4.0)\n:abc:\n" * n,
    "yEnc files": lambda n: HEAD + b"\n" + b"=ybegin line=1 size=1 name=x\n" * n,
    "calendar lines": lambda n: (
        HEAD
        + b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n"
        + b'ATTENDEE;CN="a";X=b:mailto:c@d.example\n' * n
    ),
    "calendar components": lambda n: HEAD + b"Content-Type: text/calendar\n\n" + b"BEGIN:VEVENT\n" * n,
    "parameters of one calendar line": lambda n: (
        HEAD + b"Content-Type: text/calendar\n\nBEGIN:VEVENT\nATTENDEE" + b';A="b","c",d' * n
    ),
    "open elements of CMS": lambda n: (
        HEAD
        + b"Content-Type: application/pkcs7-mime\n\n0\x80\x06\x09*\x86H\x86\xf7\x0d\x01"
        + b"\x07\x02\xa0\x800\x80"
        + b"\x31\x80" * n
    ),
    "attributes of winmail.dat": lambda n: (
        HEAD
        + b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x00\x00"
        + b"\x02\x02\x90\x00\x00\x00\x00\x00\x00\x00\x00" * n
    ),
    "uuencoded files": lambda n: HEAD + b"\n" + b"begin 644 a\n" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_input_is_at_most_twice_the_work(name):
    make = HOSTILE[name]
    steps(lambda: parse_message(make(10)))

    small, large = make(300), make(600)
    once, twice = steps(lambda: parse_message(small)), steps(lambda: parse_message(large))

    assert twice <= 2.3 * once + 2_000


@pytest.mark.parametrize("name", HOSTILE)
def test_the_result_is_no_larger_than_the_input_by_much(name):
    raw = HOSTILE[name](2_000)

    assert sum(len(text) for text in strings_of(parse_message(raw))) <= 12 * len(raw) + 10_000
