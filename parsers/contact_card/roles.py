"""Whether a piece of a signature is a position or a company."""

import re
from functools import lru_cache

from core.addresses import is_free_mail
from parsers.phrases.companies import LEGAL_FORMS, LEGAL_SIGNS, LEGAL_STARTS, ORGANISATIONS
from parsers.phrases.contact_noise import PROSE
from parsers.phrases.titles import SHORTEST_STEM, TITLE_ENDS, TITLE_SIGNS, TITLE_WORDS

LONGEST = 90
MOST_WORDS = 9
WORD = re.compile(r"[^\W\d_][^\s,/&()]*")
SENTENCE = re.compile(r"[!?…]|[^\W\d_]{5,40}\.\s|\.{3}")
NO_TITLE = re.compile(rf"[\d:]|^[\"“„«]|{SENTENCE.pattern}")
DIGIT = re.compile(r"\d")
SHORTEST_LABEL = 3
SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "gob"})


def is_title(piece: str) -> bool:
    """Whether the words name a position."""
    if len(piece) > LONGEST or NO_TITLE.search(piece) or piece.count("(") != piece.count(")"):
        return False
    lowered = piece.lower()
    if not piece.isascii() and any(sign in lowered for sign in TITLE_SIGNS):
        return len(piece.split()) <= MOST_WORDS
    words = [word.rstrip(".,;:") for word in WORD.findall(lowered)]
    if not words or len(words) > MOST_WORDS:
        return False
    return any(word in TITLE_WORDS or _ends_as_title(word) for word in words) and not is_prose(piece)


def is_prose(piece: str) -> bool:
    """Whether it is a sentence, or part of one: by its words, or because it begins small and has an article."""
    words = piece.lower().replace(",", " ").replace(".", " ").split()
    return not PROSE.isdisjoint(words) or (piece[:1].islower() and "the" in words)


def _ends_as_title(word: str) -> bool:
    return word.endswith(TITLE_ENDS) and any(
        word.endswith(end) and len(word) >= len(end) + SHORTEST_STEM for end in TITLE_ENDS
    )


def is_company(piece: str, domain: str) -> bool:
    """Whether the piece is a company's name: by its legal form, or because the author's domain says the same."""
    if not 1 < len(piece) <= LONGEST or SENTENCE.search(piece) or ":" in piece or "@" in piece or is_prose(piece):
        return False
    return has_legal_form(piece) or is_named_by(piece, domain) or _is_organisation(piece)


def has_legal_form(piece: str) -> bool:
    """Whether a legal form stands at either end, and a name before or behind it."""
    lowered = piece.lower().strip()
    if (
        not piece.isascii()
        and len(piece) > 4
        and (piece.startswith(LEGAL_STARTS) or any(map(piece.__contains__, LEGAL_SIGNS)))
    ):
        return True
    if lowered.startswith(LEGAL_STARTS) and len(lowered) > 4:
        return True
    words = lowered.split()
    for count in range(min(4, len(words) - 1), 0, -1):
        if " ".join(words[-count:]).lstrip("(") in LEGAL_FORMS_SET:
            return _is_name(piece, count)
    # The seat may follow: `Primer d.o.o. Beograd`.
    return len(words) > 2 and words[-2] in LEGAL_FORMS_SET and "." in words[-2] and _is_name(piece, 2)


LEGAL_FORMS_SET = frozenset(LEGAL_FORMS)


def _is_name(piece: str, count: int) -> bool:
    """Whether what is left without the form reads as a name; a short form must be in capitals: `Acme AG`, not `so as`."""
    words = piece.split()
    name, form = words[:-count], words[-count]
    if not name or name[0][0].islower():
        return False
    return len(form.strip(".")) > 3 or "." in form or "/" in form or form[:1].isupper() or not form.isascii()


def is_named_by(piece: str, domain: str) -> bool:
    """Whether the author's domain carries the name: `Blue Harbour` at blue-harbour.com."""
    label = organisation_of(domain)
    if len(label) < SHORTEST_LABEL or not piece[:1].isupper() or len(piece.split()) > 5:
        return False
    compact = "".join(letter for letter in piece.lower() if letter.isalnum())
    if _has_all_words(piece, domain, label):
        return True
    return compact == label or (compact.startswith(label) and piece.lower().replace("-", " ").split()[0] in label)


def _has_all_words(piece: str, domain: str, label: str) -> bool:
    """Whether all words of a hyphenated label stand in the piece: `Praxis Dr. Vogt` at praxis-vogt.de."""
    parts = next((part for part in domain.split(".") if part.replace("-", "") == label), "").split("-")
    words = set(piece.lower().replace("'", " ").replace("’", " ").replace(".", " ").split())
    return len(parts) > 1 and words.issuperset(parts)


@lru_cache(maxsize=256)
def organisation_of(domain: str) -> str:
    """The label of a domain that its owner chose, letters and digits only; empty for free mail."""
    domain = domain.lower()
    labels = domain.split(".")
    if len(labels) < 2 or is_free_mail(domain):
        return ""
    label = labels[-3] if len(labels) > 2 and labels[-2] in SECOND_LEVEL else labels[-2]
    return "".join(letter for letter in label if letter.isalnum())


def _is_organisation(piece: str) -> bool:
    """Whether it is a university, a hospital and the like."""
    words = [word.lower() for word in WORD.findall(piece)]
    return (
        1 < len(words) <= 8 and not DIGIT.search(piece) and piece[:1].isupper() and not ORGANISATIONS.isdisjoint(words)
    )
