"""Where a letter ends and the card of its author begins."""

import re

from parsers.phrases.signatures import CLOSINGS, SENT_FROM
from parsers.separators import is_rule

DELIMITER = re.compile(r"(?:--|—|–|__|- -|-- )[ \t\u00a0]*$")
LIST_FOOTER = re.compile(r"_{20,}$|-{40,}$")
DELIMITING = frozenset("-—–_")
CLOSING_WORDS = frozenset(CLOSINGS)
SENT_FROM_FIRST = frozenset(phrase[0] for phrase in SENT_FROM)
MOST_SENT_FROM_LINES = 4
MOST_DELIMITED_LINES = 30
MOST_FOOTER_LINES = 12
MOST_CLOSED_LINES = 10
LONGEST_CLOSED_LINE = 90


def marked_signature(lines: list[str]) -> int:
    """Index of the first line of a signature that something marks; `len(lines)` where there is none.

    A delimiter line counts more than "Sent from my phone". Lines have no blanks at their ends.
    """
    for find in (_delimiter, _sent_from):
        found = find(lines)
        if found is not None:
            return found
    return len(lines)


def closed_signature(lines: list[str]) -> int:
    """Index of the closing formula that stands above the last few lines; `len(lines)` where there is none."""
    below = 0
    for number in range(len(lines) - 1, 0, -1):
        text = lines[number].strip()
        if not text or is_rule(text):
            continue
        if below and text.strip(" ,.!-–*;").lower() in CLOSING_WORDS:
            return number if any(lines[:number]) else len(lines)
        below += 1
        if below > MOST_CLOSED_LINES or len(text) > LONGEST_CLOSED_LINE or text[0] == ">":
            break
    return len(lines)


def _delimiter(lines: list[str]) -> int | None:
    """The topmost delimiter that has few enough lines below it."""
    marks = [number for number, line in enumerate(lines) if line[:1] in DELIMITING]
    if not marks:
        return None
    written = [number for number, line in enumerate(lines) if line]
    floor = written[-MOST_DELIMITED_LINES - 1] if len(written) > MOST_DELIMITED_LINES else 0
    for number in marks:
        if number >= floor and (DELIMITER.match(lines[number]) or _is_list_footer(lines, number)):
            return number
    return None


def _is_list_footer(lines: list[str], number: int) -> bool:
    """Whether a long rule stands above the few lines that list software appends."""
    if len(lines) - number > MOST_FOOTER_LINES or not LIST_FOOTER.match(lines[number]):
        return False
    text = " ".join(lines[number + 1 :]).lower()
    return "mailing list" in text or "unsubscribe" in text or ("list" in text and "@" in text)


def _sent_from(lines: list[str]) -> int | None:
    below = 0
    for number in range(len(lines) - 1, -1, -1):
        text = lines[number].strip().lstrip("[(<*_").lower()
        if not text:
            continue
        if text[:1] in SENT_FROM_FIRST and text.startswith(SENT_FROM) and len(text) < 200:
            return number
        below += 1
        if below > MOST_SENT_FROM_LINES:
            return None
    return None
