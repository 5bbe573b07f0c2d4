"""Header lines that a mail program copied into the text: `From: … Sent: … To: … Subject: …`, in any language.

They begin what Outlook quotes, and they tell who wrote a forwarded message.
"""

import re
from dataclasses import dataclass
from typing import Final

from parsers.phrases.labels import LABELS

ROLES: Final = {label: role for role, labels in reversed(LABELS.items()) for label in labels}
# Marks of writing direction and quote marks may stand before a label.
LABEL: Final = re.compile(
    r"[\s>|*_\u200e\u200f\u202a-\u202e\u2066-\u2069]{0,20}"
    r"([^\W\d_][^:：\n]{0,28}?)\s{0,2}(?:\([^()]{1,12}\))?\s{0,2}\*{0,2}\s{0,2}[:：]\*{0,2}"
)
ROW: Final = re.compile(r"[\s>]{0,20}\|\s{0,9}([^\W\d_][^|\n]{0,28}?)\s{0,9}\|([^|\n]{0,900})\|?\s{0,9}$")
INNER_LABEL: Final = re.compile(r"(?<=\s)([^\W\d_][^\s:：]{0,20}(?:\s[^\s:：]{1,12})?)\s{0,2}[:：]\s")
AROUND: Final = (
    "".join(filter(str.isspace, map(chr, range(0x3001))))
    + ">|*_\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
DIGIT: Final = re.compile(r"\d")
BLANKS: Final = " \t\u00a0\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LONGEST_LINE: Final = 1_000
SHORTEST_RUN_ON: Final = 50
MOST_LINES: Final = 24
MOST_CONTINUATIONS: Final = 3
FEWEST_RUN_ON: Final = 3


@dataclass(frozen=True, slots=True)
class QuotedHeaders:
    """Values by role (`from`, `date`, `to`, `cc`, `subject` …), and the line after the block."""

    values: dict[str, str]
    end: int


def role_of(line: str) -> tuple[str, str] | None:
    """Role and value of one labelled line, or of one row of a table, or None."""
    match = LABEL.match(line[:LONGEST_LINE]) if may_be_labelled(line) else None
    if match is not None:
        role = ROLES.get(match[1].strip(" *_").lower())
        return (role, line[match.end() :].strip(BLANKS)) if role else None
    row = ROW.match(line) if "|" in line[:20] else None
    role = ROLES.get(row[1].lower()) if row else None
    return (role, row[2].strip()) if row and role else None


def may_be_labelled(line: str) -> bool:
    """A look at what stands before the first colon, cheaper than the pattern."""
    colon = line.find(":")
    if colon > 0 and (bare := line[:colon].strip(AROUND).lower()):
        return bare in ROLES or bare[-1] == ")" or "：" in bare
    return "：" in line


def headers_at(lines: list[str], start: int) -> QuotedHeaders | None:
    """The block of header lines that begins exactly at `start`, if these are one; blank lines may part them.

    It needs at least two roles, and an address, a date or a subject among them: `From: Berlin / To: Rome` is a journey.
    """
    if role_of(lines[start]) is None:
        return None
    values: dict[str, str] = {}
    last, end, continued, number = "", start, 0, start
    most = min(start + MOST_LINES, len(lines))
    while number < most:
        line = lines[number]
        labelled = role_of(line)
        if labelled is not None and labelled[0] not in values:
            last, values[labelled[0]] = labelled
            end, continued = number + 1, 0
        elif not line.strip(" >\t\u00a0"):
            below = _next_label(lines, number)
            if below is None or below[0] in values:
                break
        elif labelled is not None or continued >= MOST_CONTINUATIONS or not _continues(lines, number, last):
            break
        else:
            values[last] = f"{values[last]} {line.strip(' >')}"
            end, continued = number + 1, continued + 1
        number += 1
    if len(values) == 1 and len(lines[start]) > SHORTEST_RUN_ON:
        values = _run_on(last, values[last])
    return QuotedHeaders(values, end) if _is_block(values) else None


def _next_label(lines: list[str], number: int) -> tuple[str, str] | None:
    """The labelled line right below a blank one."""
    return role_of(lines[number + 1]) if number + 1 < len(lines) else None


def _run_on(role: str, value: str) -> dict[str, str]:
    """Values of header lines that were joined to one: `From: Ann <a@b> Sent: Monday To: Bob Subject: Offer`."""
    values, begun = {}, 0
    for match in INNER_LABEL.finditer(f" {value}"[:LONGEST_LINE]):
        words = match[1].lower()
        found, start = ROLES.get(words), match.start(1)
        if found is None and " " in words:
            found, start = ROLES.get(words.rpartition(" ")[2]), start + len(words.rpartition(" ")[0]) + 1
        if found and found not in values and found != role:
            values[role] = f" {value}"[begun:start].strip()
            role, begun = found, match.end()
    values[role] = f" {value}"[begun:].strip()
    return values if len(values) >= FEWEST_RUN_ON else {}


def _continues(lines: list[str], number: int, role: str) -> bool:
    """Whether an unlabelled line is the rest of the value above: some labelled line still follows closely."""
    ahead = lines[number + 1 : number + 1 + MOST_CONTINUATIONS]
    return any(role_of(line) is not None for line in ahead) or (role != "subject" and "@" in lines[number])


def _is_block(values: dict[str, str]) -> bool:
    real = values.keys() - {"other"}
    if len(real) < 2 or not real & {"from", "to"}:
        return False
    has_address = any("@" in values[role] for role in real & {"from", "to", "cc", "reply_to"})
    has_date = bool(DIGIT.search(values.get("date", "")))
    if len(real) == 2:
        return (has_address and (has_date or real == {"from", "to"})) or (
            "subject" in real and (has_address or "from" in real)
        )
    return has_address or (has_date and "subject" in real)
