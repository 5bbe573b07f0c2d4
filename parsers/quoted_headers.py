"""Header lines that a mail program copied into the text: `From: … Sent: … To: … Subject: …`, in any language.

They begin what Outlook quotes, and they tell who wrote a forwarded message.
"""

import re
from dataclasses import dataclass

from parsers.phrases.labels import LABELS

ROLES = {label: role for role, labels in reversed(LABELS.items()) for label in labels}
LABEL = re.compile(
    r"[\s>*_]{0,20}([^\W\d_][^:：\n]{0,28}?)\s{0,2}(?:\([^()]{1,12}\))?\s{0,2}\*{0,2}\s{0,2}[:：]\*{0,2}"
)
DIGIT = re.compile(r"\d")
LONGEST_LINE = 1_000
MOST_LINES = 14
MOST_CONTINUATIONS = 3


@dataclass(frozen=True, slots=True)
class QuotedHeaders:
    """Values by role (`from`, `date`, `to`, `cc`, `subject` …), and the line after the block."""

    values: dict[str, str]
    end: int


def role_of(line: str) -> tuple[str, str] | None:
    """Role and value of one labelled line, or None."""
    match = LABEL.match(line[:LONGEST_LINE])
    if match is None:
        return None
    role = ROLES.get(match[1].strip(" *_").lower())
    return (role, line[match.end() :].strip(" \t\u00a0")) if role else None


def headers_at(lines: list[str], start: int) -> QuotedHeaders | None:
    """The block of header lines that begins exactly at `start`, if these are one.

    It needs at least two roles, and an address or a subject among them: `From: Berlin / To: Rome` is a journey.
    """
    if role_of(lines[start]) is None:
        return None
    values: dict[str, str] = {}
    last, end, continued = "", start, 0
    for number in range(start, min(start + MOST_LINES, len(lines))):
        line = lines[number]
        labelled = role_of(line)
        if labelled is not None and labelled[0] not in values:
            last, values[labelled[0]] = labelled
            end, continued = number + 1, 0
        elif not line.strip(" >\t\u00a0") or labelled is not None or continued >= MOST_CONTINUATIONS:
            break
        elif _continues(lines, number, last):
            values[last] = f"{values[last]} {line.strip(' >')}"
            end, continued = number + 1, continued + 1
        else:
            break
    return QuotedHeaders(values, end) if _is_block(values) else None


def _continues(lines: list[str], number: int, role: str) -> bool:
    """Whether an unlabelled line is the rest of the value above: some labelled line still follows closely."""
    ahead = lines[number + 1 : number + 1 + MOST_CONTINUATIONS]
    return any(role_of(line) is not None for line in ahead) or (role != "subject" and "@" in lines[number])


def _is_block(values: dict[str, str]) -> bool:
    real = values.keys() - {"other"}
    if len(real) < 2 or not real & {"from", "to"}:
        return False
    has_address = any("@" in values[role] for role in real & {"from", "to", "cc", "reply_to"})
    if len(real) == 2:
        has_date = bool(DIGIT.search(values.get("date", "")))
        return (has_address or "from" in real) and (
            has_date or "subject" in real or (real == {"from", "to"} and has_address)
        )
    return has_address or "subject" in real
