"""The line above a quote: "On 3 May 2024 at 10:02, Ann <ann@…> wrote:", in any order and language, over several lines.

Two kinds of evidence: the words (a language's verb and beginning), and the form (a date and an address before a colon,
with quoted lines below). Either is enough, so a language that nobody listed is mostly understood too.
"""

import re
from typing import Final

from parsers.phrases.alternatives import any_of
from parsers.phrases.attributions import FIRST_PERSON, QUOTING, STARTS, SUBORDINATE, VERBS, WEEKDAYS

WORD: Final = re.compile(r"[^\W\d_]+")
QUOTED: Final = re.compile(rf"(?:{any_of(QUOTING)})\s", re.IGNORECASE)
START: Final = re.compile(rf"(?:-{{2,}}\s?)?(?:{any_of(STARTS)})(?!\w)|[在于於]\s?\d|ב-?\s?\d", re.IGNORECASE)
FIRST: Final = re.compile(
    rf"(?<!\w)(?:{any_of(FIRST_PERSON)})\s(?:\w{{1,10}}\s)?(?:{any_of(VERBS)})(?!\w)", re.IGNORECASE
)
NO_LETTERS: Final = bytes(code if code < 128 and chr(code).isalpha() else ord(" ") for code in range(256))
"""What `bytes.translate`, several times as fast as that of `str`, makes of ASCII: blanks of all that are no letters."""
FIRST_WORDS: Final = frozenset(WORD.findall(phrase)[0] for phrase in FIRST_PERSON)
DATED_START: Final = re.compile(rf"(?:\(?\d{{1,4}}[\s./年-]|(?:{any_of(WEEKDAYS)})(?!\w)[.,]?\s)", re.IGNORECASE)
DATE: Final = re.compile(
    r"\d(?:\s?[:.h時시]\s?\d\d|\s?[./-]\s?\d{1,2}\s?[./-]\s?\d|(?<=19|20)\d\d|\s?[年월月일日]|-\w{3})"
)
"""It begins with one digit in all its forms, because a search skips to that fast; the digits before it do not matter."""
ADDRESS: Final = re.compile(r"@(?<=[^\s@<>]@)[^\s@<>]")
"""It begins with the sign, which a search finds fastest, and looks back."""
GMAIL_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S")
DASHED: Final = re.compile(r"-{3,}\s?[^\s-].{2,300}\s-{3,}$")
SHARED_LINE: Final = re.compile(r"(?<=[^\s>-])(-{2,}\s?On\s.{8,300}\swrote:)$")
SENTENCE_START: Final = re.compile(rf"(?<=[^\W\d][.!?…] )(?:{any_of(STARTS)})\s(?=[^.!?]{{0,40}}\d)", re.IGNORECASE)
INLINE_COLON: Final = re.compile(r"\s?[:：]\s")
TIME: Final = re.compile(r"\d{1,2}\s?[:.h時시]\s?\d{2}")
EVIDENCE: Final = re.compile(r"[\d@]")
SUBORDINATE_CLAUSE: Final = re.compile(rf"[,;–—]\s(?:{any_of(SUBORDINATE)})\s(?=\D)")
"""Before a digit it tells the hour, in Portuguese: `as 10:00`."""
LAST_TOLD: Final = re.compile(r"[\d>)\]]")
MOST_WORDS_BEHIND: Final = 3
YEAR: Final = re.compile(r"(?:19|20)\d\d(?!\d)")
BIDI: Final = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Marks of writing direction, which stand around names and addresses and mean nothing here."""
COLONS: Final = frozenset(":：")
DASH_OR_COLON: Final = frozenset((*COLONS, "-"))
BEHIND: Final = "*_ >)]" + "".join(map(chr, BIDI))
"""What may stand behind the last word or colon of an attribution."""
ENDS: Final = frozenset(":：-*>)]") | {chr(mark) for mark in BIDI}
SENTENCE_ENDS: Final = (".", "!", "?", "…", "。")
UNSPACED: Final = ("写道", "寫道", "のメール", "작성", "쓴 글", "書きました")
UNSPACED_VERB: Final = re.compile(r"写道|寫道|のメール|님이 작성|쓴 글|[にはが]書きました|(?<!\w)작성(?!\w)")
LAST_WORDS: Final = frozenset(word for verb in VERBS for word in WORD.findall(verb.rpartition(" ")[2]) if len(word) > 2)
VERB_BY_LAST_WORD: Final = {
    last: re.compile(rf"(?<!\w)(?:{any_of(verb for verb in VERBS if last in verb)})(?!\w)", re.IGNORECASE)
    for last in LAST_WORDS
}
LONGEST_VERB: Final = max(map(len, VERBS))
MOST_LAST_WORD: Final = 24
LONGEST: Final = 500
MOST_LINES: Final = 5


def attribution_above(lines: list[str], end: int, floor: int) -> int | None:
    """Where the attribution starts that ends with line `end`, or None. It begins at `floor` or later."""
    line = lines[end].strip()
    if not line or line[0] == ">" or len(line) > LONGEST or not may_end_attribution(line):
        return None
    quoted_below = _is_quote(_next_line(lines, end))
    if not quoted_below and not _may_end_alone(line):
        return None
    # Where no quote mark below tells that something is quoted, a digit or an address must stand somewhere.
    has_evidence = quoted_below or line[-1] == "-"
    text, words = "", set[str]()
    for start in range(end, max(end - MOST_LINES, floor - 1), -1):
        above = _plain(lines[start])
        text = f"{above} {text}" if text else above
        if not above or len(text) > LONGEST:
            return None
        if has_evidence:
            words.update(_words_of(above))
        elif EVIDENCE.search(above):
            has_evidence, words = True, set(_words_of(text))
        if (
            has_evidence
            and _is_attribution(text, words, quoted_below=quoted_below)
            and not _lacks_author(text, words, lines, start, floor)
        ):
            in_passing = not quoted_below and _is_in_passing(text, lines[start - 1] if start > floor else "")
            return None if in_passing else _upwards(lines, start, floor)
    return None


def _words_of(line: str) -> list[str]:
    """Its words in small letters."""
    lowered = line.lower()
    if not lowered.isascii():
        return WORD.findall(lowered)
    return lowered.encode("ascii").translate(NO_LETTERS).decode("ascii").split()


def _may_end_alone(line: str) -> bool:
    """Whether the line ends as attributions without a quote mark below do: with a colon, a verb, or words between dashes."""
    if line[-1] in COLONS:
        return True
    if line[-1] == "-":
        return line.strip("- ") != ""
    end = line.rstrip(BEHIND)
    if end[-1:] in DASH_OR_COLON:
        return end[-1:] != "-" or line.strip("- ") != ""
    return end[-MOST_LAST_WORD:].rpartition(" ")[2].lower() in LAST_WORDS or end.endswith(UNSPACED) or line[0] == "2"


def _plain(line: str) -> str:
    return line.strip() if line.isascii() else line.translate(BIDI).strip()


def _is_attribution(text: str, words: set[str], *, quoted_below: bool) -> bool:
    """Whether one line, of these words, says who wrote what follows."""
    text = text.strip(" *_\ufeff\u200b")
    if text[:1].isdigit() and GMAIL_DATE.match(text):
        return True
    colon = text.endswith((":", "：", ":*"))
    is_drawn = text[:1] == "-" and DASHED.match(text) is not None
    verb = _verb_in(text, words)
    if verb is None:
        return not is_drawn and _has_form(text, colon=colon, quoted_below=quoted_below)
    if not FIRST_WORDS.isdisjoint(words) and FIRST.search(text):
        return False
    if is_drawn:
        return True
    at_end = verb.end() >= len(text) - 4
    if not colon and not at_end:
        return _has_form(text, colon=colon, quoted_below=quoted_below)
    if quoted_below:
        return True
    return (_has_address(text) and _is_short_behind(text)) or _is_dated(text, verb.end(), at_end=at_end)


def _is_in_passing(text: str, above: str) -> bool:
    """Whether somebody tells in a sentence of his own what another wrote: `I think, as Ann wrote on Monday:`."""
    if text.partition(" ")[0].lower() in SUBORDINATE:
        return True
    is_clause = above.rpartition(" ")[2] in SUBORDINATE or SUBORDINATE_CLAUSE.search(text) is not None
    return is_clause and not _begins(text)


def _is_short_behind(text: str) -> bool:
    """Whether hardly a word stands behind the last of date and address: a sentence of somebody goes on there."""
    return len(LAST_TOLD.split(text)[-1].split()) <= MOST_WORDS_BEHIND


def _is_dated(text: str, behind: int, *, at_end: bool) -> bool:
    """Whether a date stands where it does in attributions, and no sentence goes on behind the verb."""
    if DATE.search(text) is None:
        return False
    if at_end:
        return True
    rest = text[behind:].strip(" :：,(")
    if _begins(text):
        return len(rest.split(None, 2)) < 3 or not rest[0].islower()
    return DATE.search(rest) is not None and TIME.search(rest) is not None and _is_short_behind(rest)


def _has_form(text: str, *, colon: bool, quoted_below: bool) -> bool:
    """Whether date, address and colon stand as they do in attributions, whatever the words are."""
    addressed = _has_address(text)
    if not quoted_below and not (colon and addressed):
        return colon and QUOTED.match(text) is not None and DATE.search(text) is not None
    if (colon or quoted_below) and QUOTED.match(text):
        return True
    dated = DATE.search(text) is not None
    if dated and addressed:
        starts_dated = DATED_START.match(text) is not None
        return (colon and (text.endswith((">:", "]:")) or _begins(text))) or (quoted_below and (colon or starts_dated))
    return colon and quoted_below and (dated or addressed)


def _begins(text: str) -> bool:
    """Whether it begins as attributions do."""
    return START.match(text) is not None or DATED_START.match(text) is not None


def _lacks_author(text: str, words: set[str], lines: list[str], start: int, floor: int) -> bool:
    """Whether only the end of an attribution was seen, and the line above tells who wrote."""
    if start <= floor or _has_address(text) or _verb_in(text, words):
        return False
    above = _plain(lines[start - 1])
    if len(above) >= LONGEST or not _has_address(above):
        return False
    return QUOTED.match(above) is not None or _verb_in(above, set(_words_of(above))) is not None


def _verb_in(text: str, words: set[str]) -> re.Match[str] | None:
    """The leftmost verb, and of those the longest. Searched for only where its last word, one of `words` of the text, stands."""
    found: list[re.Match[str]] = []
    if not words.isdisjoint(LAST_WORDS):
        lowered = text.lower()
        before = LONGEST_VERB + len(lowered) - len(text)
        for word in words & LAST_WORDS:
            match = VERB_BY_LAST_WORD[word].search(text, max(lowered.find(word) - before, 0))
            if match:
                found.append(match)
    if not text.isascii() and (unspaced := UNSPACED_VERB.search(text)):
        found.append(unspaced)
    if len(found) < 2:
        return found[0] if found else None
    return min(found, key=lambda match: (match.start(), -match.end()))


def _has_address(text: str) -> bool:
    return "@" in text and ADDRESS.search(text) is not None


def parted(line: str) -> list[str]:
    """The line in two or three where an attribution shares it with the answer above, or with the quote below."""
    if len(line) > LONGEST:
        return [line]
    if line.endswith("wrote:") and (shared := SHARED_LINE.search(line)):
        return [line[: -len(shared[1])], shared[1]]
    if not _has_address(line) or not DATE.search(line):
        return [line]
    above = ""
    if not _begins(line):
        sentence = SENTENCE_START.search(line)
        if sentence is None:
            return [line]
        above, line = line[: sentence.start()], line[sentence.start() :]
    end = _inline_end(line)
    attribution = line[:end].rstrip()
    if not _has_address(attribution) or not DATE.search(attribution) or attribution[-1] not in COLONS:
        return [above + line]
    return [part for part in (above.rstrip(), attribution, line[end:]) if part]


def _inline_end(line: str) -> int:
    """Where the first verb with a colon ends, and the blank behind it; the end of the line where there is none."""
    for colon in INLINE_COLON.finditer(f"{line} "):
        if line[: colon.start()].lower().endswith(VERBS):
            return colon.end()
    return len(line)


def may_end_attribution(line: str) -> bool:
    """A cheap look at the end of the line, before anything dearer."""
    if line[-1] in ENDS or (line[0] == "2" and GMAIL_DATE.match(line)):
        return True
    return line[-MOST_LAST_WORD:].rpartition(" ")[2].lower() in LAST_WORDS or line.endswith(UNSPACED)


def _upwards(lines: list[str], start: int, floor: int) -> int:
    """Take in lines above that belong to it: a name whose address was wrapped, and what tells the date."""
    top, text = start, _plain(lines[start]).lstrip(" *_")
    for above in range(start - 1, max(start - MOST_LINES, floor - 1), -1):
        line = _plain(lines[above]).strip("*_ ")
        if not line and text.startswith("<"):
            continue
        if not line or line[0] == ">" or len(line) > LONGEST:
            break
        if line.endswith("<") or (text.startswith(("<", "(<")) and not line.endswith(SENTENCE_ENDS)):
            top, text = above, f"{line} {text}"
        elif _begins(text) and DATE.search(text):
            break
        elif _tells_when(line):
            top, text = above, f"{line} {text}"
    return top


def _tells_when(line: str) -> bool:
    """Whether a line reads like the beginning of an attribution: who or the usual first word, and when."""
    if _begins(line) or _has_address(line):
        return DATE.search(line) is not None or "<" in line
    return YEAR.search(line) is not None and TIME.search(line) is not None and not line.endswith(SENTENCE_ENDS)


def _next_line(lines: list[str], number: int) -> str:
    for line in lines[number + 1 : number + 4]:
        if line.strip():
            return line
    return ""


def _is_quote(line: str) -> bool:
    return line.lstrip().startswith(">")
