"""Where the failed addresses stand in a report for people: alone in a line, behind words, or at least near them."""

import re
from enum import IntEnum

from parsers.bounce.addresses import ADDRESS, BRACKETED, is_daemon, usable
from parsers.phrases.bounces import BEHIND, FAILED, LIST_STAFF, NOT_THESE, SUCCEEDED

LONGEST_LINE = 1_000
MOST_PLACES = 200
MARKS = " \t>*-•·◆■・※–—[(<\"'`=|#\u3000"
"""What may stand before an address that begins its line."""
BETWEEN = " \t:：;,<\"'([=#`\u3000"
"""What may stand between words and the address that they announce."""
TYPE = re.compile(r"(?:rfc822|smtp|x400|dns)\s?[;:]\s?$")
NUMBER = re.compile(r"^\d{1,3}[.)]$")
AFTER_ALONE = re.compile(
    r"^[\])>\"'`]{0,3}\s{0,3}(?:$|[:：.,;(\[<|].*|\.\.\. .*|- .*|->.*|=>.*|\t.*|\s{2}.*"
    r"|(?:on|am|le|el|il|op|em|den|på|dnia|la)\s.*)$"
)
MAILED = re.compile(
    r"(?:expanded from|generated from|addressed to|original address|original recipient|forwarded from)[:\s]{1,3}<?$",
    re.IGNORECASE,
)
REPLY = re.compile(r"(?:^|\s)[45]\d\d(?:[ -]\d\.\d{1,3}\.\d{1,3})?$")
LETTER = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff]")

Places = dict[str, tuple[str, int]]
"""By address in lower case: as written, and the number of the line."""


class Rank(IntEnum):
    """How sure it is that an address is a failed one, by its place; the best rank that a report has counts."""

    ALONE = 1
    BEHIND = 2
    SUMMARY = 3
    """In the lines that repeat whom the mail went to."""
    WEAK = 4
    LONE = 5
    """Nothing shows what it is; but it may be the only one."""


def places_in(lines: list[str], ours: frozenset[str]) -> dict[str, int]:
    """The failed addresses, as whom the sender wrote to, with the numbers of their lines. `ours` are never among them."""
    ranked = ranked_places_in(lines, ours)
    return next((dict(found.values()) for rank, found in ranked.items() if found and rank is not Rank.LONE), {})


def surest_places_in(lines: list[str]) -> dict[str, int]:
    """The same for who may have written to himself: only what stands where nothing but failed addresses do."""
    ranked = ranked_places_in(lines, frozenset())
    return dict((ranked[Rank.ALONE] or ranked[Rank.BEHIND]).values())


def ranked_places_in(lines: list[str], ours: frozenset[str]) -> dict[Rank, Places]:
    """All addresses that may be meant, by rank, the surest first."""
    ranked: dict[Rank, Places] = {rank: {} for rank in Rank}
    last = ""
    for number, rank, address, mailed in _found(lines, ours):
        if mailed and last:
            ranked[Rank.ALONE][last] = address, ranked[Rank.ALONE][last][1]
            continue
        last = address.lower() if rank is Rank.ALONE else ""
        ranked[rank].setdefault(address.lower(), (address, number))
        if len(ranked[rank]) >= MOST_PLACES:
            break
    return ranked


def _found(lines: list[str], ours: frozenset[str]) -> list[tuple[int, Rank, str, bool]]:
    """Each address with its line and rank, and whether it is the one mailed of the address found before it."""
    found: list[tuple[int, Rank, str, bool]] = []
    above, reached = "", False
    for number, line in enumerate(lines):
        folded = line.lower()
        if "@" not in line:
            if line.strip():
                above = f"{above[-60:]}\n{folded}"
                reached = says_reached(folded) or (reached and not _says_failed(folded))
            continue
        if reached or len(line) > LONGEST_LINE:
            continue
        for start, end, address in _addresses(line):
            if address.lower() in ours or is_daemon(address) or address.partition("@")[0].lower().endswith(LIST_STAFF):
                continue
            before = folded[:start]
            mailed = MAILED.search(before) is not None
            rank = Rank.BEHIND if mailed else _rank(before, line[end:], above)
            if rank is not None:
                found.append((number, rank, address, mailed))
    return found


def says_reached(line: str) -> bool:
    """Whether the line, in lower case, tells of recipients who were reached."""
    return any(phrase in line for phrase in SUCCEEDED) and not _says_failed(line)


def _addresses(line: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    end = 0
    while match := ADDRESS.search(line, end):
        bracketed = BRACKETED.search(line, end)
        if bracketed is not None and bracketed.start() < match.end():
            match = bracketed
        start, end = match.span(match.lastindex or 0)
        address = usable(match[match.lastindex or 0])
        if address and ("." in address.partition("@")[2] or not line.startswith("...", end)):
            found.append((start, end, address))
    return found


def _rank(before: str, after: str, above: str) -> Rank | None:
    left = TYPE.sub("", before).strip(MARKS)
    if (not left or NUMBER.match(left)) and AFTER_ALONE.match(after):
        return None if _announces_others(above) else Rank.ALONE
    left = before.rstrip(BETWEEN)
    if left != before and (_is_behind(left) or REPLY.search(left)):
        return Rank.BEHIND
    if left.strip(MARKS) in ("to", "cc", "bcc"):
        return Rank.SUMMARY
    if _names_others(before):
        return None
    return Rank.WEAK if _says_failed(before) or _says_failed(after.lower()) or _says_failed(above) else Rank.LONE


def _is_behind(left: str) -> bool:
    if not left.endswith(BEHIND):
        return False
    whole = (len(left) - len(phrase) for phrase in BEHIND if left.endswith(phrase))
    return any(at == 0 or not LETTER.match(left[at - 1]) for at in whole)


def _announces_others(above: str) -> bool:
    """Whether the lines above go on with this address, and it is one to write to."""
    last = above.rpartition("\n")[2].rstrip()
    return not last.endswith((".", "。", "!")) and _names_others(last) and not _says_failed(above)


def _names_others(text: str) -> bool:
    return any(phrase in text[-60:] for phrase in NOT_THESE)


def _says_failed(text: str) -> bool:
    return any(phrase in text for phrase in FAILED)
