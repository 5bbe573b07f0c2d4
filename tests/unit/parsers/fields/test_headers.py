"""Header blocks as real mail has them: damaged in every way that still lets people read them."""

from datetime import UTC, datetime

import pytest

from parsers.fields.headers import read_head
from parsers.limits import Limits
from parsers.message import parse_message
from parsers.mime.tree import read_tree


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"\r\n\r\nSubject: after blank lines\r\n\r\nx", "after blank lines"),
        (b"From ann Mon Mar 2 10:00:00 2026\nSubject: mbox line\n\nx", "mbox line"),
        (b"garbage without colon\nSubject: behind garbage\nTo: a@b.example\n\nx", "behind garbage"),
        (b"Subject : blank before the colon\n\nx", "blank before the colon"),
        (b"Subject: folded\r\n\tover\r\n lines\r\n\r\nx", "folded\tover lines"),
        (b"Subject: bare\rFrom: a@b.example\r\rbody", "bare"),
        (b"\xef\xbb\xbfSubject: byte order mark\n\nx", "byte order mark"),
        (b"SUBJECT: case\n\nx", "case"),
        ("Subject: größe\n\nx".encode(), "größe"),
        ("Content-Type: text/plain; charset=koi8-r\nSubject: привет\n\nx".encode("koi8-r"), "привет"),
        (b"Subject: =?iso-8859-1?q?caf=E9?= =?iso-8859-1?q?_bar?= !\n\nx", "café bar !"),
        (b"Subject: =?utf-8?b?8J+Y?= =?utf-8?b?gA==?=\n\nx", "😀"),
        (b"Subject: =?gb2312?b?vNu48Q==?=\n\nx", "价格"),
        (b"Subject: =?utf-8?q?bad_=ZZ?= =?nonsense?x?y?=\n\nx", "bad =ZZ =?nonsense?x?y?="),
        (b"Subject: nul\x00 and bell\x07\n\nx", "nul and bell"),
    ],
)
def test_the_subject_is_found(raw, subject):
    assert parse_message(raw).subject == subject


def test_a_body_without_blank_line_above_is_all_head_and_a_head_without_fields_is_all_body():
    assert parse_message(b"Subject: x").head_size == 10
    assert parse_message(b"only words\n\nmore").text == "only words\n\nmore"


def test_fields_and_their_length_are_bounded():
    raw = b"X: " + b"a" * 1000 + b"\n" + b"Y: b\n" * 100 + b"\n"

    fields, body = read_head(raw, 0, len(raw), Limits(header_bytes=10, headers=5), root=True)

    assert len(fields) == 5
    assert len(fields[0][1]) == 10
    assert body == len(raw)


def test_a_part_that_begins_with_text_has_no_headers():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nHello there\n\nmore\n--b--\n"

    tree, _ = read_tree(raw, Limits())

    part = tree.children[0]
    assert raw[part.start : part.end] == b"Hello there\n\nmore"


@pytest.mark.parametrize(
    ("charset", "raw", "subject"),
    [
        ("utf-7", b"Fr+APY-sche", "Fr+APY-sche"),
        ("utf-16", b"Frogs", "Frogs"),
        ("iso-2022-jp", "蛙".encode("iso-2022-jp"), "蛙"),
        ("koi8-r", "Лягушки".encode("koi8-r"), "Лягушки"),
    ],
)
def test_raw_headers_are_read_as_the_body_unless_plain_ascii_would_become_something_else(charset, raw, subject):
    head = b"Subject: %s\nDate: Mon, 2 Mar 2026 11:00:00 +0900\n" % raw
    content = f"Content-Type: text/plain; charset={charset}\n\nx".encode()

    parsed = parse_message(head + content)

    assert parsed.subject == subject
    assert parsed.date == datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_fields_of_some_names_are_given_in_order_unfolded_as_they_were_sent():
    raw = b"Received: one\r\n\tmore\r\nSubject: x\r\nRECEIVED : tw\xf6\r\nX-Received: no\r\nReceived: three\r\n\r\n"
    headers = parse_message(raw).headers

    assert headers.named(frozenset({"received"}), most=2) == [("received", b" one\tmore"), ("received", b" tw\xf6")]
