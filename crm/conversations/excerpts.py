"""The piece of a text that shows why it was found, with the words that were asked for marked."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from storage.folding import IDEOGRAPH, fold
from storage.search import Phrase

LENGTH = 200
BEFORE = 60
"""Characters that stand before the first word that is marked."""
LOOKED_AT = 20_000
"""Characters of a mail: behind them nothing is marked."""
_WORD = re.compile(rf"[{IDEOGRAPH}]|[^\W_{IDEOGRAPH}]+")


class Piece(NamedTuple):
    """Some characters of a text; `hit`: they were asked for."""

    text: str
    hit: bool


def excerpt(text: str, phrases: Sequence[Phrase], *, length: int = LENGTH) -> tuple[Piece, ...]:
    """Some `length` characters of `text` around the first hit, white space as single blanks; its beginning without one."""
    plain = " ".join(text[:LOOKED_AT].split())
    spans = list(_spans(plain, phrases))
    start = _start(plain, spans[0][0]) if spans else 0
    end = min(start + length, len(plain))
    pieces = [Piece("…", hit=False)] if start else []
    at = start
    for first, last in spans:
        if first < at or last > end:
            continue
        pieces += [Piece(plain[at:first], hit=False), Piece(plain[first:last], hit=True)]
        at = last
    pieces += [Piece(plain[at:end], hit=False), Piece("…" if end < len(plain) else "", hit=False)]
    return tuple(piece for piece in pieces if piece.text)


def holds_all(pieces: Sequence[Piece], phrases: Sequence[Phrase]) -> bool:
    """Whether each of the phrases is marked somewhere in these pieces."""
    marked = [_folded(piece.text) for piece in pieces if piece.hit]
    return all(any(" ".join(phrase.words) in hit for hit in marked) for phrase in phrases)


def _spans(text: str, phrases: Sequence[Phrase]) -> Iterator[tuple[int, int]]:
    """Where phrases begin and end in `text`, in order; they may overlap."""
    words = [(found.start(), found.end(), _folded(found.group())) for found in _WORD.finditer(text)]
    for at, (start, _, _) in enumerate(words):
        ends = [
            words[at + len(phrase.words) - 1][1]
            for phrase in phrases
            if _stands(phrase, [word for _, _, word in words[at : at + len(phrase.words)]])
        ]
        if ends:
            yield start, max(ends)


def _stands(phrase: Phrase, words: Sequence[str]) -> bool:
    *whole, last = phrase.words
    if len(words) < len(phrase.words) or whole != words[:-1]:
        return False
    return words[-1].startswith(last) if phrase.beginning else words[-1] == last


def _start(text: str, hit: int) -> int:
    if hit <= BEFORE:
        return 0
    blank = text.rfind(" ", 0, hit - BEFORE // 2)
    return max(blank + 1, hit - BEFORE)


@lru_cache(maxsize=8192)
def _folded(word: str) -> str:
    return " ".join(fold(word).split())
