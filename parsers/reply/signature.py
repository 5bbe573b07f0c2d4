"""Where a letter ends and the card of its author begins, or what phones, companies and lists add below it."""

import re
from bisect import bisect_left
from typing import Final

from parsers.phrases.signatures import (
    CLOSING_WORDS,
    CLOSINGS,
    DEVICES,
    FOOTER_STARTS,
    FOOTER_WORDS,
    OUTLOOK_ON,
    SENT_FROM,
    SENT_LEADS,
    SENT_WORDS,
)
from parsers.reply.lines import FENCE, Lines
from parsers.reply.separators import is_rule

DELIMITER: Final = re.compile(r"(?:--|—|–|__|- -|-- )[ \t\u00a0]*$")
ADVERTISEMENT: Final = "_" * 50
LIST_FOOTER: Final = re.compile(r"_{20,}$|-{40,}$")
SIGNED_NAME: Final = re.compile(r"(?:--|—|–)\s?([^\W\d_][\w.'’-]{0,30}(?:\s[^\W\d_][\w.'’-]{0,30}){0,2})$")
LINK: Final = re.compile(r"<[^<>]{1,400}>|\((?:https?:|www\.)[^()]{1,400}\)|https?://\S{1,400}")
CONTACT: Final = re.compile(
    r"\+\d[\d ()./-]{5,30}|\d(?:[ ()./-]{0,3}\d){8}|@[\w-]{1,60}\.|www\.|https?:", re.IGNORECASE
)
DELIMITING: Final = frozenset("-—–_")
CLOSING: Final = frozenset(CLOSINGS)
CLOSED_BY: Final = frozenset(CLOSING_WORDS)
AROUND_CLOSING: Final = " ,.!-–*;،。！，:"
SENTENCE_ENDS: Final = (".", "!", "?", "…", "。", ")", "！", "？")
SENT_HEAD: Final = 3
SENT_HEADS: Final = frozenset(phrase[:SENT_HEAD] for phrase in (*SENT_FROM, *SENT_LEADS, *SENT_WORDS, *DEVICES))
FOOTER_HEAD: Final = 3
FOOTERS_BY_HEAD: Final = {
    head: tuple(phrase for phrase in FOOTER_STARTS if phrase.startswith(head))
    for head in {phrase[:FOOTER_HEAD] for phrase in FOOTER_STARTS}
}
FOOTER_HEADS: Final = frozenset(
    cased(head) for head in FOOTERS_BY_HEAD for cased in (str.lower, str.upper, str.capitalize)
)
FRAME_OF_FOOTER: Final = " *_-=>[(|"
AROUND_FOOTER: Final = frozenset(FRAME_OF_FOOTER)
LONGEST_FOOTER_START: Final = max(map(len, FOOTER_STARTS))
AROUND_SENT: Final = " [(<*_"
MOST_SENT_FROM_LINES: Final = 4
MOST_SENT_FROM: Final = 120
LONGEST_SENT_FROM: Final = 200
MOST_DELIMITED_LINES: Final = 30
MOST_FOOTER_LINES: Final = 12
MOST_DISCLAIMER_LINES: Final = 30
MOST_CLOSED_LINES: Final = 10
MOST_CARD_LINES: Final = 8
MOST_CLOSING_WORDS: Final = 7
LONGEST_CLOSING: Final = 60
LONGEST_CLOSED_LINE: Final = 90
LONGEST_CARD_LINE: Final = 70
MOST_NAME_WORDS: Final = 4
NO_NAME_ENDS: Final = frozenset(",.?!:;")
MOST_ADVERTISEMENT_LINES: Final = 4


def marked_signature(text: Lines, start: int, end: int) -> int:
    """Number of the first line, of those from `start` to before `end`, of a signature that something marks; or `end`.

    A delimiter line counts more than "Sent from my phone", and this more than a disclaimer.
    """
    lines = text.all[start:end]
    drawn = text.drawn[bisect_left(text.drawn, start) : bisect_left(text.drawn, end)]
    marks = [number - start for number in drawn if text.all[number][0] in DELIMITING]
    found = _delimiter(lines, marks, has_code=bool(text.fences)) if marks else None
    if found is None:
        found = _sent_from(lines)
    if found is None:
        found = _disclaimer(lines)
    return end if found is None else start + found


