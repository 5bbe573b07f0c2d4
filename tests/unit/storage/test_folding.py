"""Words are found however their accents are written, and folding takes linear time whatever a stranger sends."""

import time
import unicodedata

import pytest

from storage.folding import MANY_KINDS, MAX_TEXT, fold


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Zoë GRÜẞE", "zoe grusse"),
        ("Cafe\u0301", "cafe"),
        ("książka Łódź", "ksiazka lodz"),
        ("Счёт Й", "счет и"),
        ("日本 a", " 日  本  a"),
        ("한국", "한국"),
        ("\u1112\u1161\u11ab", "한"),
        ("ﬁn ①", "fin 1"),
        ("नाम", "न म"),
        ("a\u200bb", "a b"),
    ],
)
def test_accents_case_and_compatibility_forms_do_not_matter(written: str, searched: str) -> None:
    assert fold(written) == searched
    assert fold(unicodedata.normalize("NFD", written)) == searched


def test_many_kinds_of_characters_fold_like_few() -> None:
    letters = [letter for letter in map(chr, range(0xC0, 0x1_0000)) if letter.isalpha()]
    text = " ".join(letters)
    assert len(letters) > MANY_KINDS
    assert fold(text).split() == " ".join(fold(letter) for letter in letters).split()


@pytest.mark.parametrize("run", ["\u0316\u0301", "\u0f73", "\u1100\u1161\u11a8", "\u09c7\u0301\u09be"])
def test_half_a_megabyte_of_accents_is_folded_at_once(run: str) -> None:
    text = (run * MAX_TEXT)[:MAX_TEXT]
    started = time.thread_time()
    fold(text)
    assert time.thread_time() - started < 2, "Sorting accents takes minutes."
