"""A forwarded message taken out of the text it was pasted into: who wrote it, when, about what, and what."""

import re

from parsers.address_list import parse_addresses
from parsers.attribution import ADDRESS, DATE, attribution_above
from parsers.lines import Lines
from parsers.model import Address, Forwarded
from parsers.phrases.labels import LABELS
from parsers.quoted_headers import QuotedHeaders, headers_at
from parsers.subjects import base_subject, has_forward_prefix

MOST_LINES = 5_000
BRACKETED = re.compile(r"<([^<>\s]+@[^<>\s]+)>|\(?([^\s<>()\"]+@[^\s<>()\",;]+)\)?")
NAME = re.compile(r"[\"“„«]\s?([^\"”“»]{1,100}?)\s?[\"”“»]")
RUN_ON = re.compile(
    r"("
    + "|".join(
        sorted(
            {re.escape(label) for role in ("from", "to", "cc", "bcc", "date", "subject") for label in LABELS[role]},
            key=len,
            reverse=True,
        )
    )
    + r")\s?:\s",
    re.IGNORECASE,
)


def forwarded_of(subject: str, text: Lines) -> Forwarded | None:
    """The forwarded message in `text`, or None.

    A line that says so is enough; where there is only a block of header lines or an attribution, the subject must say it.
    """
    says_so = has_forward_prefix(subject)
    lines = text.all
    for number in text.notable if says_so else text.separators:
        if number >= MOST_LINES:
            break
        separator = text.separators.get(number)
        if separator is not None and (separator.is_forward or says_so):
            found = _below_separator(lines, number, separator.behind)
            if found is not None:
                return found
        elif says_so:
            found = _without_separator(lines, number, subject)
            if found is not None:
                return found
    return None


def _below_separator(lines: list[str], number: int, behind: str) -> Forwarded | None:
    if behind and (found := _run_on(behind, lines[number + 1 :])):
        return found
    start = number + 1
    while start < len(lines) and not lines[start].strip(" >\t"):
        start += 1
    headers = headers_at(lines, start) if start < len(lines) else None
    return _forwarded(headers, lines) if headers else None


def _without_separator(lines: list[str], number: int, subject: str) -> Forwarded | None:
    headers = headers_at(lines, number)
    if headers is not None:
        return _forwarded(headers, lines)
    start = attribution_above(lines, number, 0)
    if start is None:
        return None
    line = " ".join(part.strip() for part in lines[start : number + 1])
    return Forwarded(_author(line), (), _date(line), base_subject(subject) or None, _body(lines[number + 1 :]))


def _forwarded(headers: QuotedHeaders, lines: list[str]) -> Forwarded:
    values = headers.values
    from_ = parse_addresses(_plain(values.get("from", "")))
    return Forwarded(
        from_=from_[0] if from_ else None,
        to=parse_addresses(_plain(values.get("to", ""))),
        date=values.get("date") or None,
        subject=values.get("subject") or None,
        text=_body(lines[headers.end :], is_quoted=lines[headers.end - 1].lstrip().startswith(">")),
    )


def _plain(value: str) -> str:
    """Header values as programs copy them: with `[mailto:…]` and `<mailto:…>` added by them."""
    return value.replace("[mailto:", "<").replace("]", ">").replace("<mailto:", "<").strip("* ")


def _body(lines: list[str], *, is_quoted: bool = False) -> str:
    """The text below, without the quote marks or the indent that all its lines share; quoted headers tell it too."""
    marks = [line for line in lines if line.strip()]
    if is_quoted or (marks and all(line.lstrip().startswith(">") for line in marks)):
        lines = [
            line.lstrip().removeprefix(">").removeprefix(" ") if line.lstrip()[:1] == ">" else line for line in lines
        ]
    elif marks and all(line.startswith("    ") for line in marks):
        lines = [line[4:] for line in lines]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _run_on(line: str, below: list[str]) -> Forwarded | None:
    """Header lines that stand in one line: `From: Ann <a@b>To: …Subject: …`."""
    pieces = _run_on_lines(line)
    headers = headers_at(pieces, 0)
    if headers is None:
        return None
    found = _forwarded(headers, pieces)
    return Forwarded(found.from_, found.to, found.date, found.subject, _body(below))


def _run_on_lines(line: str) -> list[str]:
    starts = [match.start(1) for match in RUN_ON.finditer(line)]
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    return [line[start:end].strip() for start, end in zip(starts, [*starts[1:], len(line)], strict=True)]


def _author(line: str) -> Address | None:
    match = BRACKETED.search(line)
    if match is None:
        return None
    name = NAME.search(line)
    return Address(name[1] if name else "", match[1] or match[2])


def _date(line: str) -> str | None:
    match = DATE.search(line)
    return ADDRESS.sub("", line[match.start() :]).partition("<")[0].strip(" ,:") or None if match else None
