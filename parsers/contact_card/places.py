"""The postal address in the pieces of a signature: a street and a place must stand together."""

import re

from parsers.phrases.places import ADDRESS_LABELS, PLACE_SIGNS, STREET_ENDS, STREET_WORDS

LONGEST = 120
WORD = re.compile(r"[^\s,;]+")
BETWEEN = re.compile(r",|\s[–-]\s")
NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d)")
PLACE = re.compile(
    r"(?:[A-Z]{1,3}[ -])?\d{3} ?\d{2}\s+[^\W\d_]{2}"
    r"|(?:[A-Z]{1,3}-)?\d{4,6}\s+[^\W\d_]{2}"
    r"|\d{2}-\d{3}\s+[^\W\d_]{2}|\d{4}-\d{3}\s+[^\W\d_]{2}|\d{4} ?[A-Z]{2}\s+[^\W\d_]{2}"
)
PLACE_BEHIND = re.compile(
    r"[^\W\d_].{0,40}\s[A-Z]{2,3}\.?,? \d{4,5}(?:-\d{4})?$|(?:.{0,40}\s)?[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$"
    r"|[^\W\d_].{0,40},? [A-Z]{2} [A-Z]\d[A-Z] \d[A-Z]\d$"
)
STREET_AND_NUMBER = re.compile(r"[^\W\d_][\w.'’ -]{2,40} \d{1,4} ?[a-zA-Z]?(?: ?[/-] ?\d{1,4}[a-z]?)?$")
NUMBER_AND_STREET = re.compile(r"\d{1,5}[A-Za-z]?,? [^\W\d_][\w.'’ -]{2,50}$")
RUSSIAN_PLACE = re.compile(r"(?:^|\s)(?:г|м|гр|с)\.\s?[А-ЯІЇЄ]")
FEWEST_SIGNS = 3


def address_in(pieces: list[str]) -> tuple[str, set[int]]:
    """The address in one line, and the numbers of the pieces it was made of; empty where none is sure."""
    for number, piece in enumerate(pieces):
        text = _without_label(piece)
        if len(text) > LONGEST:
            continue
        if whole := _whole(text):
            return whole, {number}
        if _is_place(text) and not _is_street(text):
            street = _street_above(pieces, number)
            if street is not None:
                used = range(street, number + 1)
                return ", ".join(_without_label(pieces[at]) for at in used), set(used)
    return "", set()


def _street_above(pieces: list[str], place: int) -> int | None:
    """The piece with the street: right above the place, or above one more line that has a number too, such as a floor."""
    if place and _may_be_street(pieces[place - 1], 1):
        return place - 1
    if place > 1 and NUMBER.search(pieces[place - 1]) and _may_be_street(pieces[place - 2], 2):
        return place - 2
    return None


def _without_label(piece: str) -> str:
    head, colon, rest = piece.replace("：", ":").partition(":")
    return rest.strip() if colon and head.strip().lower() in ADDRESS_LABELS else piece.strip(" ,")


def _whole(text: str) -> str:
    """The address in one piece that has street and place, with commas between its parts; empty if it has not both."""
    signs = sum(sign in text for sign in PLACE_SIGNS)
    if signs >= FEWEST_SIGNS - (text[:1] == "〒") and NUMBER.search(text):
        return text
    parts = [part.strip() for part in BETWEEN.split(text) if part.strip()]
    if len(parts) < 2 or not _has_street_word(text) or not NUMBER.search(text):
        return ""
    is_whole = any(_is_place(part) and not _has_street_word(part) for part in parts)
    is_whole = is_whole or PLACE_BEHIND.match(", ".join(parts[-2:])) is not None or _is_russian(text)
    return ", ".join(parts) if is_whole else ""


def _is_russian(text: str) -> bool:
    return RUSSIAN_PLACE.search(text) is not None


def _is_place(text: str) -> bool:
    return PLACE.match(text) is not None or PLACE_BEHIND.match(text) is not None


def _is_street(text: str) -> bool:
    return _has_street_word(text) and NUMBER.search(text) is not None and PLACE.match(text) is None


def _may_be_street(piece: str, distance: int) -> bool:
    """A known word for streets, or directly above the place a name and a number as streets have them."""
    text = _without_label(piece)
    if len(text) > LONGEST:
        return False
    if _has_street_word(text) and NUMBER.search(text):
        return True
    return distance == 1 and (STREET_AND_NUMBER.match(text) or NUMBER_AND_STREET.match(text)) is not None


def _has_street_word(text: str) -> bool:
    words = [word.lower() for word in WORD.findall(text)]
    return any(
        word in STREET_WORDS or word.rstrip(".") in STREET_WORDS or (len(word) > 5 and word.endswith(STREET_ENDS))
        for word in words
    )
