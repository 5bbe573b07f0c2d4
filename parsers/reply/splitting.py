"""What somebody newly wrote, apart from what he quoted and his signature."""

import re
from typing import Final

from parsers.html.text import text_of_html
from parsers.model import Reply, reply_in_three
from parsers.reply.attribution import COLONS, parted
from parsers.reply.lines import Lines, is_marked, lines_of
from parsers.reply.quoted_html import MARK, first_words, marked, quote_mark
from parsers.reply.quotes import Stretch, stretches_of
from parsers.reply.separators import is_rule
from parsers.reply.signature import closed_signature

SHORTEST_SHARED: Final = 60
LONGEST_JOINED: Final = 1_000
"""Letters of a line that still waits for the rest of an address."""
WRAPPED_QUOTE: Final = re.compile(r"\s?>\s?(?:\S.{0,200})?[:：]\s*$|\s?>\s?(?:wrote|schrieb|napisa)\S*\s*$")


def reply_of(text: Lines, html: str | None) -> Reply:
    """Split `text`; where it does not show well where the quote begins, and `html` marks it, the HTML is split instead."""
    stretches = stretches_of(text := _unwrapped(text))
    reply = _reply(text.all, stretches)
    is_sure = any(stretch.certain for stretch in stretches[:2]) and len(reply.quoted) > len(reply.text)
    return reply if html is None or is_sure else _by_html(html, reply) or reply


def _by_html(html: str, reply: Reply) -> Reply | None:
    """The reply as an element of the HTML tells it, unless the same quote was found by the text: then `reply` is right."""
    mark = quote_mark(html)
    if mark is None or (reply.quoted and first_words(html, mark) not in " ".join(reply.text.split())):
        return None
    above, mark_found, below = text_of_html(marked(html, mark)).partition(MARK)
    if not mark_found:
        return None
    text = lines_of(above + below)
    start = min(above.count("\n"), len(text.all))
    while start and is_marked(text.all[start - 1]):
        start -= 1
    return _reply(text.all, stretches_of(text, start, to_end=mark.to_end))


def _reply(lines: list[str], stretches: list[Stretch]) -> Reply:
    kept, quoted = _chosen(lines, stretches)
    new, signature = _signed(lines, kept)
    return reply_in_three(_joined(new), "\n".join(quoted).strip("\n"), _joined(signature))


def _signed(lines: list[str], kept: list[Stretch]) -> tuple[list[str], list[str]]:
    """The new lines without signatures, and the signatures; a closing formula counts only where nothing marks one."""
    new: list[str] = []
    signature: list[str] = []
    for stretch in kept:
        start = stretch.start
        while new and not new[-1] and start < stretch.signature and not lines[start]:
            start += 1
        new += lines[start : stretch.signature]
        signature += lines[stretch.signature : stretch.end]
    if kept and not signature and not kept[-1].is_quote:
        last = lines[kept[-1].start : kept[-1].end]
        signature = last[closed_signature(last) :]
        del new[len(new) - len(signature) :]
    return new, signature


def _unwrapped(text: Lines) -> Lines:
    """The lines, but an address that was wrapped before its `>` is put together again, and an attribution stands alone."""
    if not any(_may_be_wrapped(text.all[number]) for number in _bracketed(text)):
        return text
    joined: list[str] = []
    for line in text.all:
        above = joined[-1] if joined else ""
        is_short = len(above) < LONGEST_JOINED
        if ">" in line[:4] and is_short and above.count("<") > above.count(">") and WRAPPED_QUOTE.match(line):
            joined[-1] = above + line.lstrip()
        elif is_short and above.endswith("<") and "@" in line:
            joined[-1] = above + line.strip()
        else:
            joined += parted(line) if _may_be_shared(line) else [line]
    return lines_of("\n".join(joined))


def _bracketed(text: Lines) -> list[int]:
    """The lines with a bracket around an address, and those that end an attribution without one."""
    lines = text.all
    bracketed = [number for number, line in enumerate(lines) if "<" in line] if text.has_brackets else []
    return bracketed + [number for number in text.ends if lines[number][-6:] == "wrote:" and "<" not in lines[number]]


def _may_be_wrapped(line: str) -> bool:
    if line.endswith("<") or line.count("<") > line.count(">"):
        return True
    return _may_be_shared(line) and len(parted(line)) > 1


def _may_be_shared(line: str) -> bool:
    """Whether a line may be more than an attribution: this is where one begins, or none ends."""
    return (line[-6:] == "wrote:" and "--" in line) or (
        len(line) > SHORTEST_SHARED and "@" in line and (line[-1] not in COLONS or ". " in line or "! " in line)
    )


def _chosen(lines: list[str], stretches: list[Stretch]) -> tuple[list[Stretch], list[str]]:
    """Which stretches are the reply: all new ones; and the quotes between them, where the answer goes through the quote.

    A quote without attribution above the only new text is part of what the author wants to say.
    """
    new = [at for at, stretch in enumerate(stretches) if not stretch.is_quote and _has_words(lines, stretch)]
    if not new:
        certain = [stretch for stretch in stretches if stretch.certain]
        return [] if certain else stretches, [
            line for stretch in certain for line in lines[stretch.start : stretch.end]
        ]
    quotes_between = {at for at, stretch in enumerate(stretches) if stretch.is_quote and at < new[-1]}
    goes_through = len(quotes_between) > 1
    kept: list[Stretch] = []
    quoted: list[str] = []
    for at, stretch in enumerate(stretches):
        in_between = at in quotes_between and (not stretch.certain or goes_through)
        if not stretch.is_quote or in_between:
            kept.append(_without_attribution(lines, stretch))
        else:
            quoted += lines[stretch.start : stretch.end]
    return kept, quoted


def _without_attribution(lines: list[str], stretch: Stretch) -> Stretch:
    if not stretch.certain:
        return stretch
    start = stretch.start
    while start < stretch.end and not is_marked(lines[start]):
        start += 1
    return Stretch(start, stretch.end, stretch.signature, is_quote=stretch.is_quote, certain=stretch.certain)


def _has_words(lines: list[str], stretch: Stretch) -> bool:
    return any(line and not is_rule(line) for line in lines[stretch.start : stretch.signature])


def _joined(lines: list[str]) -> str:
    """The lines without blank ones and drawn rules at either end."""
    end = len(lines)
    while end and (not lines[end - 1] or is_rule(lines[end - 1])):
        end -= 1
    start = 0
    while start < end and not lines[start]:
        start += 1
    return "\n".join(lines[start:end])
