"""The moment that a copied date line names: "2 марта 2026 г. в 11:00:00 GMT+1", as every program writes its own.

UTC only where a zone is told. Most programs copy the time of the reader's own clock and name no zone; read as UTC it
would be a fact that is wrong by hours, so nothing is better.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

from parsers.fields.dates import parse_date
from parsers.phrases.alternatives import any_of
from parsers.phrases.months import MONTHS
from parsers.phrases.zones import AFTER_NOON, BEFORE_NOON, ZONES

LONGEST = 200
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069*]")
BLANKS = re.compile(r"[\u00a0\u202f\u2009\s]+")
HEADER_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}")
OFFSET = re.compile(r"(?<=[\d\s(T])([+-])(\d{2}):?(\d{2})(?!\d)")
NAMED_OFFSET = re.compile(r"(?:GMT|UTC|غرينتش)\s?([+\-−])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)", re.IGNORECASE)
ZONE = re.compile(rf"(?<![^\W\d_])(?:{any_of(ZONES)})(?![^\W\d_])")
TIME = re.compile(r"(?<![\d.])([01]?\d|2[0-3])\s?[:hH時]\s?([0-5]\d)(?:\s?[:m.分]\s?([0-5]\d))?")
DOTTED_TIME = re.compile(r"(?<![\d.])([01]?\d|2[0-3])\.([0-5]\d)(?:\.([0-5]\d))?(?![\d.])")
MARK_LENGTH = 6

WORD = r"([^\W\d_]{2,14}[׳'’]?)"
DAY = r"(?<!\d)(\d{1,2})(\.|st|nd|rd|th|er|º|ª|\.º|-го)?"
LINK = r"(?:\sde\s|\sdel\s|\sof\s|\sd['’]|[\s/.,-])\s?"
YEAR = r"(\d{4})(?!\d)"
DAY_FIRST = re.compile(rf"{DAY}{LINK}{WORD}[.,]?{LINK}{YEAR}")
MONTH_FIRST = re.compile(rf"(?<![^\W\d_]){WORD}\.?\s{DAY},?\s{YEAR}")
YEAR_FIRST = re.compile(rf"(?<!\d){YEAR}[.,]?\s(?:m\.\s)?{WORD}\.?\s{DAY}")
ISO = re.compile(r"(?<!\d)(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)")
DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
SLASHED = re.compile(r"(?<!\d)(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)")
VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2}) (?:tháng|thg) (\d{1,2}),? (?:năm )?(\d{4})")


def _months() -> tuple[dict[str, int], frozenset[str]]:
    """The month of each word, the first language's where two differ; and the words that differ."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    for names in MONTHS.values():
        for month, words in enumerate(names.split("/"), 1):
            for word in words.split():
                if found.setdefault(word, month) != month:
                    shared.add(word)
    return found, frozenset(shared)


MONTH_OF, SHARED = _months()


def moment_of(written: str | None) -> datetime | None:
    """The moment in UTC, or None where date, time or zone is missing or may be read in two ways. Never raises."""
    if not written:
        return None
    text = BLANKS.sub(" ", UNSEEN.sub("", written[:LONGEST])).strip()
    if HEADER_DATE.match(text):
        return parse_date(text)
    text, zone = _zone(text)
    if zone is None:
        return None
    day, rest = _day(text)
    clock = _clock(rest)
    if day is None or clock is None:
        return None
    try:
        return datetime(*day, *clock, tzinfo=timezone(timedelta(hours=zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> tuple[str, float | None]:
    """The text without its zone, and the hours before UTC."""
    match = NAMED_OFFSET.search(text) or OFFSET.search(text)
    if match is not None:
        hours = int(match[2]) + int(match[3] or 0) / 60
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        return rest, (hours if match[1] == "+" else -hours) if hours <= 14 else None
    named = ZONE.search(text)
    if named is None:
        return text, None
    return f"{text[: named.start()]} {text[named.end() :]}", ZONES[named[0]]


def _day(text: str) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month and day; and the text without them, so that their dots are not read as a time."""
    for pattern, order in (
        (VIETNAMESE, (3, 2, 1)), (ISO, (1, 2, 3)), (DOTTED, (3, 2, 1)), (DAY_FIRST, (4, 3, 1)), (MONTH_FIRST, (4, 1, 2)),
        (YEAR_FIRST, (1, 2, 3)), (SLASHED, (4, 3, 1)),
    ):  # fmt: skip
        match = pattern.search(text)
        month = _month(match, order[1]) if match else None
        if match and month:
            day = (int(match[order[0]]), month, int(match[order[2]]))
            return day, f"{text[: match.start()]} {text[match.end() :]}"
    return None, text


def _month(match: re.Match[str], group: int) -> int | None:
    written = match[group]
    if match.re is SLASHED:
        # 3/4/2026 is April in most of the world and March in America; 3/14 and 14/3 are what they are.
        return int(written) if int(match[1]) > 12 or match[1] == written else None
    if written.isdigit():
        return int(written)
    word = written.lower().rstrip("’'") if written[-1] != "׳" else written
    if word in SHARED and match.re is DAY_FIRST and match[2] == ".":
        return None
    return MONTH_OF.get(word)


def _clock(text: str) -> tuple[int, int, int] | None:
    match = TIME.search(text) or DOTTED_TIME.search(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    behind = text[match.end() : match.end() + MARK_LENGTH].strip().lower()
    before = text[max(match.start() - MARK_LENGTH, 0) : match.start()].strip().lower()
    if hour <= 12 and (_marked(behind, before, AFTER_NOON)):
        hour = hour % 12 + 12
    elif hour == 12 and _marked(behind, before, BEFORE_NOON):
        hour = 0
    return hour, minute, second


def _marked(behind: str, before: str, marks: tuple[str, ...]) -> bool:
    """Whether one of the marks stands beside the time: behind it in Europe, before it in Asia and Hungary."""
    word = before.rpartition(" ")[2].rstrip(".")
    return word in marks or any(
        behind.startswith(mark) and not behind[len(mark) : len(mark) + 1].isalpha() for mark in marks
    )
