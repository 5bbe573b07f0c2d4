"""What somebody newly wrote, apart from what he quoted and his signature.

By lines, top to bottom, in one pass: a separator, a block of copied header lines or an attribution without `>` below it
ends the new text; an attribution with quoted lines below it takes only these away, because an answer may follow.
"""

import re
from dataclasses import dataclass

from parsers.attribution import COLONS, attribution_above, parted
from parsers.html import text_of_html
from parsers.lines import Lines, is_marked, lines_of
from parsers.model import Reply
from parsers.quoted_headers import headers_at
from parsers.quoted_html import MARK, first_words, marked, quote_mark
from parsers.separators import is_rule, says_original, says_reply_above
from parsers.signature import closed_signature, marked_signature

MOST_LABEL = 60
SHORTEST_SHARED = 60
WRAPPED_LENGTH = 40
"""Programs wrap at 72 or so; what follows a shorter line was written there."""
FULL_LENGTH = 56
DASH = "—"
LINKS = ("http://", "https://", "mailto:")
THRICE = ">>>"
INITIALS = re.compile(r"\s{0,8}[^\W\d_]{1,8}>")
"""The Bat! and others put the author's initials before the mark: `AN> text`."""
MOST_ATTRIBUTION = 6
"""Lines between the start of an element that holds a quote, and the blockquote in it."""
WRAPPED_QUOTE = re.compile(r"\s?>\s?(?:\S.{0,200})?[:：]\s*$|\s?>\s?(?:wrote|schrieb|napisa)\S*\s*$")


@dataclass(slots=True)
class _Stretch:
    """Lines `start:end`, new or quoted; `certain` when something more than `>` says that it is a quote.

    Of a new one, the lines from `signature` on are the marked signature.
    """

    start: int
    end: int
    signature: int
    is_quote: bool = False
    certain: bool = False


def reply_of(text: Lines, html: str | None) -> Reply:
    """Split `text`; where it does not show well where the quote begins, and `html` marks it, the HTML is split instead."""
    stretches = _stretches(text := _unwrapped(text))
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
    return _reply(text.all, _stretches(text, start, to_end=mark.to_end))


def _reply(lines: list[str], stretches: list[_Stretch]) -> Reply:
    kept, quoted = _chosen(lines, stretches)
    new, signature = _signed(lines, kept)
    return Reply(_joined(new), "\n".join(quoted).strip("\n"), _joined(signature))


def _signed(lines: list[str], kept: list[_Stretch]) -> tuple[list[str], list[str]]:
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
    if not any(_may_be_wrapped(line) for line in text.all if "<" in line or line[-6:] == "wrote:"):
        return text
    joined: list[str] = []
    for line in text.all:
        above = joined[-1] if joined else ""
        if ">" in line[:4] and above.count("<") > above.count(">") and WRAPPED_QUOTE.match(line):
            joined[-1] = above + line.lstrip()
        elif above.endswith("<") and "@" in line:
            joined[-1] = above + line.strip()
        else:
            joined += parted(line) if _may_be_shared(line) else [line]
    return lines_of("\n".join(joined))


def _may_be_wrapped(line: str) -> bool:
    if line.endswith("<") or line.count("<") > line.count(">"):
        return True
    return _may_be_shared(line) and len(parted(line)) > 1


def _may_be_shared(line: str) -> bool:
    """Whether a line may be more than an attribution: this is where one begins, or none ends."""
    return (line[-6:] == "wrote:" and "--" in line) or (
        len(line) > SHORTEST_SHARED and "@" in line and (line[-1] not in COLONS or ". " in line or "! " in line)
    )


def _stretches(text: Lines, marked_at: int | None = None, *, to_end: bool = False) -> list[_Stretch]:
    """The lines in stretches, new and quoted ones. A quote begins at line `marked_at` in any case."""
    found: list[_Stretch] = []
    begun = 0
    for number in text.notable if marked_at is None else sorted({*text.notable, marked_at}):
        if number < begun:
            continue
        if number == marked_at:
            quote: _Stretch | None = _marked_quote(text.all, number, to_end=to_end)
        else:
            quote = _quote_from(text, number, begun)
        if quote is not None:
            if quote.start > begun:
                found.append(_new(text.all, begun, quote.start))
            found.append(quote)
            begun = quote.end
    if begun < len(text.all):
        found.append(_new(text.all, begun, len(text.all)))
    return found


def _marked_quote(lines: list[str], start: int, *, to_end: bool) -> _Stretch:
    """The quote of an element that begins here: to the end of its blockquote, if it has one, or of all."""
    if not to_end:
        for number in range(start, min(start + MOST_ATTRIBUTION, len(lines))):
            if is_marked(lines[number]):
                return _quote(start, _quote_end(lines, number), certain=True)
    return _quote(start, len(lines), certain=True)


