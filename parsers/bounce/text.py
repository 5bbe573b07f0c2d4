"""Bounces written for people only: the failed addresses and the server's words found in their text."""

import re

from parsers.bounce.dialogue import host_told, spoken_in
from parsers.bounce.failure import Failure
from parsers.bounce.places import Rank, places_in, ranked_places_in, surest_places_in
from parsers.phrases.bounces import COPY_BEGINS, COPY_HEADERS, DELAYED, FAILED
from parsers.phrases.dialogue import REPORTS_BEHIND

MOST_LINES = 400
MOST_CHARACTERS = 40_000
MOST_RECIPIENTS = 100
LONGEST_DIAGNOSTIC = 1_000
REPORTER = re.compile(
    rf"(?:{'|'.join(map(re.escape, REPORTS_BEHIND))})\s{{0,4}}([A-Za-z0-9_.-]{{3,255}})", re.IGNORECASE
)
LONGEST_STRETCH = 4_000
COPY_LETTERS = frozenset(words[:2] for words in COPY_BEGINS)
SUMMED_UP = re.compile(r"\s{0,4}[45]\d\d[ -]")
WORD = re.compile(r"[^\W\d_]{3}")


def explanation_of(text: str) -> str:
    """The part of a bounce's text that explains, without the copy of the returned message below it."""
    lines: list[str] = []
    for line in text[:MOST_CHARACTERS].split("\n")[:MOST_LINES]:
        if lines and _begins_copy(line.lower()):
            break
        lines.append(line)
    return "\n".join(lines)


def _begins_copy(line: str) -> bool:
    bare = line.strip(" *>")
    return (bare[:2] in COPY_LETTERS and bare.startswith(COPY_BEGINS)) or line.startswith(COPY_HEADERS)


def says_failed(explanation: str) -> bool:
    """Whether the words say that a delivery failed."""
    lower = explanation.lower()
    return any(phrase in lower for phrase in FAILED)


def failures_in_text(explanation: str, named: tuple[str, ...], ours: frozenset[str]) -> tuple[Failure, ...]:
    """The failed recipients. `named` are told by a header.

    `ours` is whom the bounce was sent to: he is not the culprit, unless he wrote to himself and the report says so surely.
    """
    lines = explanation.split("\n")
    places = places_in(lines, ours)
    if named:
        places = _named(named, places)
    elif not places and ours:
        places = surest_places_in(lines)
    starts = sorted({max(start, 0) for start in places.values()})
    stretches = _stretches(lines, starts)
    whole = " ".join(explanation.split())
    found = list(places.items())[:MOST_RECIPIENTS]
    return tuple(_failure(address, stretches[max(start, 0)], whole, alone=len(starts) < 2) for address, start in found)


def _named(names: tuple[str, ...], places: dict[str, int]) -> dict[str, int]:
    """Where it says something of each name; of an only name all is said, even if it was passed on to another one."""
    if len(names) == len(places) == 1:
        return dict(zip(names, places.values(), strict=True))
    folded = {address.lower(): number for address, number in places.items()}
    return {name: folded.get(name.lower(), -1) for name in names}


def lone_address(explanation: str, ours: frozenset[str]) -> str:
    """The only address that a report names, where nothing shows what it is; empty if there are more, or none."""
    found = ranked_places_in(explanation.split("\n"), ours)[Rank.LONE]
    return next(iter(found.values()))[0] if len(found) == 1 else ""


def failure_without_address(address: str, explanation: str) -> Failure:
    """The failure of a report that names nobody, of a mail that went to `address` only."""
    return _failure(address, "", " ".join(explanation.split()), alone=True)


def _stretches(lines: list[str], starts: list[int]) -> dict[int, str]:
    """The text from each start to the next one; where a stretch says nothing, what is said of the ones below it.

    In a transcript the dialogue stands above the line that sums it up: there it is the text from the start before.
    """
    stretches: dict[int, str] = {}
    words = ""
    for above, start, below in reversed(list(zip([-1, *starts], starts, [*starts[1:], len(lines)], strict=False))):
        first, last = (above + 1, start + 1) if SUMMED_UP.match(lines[start]) else (start, below)
        own = "\n".join(lines[first:last])
        words = own if _says_something(own) else f"{own}\n{words}"
        stretches[start] = words[:LONGEST_STRETCH]
    return stretches


def _says_something(text: str) -> bool:
    """Whether it has any word beside addresses."""
    return any("@" not in word and WORD.search(word) for word in text.split())


def _failure(address: str, stretch: str, whole: str, *, alone: bool) -> Failure:
    own = (" ".join(stretch.split()) or whole)[:LONGEST_DIAGNOSTIC]
    around = whole if alone else own
    spoken = spoken_in(stretch, around)
    reporter = REPORTER.search(whole)
    return Failure(
        address,
        "delayed" if is_delayed(whole) else "failed",
        reply_code=spoken.reply_code,
        diagnostic=own,
        command=spoken.command,
        remote_mta=host_told(own, around),
        reporting_mta=reporter[1].rstrip(".").lower() if reporter else "",
        around=around,
    )


def is_delayed(text: str) -> bool:
    """Whether the words say that delivery will be tried again."""
    lower = text.lower()
    return any(phrase in lower for phrase in DELAYED)
