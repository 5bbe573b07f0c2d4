"""A task's details as people type them into a mail: `#tag`, `!high`, `@person`, "due Friday", `deadline: …` lines.

Pure. What is understood is taken out of title and text; what is not understood stays where it was, so that nothing
somebody wrote is lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from crm.access.mailed_in import take_tags
from crm.office.calendar import USUAL, Calendar
from crm.work.deadlines import read_moment
from crm.work.phrases import DEADLINE, DUE, KEYS, PRIORITIES, PRIORITY, RESPONSIBLE, TAGS
from storage.models import Priority

MOST_TAGS = 20
MOST_LINES = 2_000
"""Lines of a body that are looked at; a task is not a book."""

_PRIORITY = re.compile(r"(?<!\S)!([^\W\d_]{2,12})(?!\S)")
_PERSON = re.compile(r"(?<!\S)@([\w.-]{1,60}[\w])(?![\w@])")
_DUE = re.compile(rf"[\s,;(]*\b(?:{'|'.join(DUE)})(?:\s+(?:on|by|date))?:?\s+", re.IGNORECASE)
_LINE = re.compile(r"\s{0,3}(?:[-*]\s)?([^\W\d_][^:\n]{1,24}?)\s{0,2}:\s{0,3}(\S.{0,200})")


@dataclass(frozen=True, slots=True)
class Details:
    """Title and text without the marks, and what the marks said. `responsible_id` is None where nobody was named."""

    title: str
    text: str
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    responsible_id: int | None = None
    deadline: datetime | None = None


@dataclass(slots=True)
class _Reading:
    """What was understood so far, and what is needed to understand more."""

    people: Mapping[str, int]
    now: datetime
    calendar: Calendar
    tags: list[str] = field(default_factory=list)
    priority: Priority | None = None
    responsible_id: int | None = None
    deadline: datetime | None = None

    def add_tag(self, word: str) -> None:
        if word.lower() not in (tag.lower() for tag in self.tags) and len(self.tags) < MOST_TAGS:
            self.tags.append(word)


def read_details(
    subject: str, text: str, *, people: Mapping[str, int], now: datetime, calendar: Calendar = USUAL
) -> Details:
    """The details in a mail's subject and new text.

    `people` maps what a colleague may be called (lower case) to their id; `now` is the moment in the writer's own
    time zone, in which "tomorrow" is meant; the deadline is UTC.
    """
    reading = _Reading(people, now, calendar)
    title = _read_subject(subject, reading)
    body = _read_body(text, reading)
    return Details(
        title,
        body,
        tuple(reading.tags),
        reading.priority or Priority.NORMAL,
        reading.responsible_id,
        reading.deadline,
    )


def with_title(details: Details, fallback: str, longest: int) -> Details:
    """The same with a title that is there and not too long: the first line of the text, or `fallback`."""
    lines = (line.strip() for line in details.text.splitlines())
    title = details.title or next((line for line in lines if line), fallback)
    return replace(details, title=title if len(title) <= longest else title[: longest - 1].rstrip() + "…")


def _read_subject(subject: str, reading: _Reading) -> str:
    title = _read_marks(subject, reading)
    title = _read_due(title, reading)
    return " ".join(title.split()).strip(" ,;-–—")


def _read_marks(text: str, reading: _Reading) -> str:
    """`text` without the tags, priorities and people that were understood."""
    text, tags = take_tags(text)
    for tag in tags:
        reading.add_tag(tag)

    def priority(match: re.Match[str]) -> str:
        found = PRIORITIES.get(match[1].lower())
        reading.priority = reading.priority or found
        return match[0] if found is None else ""

    def person(match: re.Match[str]) -> str:
        found = reading.people.get(match[1].lower())
        reading.responsible_id = reading.responsible_id or found
        return match[0] if found is None else ""

    return _PERSON.sub(person, _PRIORITY.sub(priority, text))


def _read_due(title: str, reading: _Reading) -> str:
    """`title` without "due …" where the words that follow, up to four of them, are a moment."""
    for match in _DUE.finditer(title):
        words = title[match.end() :].split()
        for count in range(min(4, len(words)), 0, -1):
            moment = read_moment(" ".join(words[:count]).strip("()[],;."), reading.now, reading.calendar)
            if moment is not None:
                reading.deadline = reading.deadline or moment
                return " ".join([title[: match.start()].rstrip(), *words[count:]])
    return title


def _read_body(text: str, reading: _Reading) -> str:
    lines = text.split("\n")
    kept = [line for line in lines[:MOST_LINES] if not _understood(line, reading)]
    return "\n".join([*kept, *lines[MOST_LINES:]]).strip()


def _understood(line: str, reading: _Reading) -> bool:
    """Whether the whole line is details: a known `key: value`, or nothing but marks."""
    match = _LINE.fullmatch(line.rstrip())
    if match is not None and (key := KEYS.get(match[1].lower())) is not None:
        return _read_value(key, match[2], reading)
    stripped = line.strip()
    return stripped[:1] in ("#", "!", "@") and _only_marks(stripped, reading)


def _only_marks(line: str, reading: _Reading) -> bool:
    trial = _Reading(reading.people, reading.now, reading.calendar)
    if _read_marks(line, trial).strip(" ,;"):
        return False
    _read_marks(line, reading)
    return True


def _read_value(key: str, value: str, reading: _Reading) -> bool:
    value = value.strip()
    if key == DEADLINE:
        moment = read_moment(value, reading.now, reading.calendar)
        reading.deadline = moment or reading.deadline
        return moment is not None
    if key == PRIORITY:
        priority = PRIORITIES.get(value.lower().lstrip("!"))
        reading.priority = priority or reading.priority
        return priority is not None
    if key == RESPONSIBLE:
        person = reading.people.get(value.lower().lstrip("@").replace(" ", ""))
        reading.responsible_id = person or reading.responsible_id
        return person is not None
    return key == TAGS and _read_tags(value, reading)


def _read_tags(value: str, reading: _Reading) -> bool:
    words = [word.strip(" #") for word in re.split(r"[,;]\s*|\s+(?=#)", value)]
    for word in words:
        if word:
            reading.add_tag(word[:50])
    return any(words)
