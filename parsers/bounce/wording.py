"""Known phrases found in a server's words, by looking words up: a thousand phrases cost what a few patterns would.

A phrase is plain words in small letters, without punctuation and apostrophes. `a/b` stands for either word, `(a)` for one
that may be missing, `_` for the space inside an alternative, `*` for up to sixty characters between: "mailbox/account is
full", "blocked * policy". Phrases and texts are compared after words that mean the same have been made the same
(`parsers.phrases.refusal_words`): "mailbox is full" is also found in "your mailbox was full".
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, product
from typing import NamedTuple

from parsers.phrases.refusal_words import SAME

WORD = re.compile(r"[^\W_]+")
DELETED = dict.fromkeys(map(ord, "'’`´_"))
"""Marks inside a word: `doesn't`, and `OFR_416`."""
SPACED = DELETED | {code: " " for code in range(128) if chr(code) not in "'`_" and not chr(code).isalnum()}
LONGEST = 2_000
LONGEST_GAP = 60

Rules = Sequence[tuple[str, Sequence[str]]]
"""Meanings with the phrases that tell them, the most telling first. A meaning may stand more than once."""
Key = str | tuple[str, str]
"""Where a saying is looked up: one of its words, or two that follow each other."""


class Saying(NamedTuple):
    """One way to write a phrase of one rule: pieces with a space at both ends, found one after another."""

    table: int
    rank: int
    meaning: str
    pieces: tuple[str, ...]
    alone: bool
    """Whether the words that it is looked up by are all of it."""

    def is_in(self, text: str) -> bool:
        """Whether the pieces stand in the text, in order, each near the one before."""
        first, *rest = self.pieces
        at = text.find(first)
        while at >= 0:
            if _follow(rest, text, at + len(first) - 1):
                return True
            at = text.find(first, at + 1)
        return False


def _follow(pieces: list[str], text: str, at: int) -> bool:
    for piece in pieces:
        found = text.find(piece, at, at + LONGEST_GAP + len(piece))
        if found < 0:
            return False
        at = found + len(piece) - 1
    return True


def words_of(text: str) -> list[str]:
    """The words of a text as phrases are compared: no addresses, short numbers, and words that add nothing.

    The name of a page is one word: help/spf-dkim says nothing of SPF.
    """
    text = text[:LONGEST].lower().replace("e-mail", "email")
    if "@" in text or "://" in text:
        words = text.replace("<", " ").replace(">", " ").split()
        text = " ".join(word.replace("-", "") if "://" in word else word for word in words if "@" not in word)
    words = text.translate(SPACED).split() if text.isascii() else WORD.findall(text.translate(DELETED))
    return [plain for word in words if (plain := SAME.get(word, word))]


class PhraseBook:
    """Several tables of rules, made ready to be asked all at once."""

    def __init__(self, *tables: Rules) -> None:
        self._tables = len(tables)
        written = [
            (table, rank, meaning, pieces)
            for table, rules in enumerate(tables)
            for rank, (meaning, phrases) in enumerate(rules)
            for pieces in {variant for phrase in phrases for variant in variants(phrase)}
        ]
        common = Counter(key for *_, pieces in written for key in _keys(pieces))
        self._sayings: dict[Key, list[Saying]] = {}
        for table, rank, meaning, pieces in written:
            key = min(_keys(pieces), key=lambda key: (common[key], key))
            alone = len(pieces) == 1 and len(pieces[0].split()) < 3
            self._sayings.setdefault(key, []).append(Saying(table, rank, meaning, pieces, alone))

    def meanings_in(self, words: Sequence[str]) -> tuple[str, ...]:
        """Of each table the meaning of its first rule that has a phrase among these words (of `words_of`), "" for none."""
        best: list[Saying | None] = [None] * self._tables
        text = f" {' '.join(words)} "
        for key in self._sayings.keys() & {*words, *pairwise(words)}:
            for saying in self._sayings[key]:
                so_far = best[saying.table]
                if (so_far is None or saying.rank < so_far.rank) and (saying.alone or saying.is_in(text)):
                    best[saying.table] = saying
        return tuple(saying.meaning if saying is not None else "" for saying in best)


def variants(phrase: str) -> set[tuple[str, ...]]:
    """Every way to write a phrase, each in pieces between its gaps: "a/b (c) * d" makes four."""
    choices = [_choices(token) for token in phrase.split()]
    texts = (" ".join(chosen).replace("_", " ") for chosen in product(*choices))
    return {tuple(f" {' '.join(_plain(piece))} " for piece in text.split("*")) for text in texts}


def _choices(token: str) -> list[str]:
    optional = token.startswith("(")
    return token.strip("()").split("/") + [""] * optional


def _plain(piece: str) -> list[str]:
    return [plain for word in piece.split() if (plain := SAME.get(word, word))]


def _keys(pieces: tuple[str, ...]) -> list[Key]:
    """What a saying may be looked up by: its pairs of words, its words only where no piece has two."""
    pieces_words = [piece.split() for piece in pieces]
    return [pair for words in pieces_words for pair in pairwise(words)] or [words[0] for words in pieces_words]
