"""PostgreSQL keeps the words of a mail in one value of at most a megabyte; a mail with more of them is stored all the same.

Words behind the bound are not found there. Mail that people write has a hundredth of it: lists of numbers and dumps of
dictionaries reach it.
"""

import re
from collections.abc import Sequence

from storage.search.phrases import WORD

SURELY_FITS = 120_000
"""Characters, all fields together: however long the characters, and however different the words, they fit."""
LARGEST_INDEX = 900_000
"""Bytes of words and places; PostgreSQL refuses more than 1,048,575 (postgresql.org/docs/current/textsearch-limitations.html)."""
PER_WORD = 4
"""Bytes that PostgreSQL adds to a word: its end is made even, and the number of its places is written behind."""
PER_PLACE = 2
_PIECE = re.compile(r"[^\s!-/:-@\[-`{-~]+")
"""What PostgreSQL may take for one word: its letters are not quite those of Python."""


def within_index(texts: Sequence[str]) -> Sequence[str]:
    """The texts, which make one value together, cut at the end where it would be too large."""
    if sum(map(len, texts)) <= SURELY_FITS:
        return texts
    left = LARGEST_INDEX
    seen: set[str] = set()
    kept = []
    for text in texts:
        end, left = _end(text, seen, left)
        kept.append(text[:end])
    return kept


def _end(text: str, seen: set[str], left: int) -> tuple[int, int]:
    """Where `text` is to end so that its words take at most `left` bytes, and what remains of these."""
    for found in _PIECE.finditer(text):
        piece = found.group()
        runs = len(WORD.findall(piece)) or 1
        left -= runs * PER_PLACE
        if piece not in seen:
            seen.add(piece)
            left -= len(piece.encode()) + runs * PER_WORD
        if left < 0:
            return found.start(), 0
    return len(text), left
