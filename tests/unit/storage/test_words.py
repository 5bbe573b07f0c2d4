"""Words part where SQLite's index parts them, whatever a stranger writes, and in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.folding import MAX_TEXT, fold
from storage.tsvector import MANY_SIGNS, WORD, vector_of, words_of


@given(st.text(max_size=200))
def test_words_are_runs_of_letters_and_digits(text: str) -> None:
    assert words_of(text) == WORD.findall(text)
    assert words_of(fold(text)) == WORD.findall(fold(text))


def test_many_different_signs_part_words_like_few() -> None:
    signs = [sign for sign in map(chr, range(0x2000, 0x3000)) if not sign.isalnum()]
    assert len(signs) > MANY_SIGNS
    assert words_of("a".join(signs)) == ["a"] * (len(signs) - 1)


@pytest.mark.parametrize("text", ["ab ", "a", "\U0001f600", "".join(map(chr, range(0x2000, 0x3000)))])
def test_half_a_megabyte_of_anything_is_done_at_once(text: str) -> None:
    much = text * (MAX_TEXT // len(text))
    started = time.thread_time()
    vector_of([much])
    assert time.thread_time() - started < 2


def test_a_word_and_its_places_are_packed_as_the_server_reads_them() -> None:
    assert vector_of(["a b, a"]) == b"\0\0\0\2" + b"a\0" + b"\0\2\0\1\0\3" + b"b\0" + b"\0\1\0\2"
    assert vector_of([""]) == b"\0\0\0\0"
