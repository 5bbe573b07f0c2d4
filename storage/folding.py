"""Words as full-text search sees them: the same folding for what is stored and for what is searched for.

Accents are folded here for PostgreSQL, for queries, and for letters that SQLite's tokenizer leaves; Chinese and Japanese are
set apart character by character. Vowel signs of Indian and Thai scripts part words, for SQLite's tokenizer parts them there
and PostgreSQL's does not: नाम is looked for as न म. It knows no database: a second process folds too.
"""

import re
import unicodedata
from functools import lru_cache

MAX_TEXT = 512 * 1024
"""Characters of a body that are searched; longer ones are cut."""
MANY_KINDS = 1000
"""Different characters beyond ASCII; a mail in German has ten, in Chinese a few hundred."""
ASCII = bytes(range(128))

IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Characters that are words by themselves, as a pattern's class has them."""
FIRST_IDEOGRAPH = "\u2e80"
"""None comes of a character before it: the pattern need not look through letters of Europe."""
_IDEOGRAPHS = re.compile(f"([{IDEOGRAPH}])")
_STROKES = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
"""Letters that Unicode does not decompose, though people search for them without the stroke."""

LONGEST_TEXT_WORD = 64
"""Characters of a word by which a record is found; what is longer is cut."""
LONGEST_NAME_KEY = 500
"""Characters: no more than PostgreSQL takes as a key of an index, whatever the script."""
_NAME_WORD = re.compile(r"[^\W_]+")

PARTING = frozenset({"Mn", "Mc", "Me", "Cf"})
"""Categories of characters that stand within words and are no letters: signs, and joiners that nobody sees."""


def fold(words: str) -> str:
    """Lower case, no accents, ideographs apart: what is stored to be searched, and what is searched for.

    In linear time whatever is sent: half a megabyte of accents, normalised as a whole, takes minutes to be sorted.
    """
    plain = words[:MAX_TEXT]
    if plain.isascii():
        return plain.lower()
    kinds = _beyond_ascii(plain)
    if len(kinds) > MANY_KINDS:
        bare = "".join(map(_bare, plain))
    else:  # Few kinds of characters change, each replaced everywhere at once: a fifth of the time.
        bare = plain
        for kind in kinds:
            if (replaced := _bare(kind)) != kind:
                bare = bare.replace(kind, replaced)
    if bare.isascii():
        return bare.lower()
    folded = unicodedata.normalize("NFC", bare).lower()
    for stroked in _STROKES.keys() & "".join(map(_bare, kinds)).lower():
        folded = folded.replace(stroked, _STROKES[stroked])
    return _IDEOGRAPHS.sub(r" \1 ", folded) if max(kinds) >= FIRST_IDEOGRAPH else folded


def name_key(name: str) -> str:
    """The words of a name, folded, a blank between two: what lists are sorted by and names are found by.

    One order for all languages and both databases: accents, strokes and case do not count (Łukasz stands with Lukas), digits come
    before letters, Latin before Greek before Cyrillic before ideographs.
    """
    return " ".join(_NAME_WORD.findall(fold(name[:LONGEST_NAME_KEY])))[:LONGEST_NAME_KEY].rstrip()


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return _NAME_WORD.findall(fold(text))


def _beyond_ascii(text: str) -> set[str]:
    """The different characters that are not ASCII; by bytes, for a set of all characters takes five times as long."""
    return set(text.encode("utf-8", "surrogatepass").translate(None, ASCII).decode("utf-8", "surrogatepass"))


@lru_cache(maxsize=65536)
def _bare(character: str) -> str:
    """One character without accents; nothing where it is one, a blank where it is no part of a word for SQLite."""
    decomposed = unicodedata.normalize("NFKD", character)
    parts = (part for part in decomposed if not unicodedata.combining(part))
    return unicodedata.normalize(
        "NFC", "".join(" " if unicodedata.category(part) in PARTING else part for part in parts)
    )
