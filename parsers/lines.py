"""A text by lines, and which of them are worth a look: most mails have a hundred lines and two where a quote may begin.

Mostly only the ends of a line are looked at here; who asks then reads the line, and may find nothing in it.
"""

from dataclasses import dataclass

from parsers.attribution import ENDS, LAST_WORDS, UNSPACED
from parsers.separators import COLONS, DRAWN, Separator, separator_in

MOST_LINES = 20_000
FENCE = "```"
BLANKS = [character for character in map(chr, range(0x3001)) if character.isspace()]
FIRST = frozenset((*DRAWN, *BLANKS, "\u200b", ">", "|", "2"))
"""A quote mark, a drawn line, a row of a table, an indent that may hide any, or the year that Gmail begins with."""
LAST = ENDS | {word[-1] for word in UNSPACED}
LAST_THREE = frozenset(word[-3:] for word in LAST_WORDS)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines without blanks at their ends, and the numbers of those worth a look.

    Only these may begin a quote or copied headers, separate, or end an attribution.
    """

    all: list[str]
    notable: list[int]
    separators: dict[int, Separator]
    """By number of the line."""


def lines_of(text: str) -> Lines:
    """The first lines of `text`."""
    text = text.replace("\ufeff", "").replace("\u00a0", " ")
    lines = noted([line.rstrip() for line in text.split("\n", MOST_LINES)[:MOST_LINES]])
    return _without_code(lines) if FENCE in text else lines


def noted(lines: list[str]) -> Lines:
    """Lines without blanks at their ends, looked over."""
    notable = [
        number
        for number, line in enumerate(lines)
        if line
        and (line[-1] in LAST or line[0] in FIRST or ":" in line or "：" in line or line[-3:].lower() in LAST_THREE)
    ]
    separators = {
        number: found
        for number in notable
        if (lines[number][0] in FIRST or lines[number][-1] in COLONS) and (found := separator_in(lines[number]))
    }
    return Lines(lines, notable, separators)


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
        {number: found for number, found in lines.separators.items() if number not in code},
    )


def is_marked(line: str) -> bool:
    """Whether the line is quoted with `>`."""
    return line[:1] == ">" or line.lstrip()[:1] == ">"
