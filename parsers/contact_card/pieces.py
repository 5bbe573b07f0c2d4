"""A signature cut into its pieces: lines, parts of lines between bars and bullets, without what tells nothing."""

import re

from parsers.phrases.contact_noise import DISCLAIMERS, LIST_FOOTS, NOISE
from parsers.phrases.signatures import CLOSINGS, SENT_FROM

MOST_LINES = 40
LONGEST_LINE = 300
LONGEST_SENTENCE = 160
"""A line without any break in it that is longer is prose."""
BETWEEN = re.compile(r"\s[|•·∙●▪■◦⋅‖¦│／/]{1,2}\s|[|•●▪■│]|\s{3,20}|\t|;\s")
LINK = re.compile(r"https?://\S{1,2000}")
DELIMITERS = frozenset({"--", "- -", "---"})
START = 3
CLOSING_WORDS = frozenset(CLOSINGS)
SIGNS = re.compile(r"[^\w\s+(〒\"'«„“‘@/#\[<&.☎📞📱✆-]{1,4}\s?")
"""Pictures that stand for labels; those of telephones are read later."""
FRAME = " \t*_=~-–—━─#>,.;:"


def _by_start(phrases: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The phrases by their first letters, so that a line is compared with a few of them."""
    found: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        found[phrase[:START]] = (*found.get(phrase[:START], ()), phrase)
    return found


STOPPING = _by_start(DISCLAIMERS)
PASSED_OVER = _by_start((*NOISE, *SENT_FROM))


def pieces_of(signature: str) -> list[str]:
    """The pieces from top to bottom; nothing below a disclaimer."""
    pieces: list[str] = []
    whole = signature.lower()
    has_foot = any(word in whole for word in LIST_FOOTS)
    for line in signature.split("\n", MOST_LINES)[:MOST_LINES]:
        text = line.replace("\u00a0", " ").strip().strip("*_").strip()
        lowered = text.lower()
        if len(text) > LONGEST_LINE or _ends(lowered, pieces, has_foot=has_foot):
            break
        if not text.strip(FRAME) or text[0] == ">" or lowered.strip(" ,.!-–*;") in CLOSING_WORDS:
            continue
        text = _without_closing(text, lowered)
        pieces += [piece for piece in _parts(text) if not _is_noise(piece)]
    return pieces


def _ends(lowered: str, pieces: list[str], *, has_foot: bool) -> bool:
    """Whether what the author wrote ends above this line: a disclaimer, a list's foot, or a second delimiter below something."""
    if lowered in DELIMITERS:
        return bool(pieces)
    if lowered.startswith(STOPPING.get(lowered[:START], ())):
        return True
    return has_foot and any(word in lowered for word in LIST_FOOTS)


def _without_closing(text: str, lowered: str) -> str:
    """The line behind a closing formula that ends with a comma in it: `С уважением, Иван Петров`."""
    closing, comma, rest = lowered.partition(",")
    return text[len(closing) + 1 :].strip() if comma and rest.strip() and closing in CLOSING_WORDS else text


def _parts(text: str) -> list[str]:
    """The parts of one line, links whole."""
    if not BETWEEN.search(text):
        return [_without_sign(text)] if len(LINK.sub("", text)) <= LONGEST_SENTENCE else []
    links = LINK.findall(text)
    covered = LINK.sub("\x00", text)
    parts: list[str] = []
    for part in BETWEEN.split(covered):
        while "\x00" in part and links:
            part = part.replace("\x00", links.pop(0), 1)
        if part.strip(FRAME) and len(LINK.sub("", part)) <= LONGEST_SENTENCE:
            parts.append(_without_sign(part.strip()))
    return parts


def _without_sign(part: str) -> str:
    sign = SIGNS.match(part)
    return part[sign.end() :] if sign and sign.end() < len(part) else part


def _is_noise(piece: str) -> bool:
    lowered = piece.lower().lstrip("[(<*")
    return lowered.startswith(PASSED_OVER.get(lowered[:START], ()))
