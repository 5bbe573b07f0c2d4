"""Telephone numbers in a piece of a signature; faxes, dates, accounts, registers and postcodes are none."""

import re

from parsers.phrases.alternatives import any_of
from parsers.phrases.phones import EXTENSIONS, FAX_WORDS, NO_PHONE_LABELS, PHONE_LABELS

FEWEST_DIGITS, MOST_DIGITS = 7, 15
FEWEST_UNLABELLED = 9
"""Digits that a number without label and without `+` must have to be none of the many other numbers."""
_EXTENSION = any_of(EXTENSIONS)
NUMBER = re.compile(
    r"(?<![\w.,/+-])\(?\+?\(?\d[\d ().\u00a0\u2011/–-]{4,26}\d"
    rf"(?![\w@])(?:[ ,;]{{0,3}}(?:\(?(?:{_EXTENSION})[ .:]{{0,2}}\d{{1,6}}\)?))?"
    rf"|(?<![\w.,/+-])\(?\+?\d[\d ().\u00a0\u2011/–-]{{4,26}}\d(?:x|#)\d{{1,6}}(?!\w)",
    re.IGNORECASE,
)
EXTENSION = re.compile(rf"(?:{_EXTENSION})[ .:]{{0,2}}\d{{1,6}}\)?$", re.IGNORECASE)
ENOUGH_DIGITS = re.compile(r"\d\D{0,4}\d\D{0,4}\d\D{0,4}\d\D{0,4}\d\D{0,4}\d\D{0,4}\d")
DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:19|20)\d\d ?[–-] ?(?:19|20)\d\d"
)
AMERICAN = re.compile(r"\(?[2-9]\d\d\)?[ .-]\d{3}[ .-]\d{4}")
MONEY = re.compile(r",\d{1,2}(?!\d)|\s?(?:€|\$|£|eur|usd|zł|pln|chf)", re.IGNORECASE)
FAX_BEHIND = re.compile(rf"[\s–-]{{0,3}}\(?(?:{any_of(FAX_WORDS)})(?!\w)\.?\)?(?!\W{{0,4}}\d)", re.IGNORECASE)
WORDS = re.compile(r"[^\s:：,;|()\[\]<>]{1,30}")
SHORT_LABEL = 2


def phones_in(piece: str) -> tuple[list[str], str]:
    """The numbers as written, extensions with them, and the piece without any number and label that was understood."""
    if not ENOUGH_DIGITS.search(piece):
        return [], piece
    phones: list[str] = []
    rest: list[str] = []
    end = 0
    for match in NUMBER.finditer(piece):
        label = piece[end : match.start()]
        kind = _kind(label)
        number = match[0].strip(" ,.-–/")
        if number.count("(") > number.count(")"):
            number = number.replace("(", "", 1) if number.startswith("(") else number
        if not _is_number(number, piece[match.end() : match.end() + 6]) or (
            kind is None and not _stands_alone(number, piece)
        ):
            continue
        rest.append(label if kind is None else _without_label(label))
        end = match.end()
        if kind is not False and not FAX_BEHIND.match(piece, match.end()):
            phones.append(" ".join(number.split()))
    rest.append(piece[end:])
    return phones, " ".join(rest)


def _kind(label: str) -> bool | None:
    """Whether the nearest label announces a telephone (True) or something else (False); None where nothing is announced."""
    words: list[str] = WORDS.findall(label.lower())[-3:]
    for word in reversed(words):
        for form in (word, word.rstrip("."), word.lstrip("☎📞📱✆ ")):
            if form in PHONE_LABELS:
                return True
            if form in NO_PHONE_LABELS:
                # `Phone/Fax` is a telephone too.
                return any(other in PHONE_LABELS for other in re.split(r"[/&+\s]", label.lower()))
        for part in word.replace(".", "/").split("/"):
            if part in PHONE_LABELS and len(part) > SHORT_LABEL:
                return True
    return True if any(sign in label for sign in "☎📞📱✆") else None


def _without_label(label: str) -> str:
    words = WORDS.findall(label)
    kept = [word for word in words if word.lower().rstrip(".") not in PHONE_LABELS and word.lower() not in PHONE_LABELS]
    return " ".join(word for word in kept if word.lower().rstrip(".") not in NO_PHONE_LABELS)


def _is_number(number: str, behind: str) -> bool:
    plain = EXTENSION.sub("", number)
    digits = sum(character.isdigit() for character in plain)
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS or DATE.fullmatch(plain.strip(" ,;(")):
        return False
    return MONEY.match(behind) is None


def _stands_alone(number: str, piece: str) -> bool:
    """Whether a number that nothing announces must be one: international, in American form, or long and all of its piece."""
    plain = EXTENSION.sub("", number).strip(" ,;(")
    if plain.startswith(("+", "(+")) or AMERICAN.fullmatch(EXTENSION.sub("", number).strip(" ,;")):
        return True
    digits = sum(character.isdigit() for character in plain)
    alone = len(piece.strip(" .,()-")) - len(number) < SHORT_LABEL
    parted = any(sign in plain for sign in " -/().")
    return alone and parted and digits >= FEWEST_UNLABELLED and (number[0] in "0(" or plain.count(" ") >= SHORT_LABEL)