def closed_signature(lines: list[str]) -> int:
    """Index of the closing formula, or the card, that stands below the letter; `len(lines)` where there is none."""
    below: list[str] = []
    for number in range(len(lines) - 1, 0, -1):
        text = lines[number].strip()
        if not text or is_rule(text):
            continue
        if below and _closes(text, below[-1]):
            return number if any(lines[:number]) else len(lines)
        below.append(text)
        if len(below) > MOST_CLOSED_LINES or len(text) > LONGEST_CLOSED_LINE or text[0] == ">":
            break
    return _card(lines)


def _closes(text: str, below: str) -> bool:
    """Whether the line is a closing formula, with `below` under it."""
    words = text.strip(AROUND_CLOSING).replace("İ", "i").lower()
    if words in CLOSING:
        return True
    if len(words) > LONGEST_CLOSING or words.count(" ") >= MOST_CLOSING_WORDS:
        return False
    if ". " in words or "! " in words or text.endswith(("?", ":")) or not below[0].isalpha():
        return False
    parts = words.replace("/", " ").replace(",", " ").replace("、", " ").split()
    if len(parts) > MOST_CLOSING_WORDS or CLOSED_BY.isdisjoint(parts):
        return False
    return len(below.split()) <= MOST_NAME_WORDS and not below.endswith((".", "!", "?", ":", ";"))


def _delimiter(lines: list[str], marks: list[int], *, has_code: bool) -> int | None:
    """The topmost delimiter that has few enough lines below it; `marks` are the lines that may be one."""
    floor = _floor(lines)
    for number in marks:
        if number >= floor and _delimits(lines, number) and not (has_code and _is_fenced(lines, number)):
            return number
    last = marks[-1]
    if is_rule(lines[last]) and _is_card(lines[last + 1 :], known=lines[last].startswith(("_", "- -"))):
        return last
    return last if not any(lines[last + 1 :]) and _is_signed_name(lines, last) else None


def _floor(lines: list[str]) -> int:
    """The first of the last lines among which a delimiter may stand; blank ones are not counted."""
    below = 0
    for number in range(len(lines) - 1, -1, -1):
        if lines[number]:
            below += 1
            if below > MOST_DELIMITED_LINES:
                return number
    return 0


def _delimits(lines: list[str], number: int) -> bool:
    return DELIMITER.match(lines[number]) is not None or _is_list_footer(lines, number)


def _is_fenced(lines: list[str], number: int) -> bool:
    """Whether the line stands inside a block of code, between lines of three backticks."""
    return sum(line.startswith(FENCE) for line in lines[:number]) % 2 == 1


def _is_list_footer(lines: list[str], number: int) -> bool:
    """Whether a long rule stands above the few lines that list software appends."""
    if len(lines) - number > MOST_FOOTER_LINES or not LIST_FOOTER.match(lines[number]):
        return False
    if len(lines) - number <= MOST_ADVERTISEMENT_LINES and lines[number].startswith(ADVERTISEMENT):
        return True
    text = " ".join(lines[number + 1 :]).lower()
    return "mailing list" in text or "unsubscribe" in text or ("list" in text and "@" in text)


def _is_signed_name(lines: list[str], number: int) -> bool:
    """Whether the last line is `-- Ann`, and no list of such lines."""
    match = SIGNED_NAME.match(lines[number])
    if match is None or not match[1].istitle() or not number:
        return False
    return not any(line[:1] in DELIMITING for line in lines[max(number - 2, 0) : number])


def _sent_from(lines: list[str]) -> int | None:
    below = 0
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if not line:
            continue
        text = line.lstrip(AROUND_SENT)
        if _may_be_sent_from(text) and _is_sent_from(text.lower()):
            return closed_signature(lines[:number])
        below += 1
        if below > MOST_SENT_FROM_LINES:
            return None
    return None


