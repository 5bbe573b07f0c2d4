"""The grammar of answers, and that no answer can crash or stall the reader."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsync.imap.errors import ProtocolError
from mailsync.imap.tokens import as_int, as_words, parse_values


def test_atoms_strings_lists_literals_and_nil():
    parts = [rb'(\Seen "a \"b\" \\c" NIL "NIL" BODY[HEADER.FIELDS (DATE TO)]<0> ', b"lit (", rb' ("" [Gmail]/X))']

    assert parse_values(parts) == [
        [b"\\Seen", b'a "b" \\c', None, b"NIL", b"BODY[HEADER.FIELDS (DATE TO)]<0>", b"lit (", [b"", b"[Gmail]/X"]]
    ]


@pytest.mark.parametrize("text", [b"(a", b"a)", b'"never ends', b"(" * 100_000])
def test_broken_structure_is_a_protocol_error(text):
    with pytest.raises(ProtocolError):
        parse_values([text])


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=3))
def test_garbage_is_read_or_refused(parts):
    with suppress(ProtocolError):
        parse_values(parts)


@pytest.mark.parametrize("text", [b'"' + b"\\a" * 200_000, b"[" * 20_000, b"a[" * 20_000])
def test_no_text_makes_it_slow(text):
    started = time.process_time()
    with suppress(ProtocolError):
        parse_values([text])
    assert time.process_time() - started < 2


def test_numbers_and_words_are_checked():
    assert as_int(b"18446744073709551615") == 2**64 - 1
    assert as_words([b"\\Seen", b"caf\xe9"]) == {"\\Seen", "caf�"}
    for wrong in (None, b"-1", b"1.0", b"", [b"1"], b"9" * 5000):
        with pytest.raises(ProtocolError):
            as_int(wrong)
    with pytest.raises(ProtocolError):
        as_words([[b"nested"]])
