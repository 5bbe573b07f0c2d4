"""A text by lines, and which of them are worth a look: most mails have a hundred lines and two where a quote may begin.

Mostly only the ends of a line are looked at here; who asks then reads the line, and may find nothing in it.
"""

from dataclasses import dataclass
from typing import Final

from parsers.reply.attribution import ENDS, LAST_WORDS, UNSPACED
from parsers.reply.separators import COLONS, DRAWN, Separator, separator_in

MOST_LINES: Final = 20_000
FENCE: Final = "```"
BLANKS: Final = [character for character in map(chr, range(0x3001)) if character.isspace()]
FIRST: Final = frozenset((*DRAWN, *BLANKS, "\u200b", ">", "|", "2"))
"""A quote mark, a drawn line, a row of a table, an indent that may hide any, or the year that Gmail begins with."""
LAST: Final = ENDS | {word[-1] for word in UNSPACED}
MOST_LABEL: Final = 100
"""Letters up to the colon of a copied header, with all that may stand before and behind its name."""
MAY_HIDE_A_DRAWN_LINE: Final = frozenset((*DRAWN, *"> \t\u200b"))
LAST_THREE: Final = frozenset(word[-3:] for word in LAST_WORDS)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines without blanks at their ends, and the numbers of those worth a look.

    Only these may begin a quote or copied headers, separate, or end an attribution.
    """

    all: list[str]
    notable: list[int]
    ends: set[int]
    """Those of them that may end an attribution."""
    separators: dict[int, Separator]
    """By number of the line."""


def lines_of(text: str) -> Lines:
    """The first lines of `text`."""
    text = text.replace("\ufeff", "").replace("\u00a0", " ")
    lines = noted([line.rstrip() for line in text.split("\n", MOST_LINES)[:MOST_LINES]])
    return _without_code(lines) if FENCE in text else lines


def noted(lines: list[str]) -> Lines:
    """Lines without blanks at their ends, looked over."""
    notable: list[int] = []
    ends: set[int] = set()
    separators: dict[int, Separator] = {}
    for number, line in enumerate(lines):
        if not line:
            continue
        first, last = line[0], line[-1]
        if last in LAST or first == "2" or line[-3:].lower() in LAST_THREE:
            ends.add(number)
        elif first not in FIRST and "：" not in line and not (":" in line and line.find(":", 0, MOST_LABEL) >= 0):
            continue
        notable.append(number)
        if (last in COLONS or first in MAY_HIDE_A_DRAWN_LINE) and (found := separator_in(line)):
            separators[number] = found
    return Lines(lines, notable, ends, separators)


def _without_code(lines: Lines) -> Lines:
    """The same lines, but none inside a block of code is worth a look."""
    fences = [number for number, line in enumerate(lines.all) if line.startswith(FENCE)]
    code = {
        number
        for start, end in zip(fences[::2], fences[1::2], strict=False)
        for number in range(start, end + 1)
    }  # fmt: skip
    return Lines(
        lines.all,
        [number for number in lines.notable if number not in code],
        lines.ends - code,
        {number: found for number, found in lines.separators.items() if number not in code},
    )


def is_marked(line: str) -> bool:
    """Whether the line is quoted with `>`."""
    return line[:1] == ">" or line.lstrip()[:1] == ">"