def _may_be_sent_from(text: str) -> bool:
    """A cheap look at the first letters; where writing needs fewer letters, at fewer."""
    head = text[:SENT_HEAD].lower()
    return head in SENT_HEADS or (
        not head.isascii() and any(head[:length] in SENT_HEADS for length in range(1, SENT_HEAD))
    )


def _is_sent_from(text: str) -> bool:
    return (text.startswith(SENT_FROM) and len(text) < LONGEST_SENT_FROM) or _is_sent_by(text)


def _is_sent_by(text: str) -> bool:
    """Whether a short line names a device or an app, and sending: in any order, as languages need it."""
    if not any(device in text for device in DEVICES):
        return False
    text = LINK.sub("", text)
    if len(text) > MOST_SENT_FROM or text.endswith("?"):
        return False
    if "outlook" in text and len(text) < MOST_SENT_FROM // 2 and any(system in text for system in OUTLOOK_ON):
        return True
    return text.startswith(SENT_WORDS) or text.rstrip(" .。)").endswith(SENT_WORDS) or _has_sent_word(text)


def _has_sent_word(text: str) -> bool:
    """Whether one of the words stands in a line too short to be a sentence of somebody."""
    return len(text.split()) <= MOST_CLOSING_WORDS and any(word in text for word in SENT_WORDS)


def _disclaimer(lines: list[str]) -> int | None:
    """The topmost line of what a company or a virus scanner adds; the closing formula above it where there is one."""
    number = max(len(lines) - MOST_DISCLAIMER_LINES, 0)
    while number < len(lines) and not _begins_footer(lines[number]):
        number += 1
    if number == len(lines):
        return None
    rest = "\n".join(lines[number:]).lower()
    if not any(word in rest for word in FOOTER_WORDS):
        return None
    while number and (not lines[number - 1] or is_rule(lines[number - 1])):
        number -= 1
    closed = closed_signature(lines[:number])
    return closed if closed < number else number


def _begins_footer(line: str) -> bool:
    if not line or (line[:FOOTER_HEAD] not in FOOTER_HEADS if line[0].isalnum() else line[0] not in AROUND_FOOTER):
        return False
    text = line.lstrip(FRAME_OF_FOOTER)[:LONGEST_FOOTER_START].lower()
    return text.startswith(FOOTERS_BY_HEAD.get(text[:FOOTER_HEAD], ()))


def _card(lines: list[str]) -> int:
    """Index of the last paragraph if it is a card: a name, and ways to reach it. Above it a sentence must have ended."""
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    if not end or len(lines[end - 1]) > LONGEST_CARD_LINE:
        return len(lines)
    start = end
    while start and lines[start - 1] and end - start <= MOST_CARD_LINES:
        start -= 1
    above = start - 1
    while above >= 0 and not lines[above]:
        above -= 1
    if above < 0 or above == start - 1 or not lines[above].endswith(SENTENCE_ENDS):
        return len(lines)
    return start if _is_card(lines[start:end]) else len(lines)


def _is_card(lines: list[str], *, known: bool = False) -> bool:
    """Whether these lines are a name and ways to reach it; where a card is `known` to follow, the ways may be missing."""
    card = [line.strip() for line in lines if line]
    if not 2 <= len(card) <= MOST_CARD_LINES or any(len(line) > LONGEST_CARD_LINE for line in card):
        return False
    if card[0][-1] in NO_NAME_ENDS or any(_is_sentence(line) for line in card):
        return False
    name = card[0].partition("|")[0].partition(",")[0].strip(" *")
    words = name.split()
    if not 2 <= len(words) <= MOST_NAME_WORDS or not all(word[0].isupper() for word in words):
        return False
    if known:
        return not any(line.endswith(SENTENCE_ENDS) for line in card)
    return not CONTACT.search(name) and any(CONTACT.search(line) for line in card[1:])


def _is_sentence(line: str) -> bool:
    """Whether a line begins like a part of a sentence: in a small letter, and it is no address."""
    return line[0].islower() and not {"@", "."} & set(line.split(None, 1)[0])
