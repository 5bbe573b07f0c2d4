"""The words of a mail as PostgreSQL keeps them to be searched: a `tsvector`, made here in the form in which it is sent.

The server would take several times as long: it looks through the text character by character, and once more for the
signs that it would not part words at. Words are those of SQLite's index, whatever the database's locale. This module
knows no database: a second process makes vectors too.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from struct import Struct

WORD = re.compile(r"[^\W_]+")
"""Letters and digits of any script; everything else parts words."""
BETWEEN = " zzfieldzz "
"""Stands between two fields, a word that nobody writes: no phrase reaches from one into the next."""
MANY_SIGNS = 500
"""Different characters of a text that part words; a mail has some twenty."""

# Limits of the type: postgresql.org/docs/current/textsearch-limitations.html
LONGEST_WORD = 2046
"""Bytes; longer ones are no words that anybody looks for, and are left out."""
MOST_BYTES = 1_000_000
"""Of words and places together, where 1,048,575 is the most. Mail that people write has a hundredth of it: lists of numbers and
dumps of dictionaries reach it, and words behind it are not found there."""
LAST_PLACE = 16_383
"""Words behind it count as standing there, so that no phrase is found behind it."""
MOST_PLACES = 255
"""Of one word."""


class Vector(bytes):
    """A `tsvector` as it is sent; the driver knows by the class what it is (`storage.database`)."""


def vector_of(fields: Sequence[str]) -> Vector:
    """What `to_tsvector('simple', …)` makes of folded text without signs, in the binary form of the type, for any text.

    A text with too many different words is cut where they fill the type.
    """
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words_of(BETWEEN.join(fields)), 1):
        if word in places:
            places[word].append(place)
        else:
            places[word] = [place]
    lexemes = []
    left = MOST_BYTES
    for word, stood in places.items():
        spelled = word.encode()
        if stood[-1] > MOST_PLACES:
            stood = _kept(stood)
        count = len(stood)
        left -= len(spelled) + 2 * count + 4  # As it is stored: made even, and the number of its places behind it.
        if left < 0:
            break
        if len(spelled) <= LONGEST_WORD:
            lexemes.append(spelled + _behind_word(count)(0, count, *stood))
    return Vector(len(lexemes).to_bytes(4, "big") + b"".join(lexemes))


def words_of(text: str) -> list[str]:
    """The words in their order."""
    signs = [character for character in set(text) if not character.isalnum()]
    if len(signs) > MANY_SIGNS:
        return WORD.findall(text)
    for sign in signs:  # Each replaced everywhere at once: half the time of an expression.
        text = text.replace(sign, " ")
    return text.split()


def _kept(places: list[int]) -> list[int]:
    return [place for place in places[:MOST_PLACES] if place < LAST_PLACE] or [LAST_PLACE]


@cache
def _behind_word(count: int) -> Callable[..., bytes]:
    """How the end of a word and its places are packed, in the order of the network."""
    return Struct(f">BH{count}H").pack
