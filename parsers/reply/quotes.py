"""Where quotes begin and end in a text: each stretch of lines is new, or quoted.

By lines, top to bottom, in one pass: a separator, a block of copied header lines or an attribution without `>` below it
ends the new text; an attribution with quoted lines below it takes only these away, because an answer may follow.
"""

import re
from typing import Final

from parsers.reply.attribution import attribution_above
from parsers.reply.lines import Lines, is_marked
from parsers.reply.quoted_headers import headers_at
from parsers.reply.separators import is_rule, says_original, says_reply_above
from parsers.reply.signature import marked_signature

AROUND_LABEL: Final = " \t>*_|\u200e\u200f\u202a\u202b"
WRAPPED_LENGTH: Final = 40
"""Programs wrap at 72 or so; what follows a shorter line was written there."""
FULL_LENGTH: Final = 56
DASH: Final = "—"
BAR: Final = "|"
LINKS: Final = ("http://", "https://", "mailto:")
THRICE: Final = ">>>"
INITIALS: Final = re.compile(r"\s{0,8}[^\W\d_]{1,8}>")
"""The Bat! and others put the author's initials before the mark: `AN> text`."""
MOST_ATTRIBUTION: Final = 6
"""Lines between the start of an element that holds a quote, and the blockquote in it."""


class Stretch:
    """Lines `start:end`, new or quoted; `certain` when something more than `>` says that it is a quote.

    Of a new one, the lines from `signature` on are the marked signature.
    """

    __slots__ = ("certain", "end", "is_quote", "signature", "start")

    def __init__(self, start: int, end: int, signature: int, *, is_quote: bool = False, certain: bool = False) -> None:
        self.start = start
        self.end = end
        self.signature = signature
        self.is_quote = is_quote
        self.certain = certain


def stretches_of(text: Lines, marked_at: int | None = None, *, to_end: bool = False) -> list[Stretch]:
    """The lines in stretches, new and quoted ones. A quote begins at line `marked_at` in any case."""
    found: list[Stretch] = []
    begun = 0
    for number in text.notable if marked_at is None else sorted({*text.notable, marked_at}):
        if number < begun:
            continue
        if number == marked_at:
            quote: Stretch | None = _marked_quote(text.all, number, to_end=to_end)
        else:
            quote = _quote_from(text, number, begun)
        if quote is not None:
            if quote.start > begun:
                found.append(_new(text, begun, quote.start))
            found.append(quote)
            begun = quote.end
    if begun < len(text.all):
        found.append(_new(text, begun, len(text.all)))
    return found


def _marked_quote(lines: list[str], start: int, *, to_end: bool) -> Stretch:
    """The quote of an element that begins here: to the end of its blockquote, if it has one, or of all."""
    if not to_end:
        for number in range(start, min(start + MOST_ATTRIBUTION, len(lines))):
            if is_marked(lines[number]):
                return _quote(start, _quote_end(lines, number), certain=True)
    return _quote(start, len(lines), certain=True)


def _new(text: Lines, start: int, end: int) -> Stretch:
    return Stretch(start, end, marked_signature(text, start, end))


def _quote(start: int, end: int, *, certain: bool) -> Stretch:
    return Stretch(start, end, end, is_quote=True, certain=certain)


def _quote_from(text: Lines, number: int, floor: int) -> Stretch | None:
    """The quote that this line begins, or whose attribution it ends."""
    lines = text.all
    line = lines[number]
    if is_marked(line):
        return _marked_block(lines, number)
    if number in text.separators or (line[0] == DASH and _asks_for_reply_above(lines, number)):
        return _quote(number, len(lines), certain=True)
    if (":" in line or "：" in line or BAR in line[:4]) and _is_head(lines, number):
        end = _same_marks_end(lines, number, BAR) if _is_barred(line) else len(lines)
        return _quote(_undrawn_separator(lines, number, floor), end, certain=True)
    start = attribution_above(lines, number, floor) if number in text.ends else None
    if start is None:
        return None
    below = number + 1
    while below < len(lines) and not lines[below].strip():
        below += 1
    if below < len(lines) and is_marked(lines[below]):
        return _quote(start, _quote_end(lines, below), certain=True)
    if below < len(lines) and INITIALS.match(lines[below]):
        return _quote(start, _same_marks_end(lines, below, ">"), certain=True)
    return _quote(start, len(lines), certain=True)


def _marked_block(lines: list[str], number: int) -> Stretch:
    """The quote that begins with a marked line. GroupWise puts the attribution alone between marks, Supercite after them."""
    line = lines[number]
    if line.startswith(THRICE) and line.endswith(THRICE):
        return _quote(number, len(lines), certain=True)
    end = below = _quote_end(lines, number)
    while below < len(lines) and not lines[below]:
        below += 1
    if line.startswith(THRICE) and below < len(lines) and INITIALS.match(lines[below]):
        return _quote(number, _same_marks_end(lines, below, ">"), certain=True)
    return _quote(number, end, certain=False)


def _same_marks_end(lines: list[str], start: int, mark: str) -> int:
    """The line after the last one that begins as line `start` does, up to its `mark`: with initials or a bar."""
    mark = lines[start].partition(mark)[0] + mark
    end = number = start + 1
    while number < len(lines) and (not lines[number] or lines[number].startswith(mark)):
        end = number + 1 if lines[number] else end
        number += 1
    return end


def _is_barred(line: str) -> bool:
    """Whether a bar marks the line as quoted; a row of a table has more of them."""
    return line.lstrip()[:1] == BAR and line.count(BAR) == 1


def _asks_for_reply_above(lines: list[str], number: int) -> bool:
    """Whether a drawn line stands above the words of a help desk (Jira)."""
    return is_rule(lines[number]) and says_reply_above(_below(lines, number))


def _undrawn_separator(lines: list[str], number: int, floor: int) -> int:
    """The line above copied headers that says `Original message` without any dashes (BlackBerry), or their own."""
    for above in range(number - 1, max(number - 3, floor - 1), -1):
        if lines[above].strip():
            return above if says_original(lines[above]) else number
    return number


def _is_head(lines: list[str], number: int) -> bool:
    """Whether copied headers begin here; what a program labels begins with a capital letter, where there are any."""
    return headers_at(lines, number) is not None and not lines[number].lstrip(AROUND_LABEL)[:1].islower()


def _quote_end(lines: list[str], start: int) -> int:
    """The line after a block of `>` lines; lines that were wrapped out of it, and blank ones inside, belong to it."""
    end = number = start + 1
    while number < len(lines):
        if is_marked(lines[number]):
            end = number + 1
        elif number > end or not _goes_on(lines, number):
            return end + _is_rest(lines, end)
        number += 1
    return end


def _is_rest(lines: list[str], number: int) -> bool:
    """Whether one last line was wrapped out of the quote: a full line above it that ends no sentence, and no new one here."""
    above, line = lines[number - 1].strip(), lines[number] if number < len(lines) else ""
    return line[:1].islower() and len(above) >= FULL_LENGTH and above[-1].isalnum() and not _below(lines, number)


def _below(lines: list[str], number: int) -> str:
    return lines[number + 1] if number + 1 < len(lines) else ""


def _goes_on(lines: list[str], number: int) -> bool:
    """Whether the quote goes on behind this unmarked line: it is blank, a long link, or a long line above was wrapped."""
    below, above = _below(lines, number), lines[number - 1].strip()
    line = lines[number].lstrip(" <(")
    return is_marked(below) and (not line or len(above) > WRAPPED_LENGTH or line.startswith(LINKS))