def _new(lines: list[str], start: int, end: int) -> _Stretch:
    return _Stretch(start, end, start + marked_signature(lines[start:end]))


def _quote(start: int, end: int, *, certain: bool) -> _Stretch:
    return _Stretch(start, end, end, True, certain)


def _quote_from(text: Lines, number: int, floor: int) -> _Stretch | None:
    """The quote that this line begins, or whose attribution it ends."""
    lines = text.all
    line = lines[number]
    if is_marked(line):
        return _marked_block(lines, number)
    if number in text.separators or (line[0] == DASH and _asks_for_reply_above(lines, number)):
        return _quote(number, len(lines), certain=True)
    if _has_colon(line) and headers_at(lines, number):
        return _quote(_undrawn_separator(lines, number, floor), len(lines), certain=True)
    start = attribution_above(lines, number, floor)
    if start is None:
        return None
    below = number + 1
    while below < len(lines) and not lines[below].strip():
        below += 1
    if below < len(lines) and is_marked(lines[below]):
        return _quote(start, _quote_end(lines, below), certain=True)
    if below < len(lines) and INITIALS.match(lines[below]):
        return _quote(start, _initialled_end(lines, below), certain=True)
    return _quote(start, len(lines), certain=True)


def _marked_block(lines: list[str], number: int) -> _Stretch:
    """The quote that begins with a marked line. GroupWise puts the attribution alone between marks, Supercite after them."""
    line = lines[number]
    if line.startswith(THRICE) and line.endswith(THRICE):
        return _quote(number, len(lines), certain=True)
    end = below = _quote_end(lines, number)
    while below < len(lines) and not lines[below]:
        below += 1
    if line.startswith(THRICE) and below < len(lines) and INITIALS.match(lines[below]):
        return _quote(number, _initialled_end(lines, below), certain=True)
    return _quote(number, end, certain=False)


def _initialled_end(lines: list[str], start: int) -> int:
    """The line after the last one that begins with the same initials."""
    mark = lines[start].partition(">")[0] + ">"
    end = number = start + 1
    while number < len(lines) and (not lines[number] or lines[number].startswith(mark)):
        end = number + 1 if lines[number] else end
        number += 1
    return end


def _asks_for_reply_above(lines: list[str], number: int) -> bool:
    """Whether a drawn line stands above the words of a help desk (Jira)."""
    return is_rule(lines[number]) and says_reply_above(_below(lines, number))


def _undrawn_separator(lines: list[str], number: int, floor: int) -> int:
    """The line above copied headers that says `Original message` without any dashes (BlackBerry), or their own."""
    for above in range(number - 1, max(number - 3, floor - 1), -1):
        if lines[above].strip():
            return above if says_original(lines[above]) else number
    return number


def _has_colon(line: str) -> bool:
    head = line[:MOST_LABEL]
    return ":" in head or "：" in head or "|" in head[:4]


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


def _chosen(lines: list[str], stretches: list[_Stretch]) -> tuple[list[_Stretch], list[str]]:
    """Which stretches are the reply: all new ones; and the quotes between them, where the answer goes through the quote.

    A quote without attribution above the only new text is part of what the author wants to say.
    """
    new = [at for at, stretch in enumerate(stretches) if not stretch.is_quote and _has_words(lines, stretch)]
    if not new:
        certain = [stretch for stretch in stretches if stretch.certain]
        return [] if certain else stretches, [
            line for stretch in certain for line in lines[stretch.start : stretch.end]
        ]
    quotes_between = [at for at, stretch in enumerate(stretches) if stretch.is_quote and at < new[-1]]
    goes_through = len(quotes_between) > 1
    kept: list[_Stretch] = []
    quoted: list[str] = []
    for at, stretch in enumerate(stretches):
        in_between = at in quotes_between and (not stretch.certain or goes_through)
        if not stretch.is_quote or in_between:
            kept.append(_without_attribution(lines, stretch))
        else:
            quoted += lines[stretch.start : stretch.end]
    return kept, quoted


def _without_attribution(lines: list[str], stretch: _Stretch) -> _Stretch:
    if not stretch.certain:
        return stretch
    start = stretch.start
    while start < stretch.end and not is_marked(lines[start]):
        start += 1
    return _quote(start, stretch.end, certain=True)


def _has_words(lines: list[str], stretch: _Stretch) -> bool:
    return any(line and not is_rule(line) for line in lines[stretch.start : stretch.signature])


def _joined(lines: list[str]) -> str:
    """The lines without blank ones and drawn rules at either end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or is_rule(lines[end - 1])):
        end -= 1
    start = 0
    while start < end and not lines[start].strip():
        start += 1
    return "\n".join(lines[start:end])
