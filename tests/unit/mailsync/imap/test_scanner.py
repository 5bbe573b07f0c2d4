"""Whatever the pieces in which bytes arrive, the responses are the same."""

import time
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsync.imap.errors import ProtocolError
from mailsync.imap.scanner import ResponseScanner

MEGABYTE = 1024 * 1024


def scan(*chunks: bytes, limit: int = MEGABYTE) -> list[list[bytes]]:
    scanner = ResponseScanner(limit)
    return [parts for chunk in chunks for parts in scanner.feed(chunk)]


def test_a_literal_belongs_to_the_response_that_announced_it():
    stream = b"* 1 FETCH (BODY[] {5}\r\na\r\n)b UID 7)\r\n* 2 FETCH (BODY[] {0}\r\n UID 8)\r\nA1 OK done\r\n"

    assert scan(stream) == [
        [b"* 1 FETCH (BODY[] ", b"a\r\n)b", b" UID 7)"],
        [b"* 2 FETCH (BODY[] ", b"", b" UID 8)"],
        [b"A1 OK done"],
    ]


def test_free_text_that_looks_like_a_literal_is_text():
    stream = b"* OK [ALERT] see {5}\r\nA1 NO wrong {12}\r\n+ go {3}\r\n* LIST () NIL {3}\r\nfoo\r\n"

    assert scan(stream) == [
        [b"* OK [ALERT] see {5}"],
        [b"A1 NO wrong {12}"],
        [b"+ go {3}"],
        [b"* LIST () NIL ", b"foo", b""],
    ]


@given(
    messages=st.lists(st.binary(max_size=40), max_size=6),
    cuts=st.lists(st.integers(min_value=0, max_value=400), max_size=20),
)
def test_the_cuts_between_chunks_do_not_matter(messages, cuts):
    stream = b"".join(
        b"* %d FETCH (UID %d BODY[] {%d}\r\n%b FLAGS ())\r\n" % (number, number, len(body), body)
        for number, body in enumerate(messages, start=1)
    )
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[low:high] for low, high in pairwise(edges)]

    assert scan(*chunks) == scan(stream)
    assert [parts[1] for parts in scan(stream)] == messages


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_garbage_is_cut_or_refused_but_never_hangs(chunks):
    with suppress(ProtocolError):
        scan(*chunks, limit=1000)


@pytest.mark.parametrize(
    "chunks",
    [
        [b"* 1 FETCH (BODY[] {2000}\r\n"],
        [b"x" * 600, b"x" * 600],
        [b"* 1 FETCH (A {0}\r\n", *[b"{0}\r\n"] * 400],
    ],
    ids=["announced", "endless line", "endless literals"],
)
def test_what_is_larger_than_the_limit_is_refused(chunks):
    assert scan(b"* 1 FETCH (BODY[] {900}\r\n", b"y" * 900, b")\r\n", limit=1000)
    with pytest.raises(ProtocolError):
        scan(*chunks, limit=1000)


def test_a_line_in_a_hundred_thousand_pieces_takes_linear_time():
    def seconds(pieces: int) -> float:
        started = time.process_time()
        scan(*[b"1234567 "] * pieces, b"\r\n")
        return time.process_time() - started

    assert seconds(100_000) < 20 * max(seconds(10_000), 0.005)
