"""Whether two names are those of one person or one company, however they were typed. Pure; knows no database."""

import re
from collections.abc import Iterable
from functools import lru_cache

from storage.folding import fold

SAME_PERSON = 0.8
SAME_COMPANY = 0.85
"""Of the trigrams of both names, how many are shared (Dice): one letter in ten may differ."""
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "sir",
        "mx",
        "herr",
        "frau",
        "sr",
        "sra",
        "dra",
        "pan",
        "pani",
        "mgr",
        "inz",
    }
    | {"ing", "dipl", "phd", "md", "ba", "msc", "mba", "jr", "señor", "mme", "mlle", "dott"}
)
_SPELLED_FORMS = """
    ltd limited llc llp plc inc incorporated corp corporation co company lp pty pte pvt kk sdn bhd
    gmbh ag kg ohg ug gbr mbh se ev sa sas sarl sasu eurl srl sl slu spa sapa lda ltda bv nv vof
    oy oyj ab as asa aps hf ehf sro kft zrt nyrt doo dd ood eood ad uab sia ou
    spzoo zoo sp spj spk ska psa spolka tov тов ооо оао зао ао пао пп фоп ип ат прат еоод оод ад
"""
_LEGAL_FORMS = frozenset(_SPELLED_FORMS.split())
_WORD = re.compile(r"[^\W_]+")
_SPELLED = re.compile(r"(?<=\b\w)\.\s*(?=\w\b)")
"""The dot of `s.r.o.` and `sp. z o. o.`, between two single letters."""
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
"""Müller is Mueller where the keyboard has no ü."""


def name_key(name: str) -> str:
    """A name as it is compared where it must be the very same, but for case and blanks."""
    return " ".join(name.casefold().split())


@lru_cache(maxsize=65536)
def person_key(name: str) -> str:
    """The words of a person's name, without titles, accents, case or order."""
    words = [word for word in _words(name) if word not in _TITLES]
    return " ".join(sorted(words or _words(name)))


@lru_cache(maxsize=65536)
def company_key(name: str) -> str:
    """The words of a company's name, without its legal form, accents or case."""
    words = _words(
        re.sub(r"\bsp(?:olka|ółka)?\.?\s+z\s+o\.?\s*o\b\.?", " spzoo ", _SPELLED.sub("", name), flags=re.IGNORECASE)
    )
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words)


def same_person(one: str, other: str) -> bool:
    """Whether two keys of people are nearly the same, or one has initials where the other has names."""
    return one == other or _likeness(one, other) >= SAME_PERSON or _initials_of(one, other) or _initials_of(other, one)


def same_company(one: str, other: str) -> bool:
    """Whether two keys of companies are nearly the same; numbers in them count as they are."""
    return one == other or (_digits(one) == _digits(other) and _likeness(one, other) >= SAME_COMPANY)


def phone_ending(key: str) -> str | None:
    """What the national and the international writing of a phone number have in common; None for one that is too short."""
    digits = key.lstrip("+")
    return digits[-9:] if len(digits) >= 7 else None


def _words(name: str) -> list[str]:
    words = _WORD.findall(fold(name.replace("'", "").replace("’", "")))
    return [_plain(word) for word in words]


def _plain(word: str) -> str:
    for spelled, letter in _UMLAUTS:
        word = word.replace(spelled, letter)
    return word


def _likeness(one: str, other: str) -> float:
    first, second = _trigrams(one), _trigrams(other)
    return 2 * len(first & second) / (len(first) + len(second))


@lru_cache(maxsize=65536)
def _trigrams(key: str) -> frozenset[str]:
    return frozenset(f"  {word} "[at : at + 3] for word in key.split() for at in range(len(word) + 1))


def _initials_of(short: str, long: str) -> bool:
    """`a kowalska` and `anna kowalska`: as many words, at least one of them written out and the same."""
    first, second = short.split(), long.split()
    common = set(first) & set(second)
    rest = sorted(set(first) - common), sorted(set(second) - common)
    if not any(len(word) > 2 for word in common) or len(rest[0]) != 1 or len(rest[1]) != 1:
        return False
    return len(rest[0][0]) == 1 and rest[1][0].startswith(rest[0][0])


def _digits(words: Iterable[str]) -> list[str]:
    return re.findall(r"\d+", "".join(words))
