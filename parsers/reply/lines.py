"""A text by lines, and which of them are worth a look: most mails have a hundred lines and two where a quote may begin.

Mostly only the ends of a line are looked at here; who asks then reads the line, and may find nothing in it.
"""

from typing import Final

from parsers.reply.attribution import ENDS, LAST_WORDS, UNSPACED
from parsers.reply.separators import COLONS, DRAWN, MAY_HIDE_DRAWN, Separator, separator_in

MOST_LINES: Final = 20_000
FENCE: Final = "```"
BLANKS: Final = [character for character in map(chr, range(0x3001)) if character.isspace()]
FIRST_SIGNS: Final = frozenset((*DRAWN, *BLANKS, "\u200b", ">", "|"))
"""A quote mark, a drawn line, a row of a table, an indent that may hide any."""
FIRST_OF_YEAR: Final = "2"
"""Gmail begins with the year in some languages."""
MOST_LABEL: Final = 100
"""Letters up to the colon of a copied header, with all that may stand before and behind its name."""
LAST_THREE: Final = frozenset(form[-3:] for word in LAST_WORDS for form in (word, word.upper(), word.capitalize()))
LAST_UNSPACED: Final = frozenset(word[-1] for word in UNSPACED)


class Lines:
    """Lines without blanks at their ends, and the numbers of those worth a look.

    Only the notable ones may begin a quote or copied headers, separate, or end an attribution. None of them stands inside a
    block of code. (No named tuple, because compiled code makes and asks a plain object ten times faster.)
    """

    __slots__ = ("all", "drawn", "ends", "fences", "has_brackets", "notable", "separators")

    def __init__(
        self,
        lines: list[str],
        notable: list[int],
        ends: set[int],
        drawn: list[int],
        separators: dict[int, Separator],
        fences: list[int],
        has_brackets: bool,
    ) -> None:
        self.all = lines
        self.notable = notable
        self.ends = ends
        """Those of them that may end an attribution."""
        self.drawn = drawn
        """Those of them that begin with a dash, a star or the like."""
        self.separators = separators
        """By number of the line."""
        self.fences = fences
        """Where blocks of code begin and end."""
        self.has_brackets = has_brackets
        """Whether any line has a `<`."""


def lines_of(text: str) -> Lines:
    """The first lines of `text`."""
    if "\ufeff" in text:
        text = text.replace("\ufeff", "")
    if "\u00a0" in text:
        text = text.replace("\u00a0", " ")
    lines = [line.rstrip() for line in text.split("\n", MOST_LINES)[:MOST_LINES]]
    fences = [number for number, line in enumerate(lines) if line.startswith(FENCE)] if "`" in text else []
    noted = _noted(lines, fences, has_brackets="<" in text, has_colons=":" in text, has_wide_colons="：" in text)
    return _without_code(noted) if fences else noted


def _noted(
    lines: list[str], fences: list[int], *, has_brackets: bool, has_colons: bool, has_wide_colons: bool
) -> Lines:
    """Each line is looked at once; the letters that most begin and end with are told from signs without asking any set."""
    notable: list[int] = []
    ends: set[int] = set()
    drawn: list[int] = []
    separators: dict[int, Separator] = {}
    for number, line in enumerate(lines):
        if not line:
            continue
        first, last = line[0], line[-1]
        has_sign = not first.isalnum()
        if first == FIRST_OF_YEAR or (
            (line[-3:] in LAST_THREE or last in LAST_UNSPACED) if last.isalnum() else last in ENDS
        ):
            ends.add(number)
        elif (
            not (has_sign and first in FIRST_SIGNS)
            and not (has_colons and line.find(":", 0, MOST_LABEL) >= 0)
            and not (has_wide_colons and "：" in line)
        ):
            continue
        notable.append(number)
        if has_sign and first in DRAWN:
            drawn.append(number)
        if ((has_sign and first in MAY_HIDE_DRAWN) or last in COLONS) and (found := separator_in(line)):
            separators[number] = found
    return Lines(lines, notable, ends, drawn, separators, fences, has_brackets)


def _without_code(lines: Lines) -> Lines:
    """The same lines, but none inside a block of code is worth a look."""
    code = {
        number
        for start, end in zip(lines.fences[::2], lines.fences[1::2], strict=False)
        for number in range(start, end + 1)
    }  # fmt: skip
    return Lines(
        lines.all,
        [number for number in lines.notable if number not in code],
        lines.ends - code,
        [number for number in lines.drawn if number not in code],
        {number: found for number, found in lines.separators.items() if number not in code},
        lines.fences,
        lines.has_brackets,
    )


def is_marked(line: str) -> bool:
    """Whether the line is quoted with `>`."""
    first = line[:1]
    return first == ">" or (first.isspace() and line.lstrip()[:1] == ">")
