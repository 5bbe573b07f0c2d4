"""A forwarded message taken out of the text it was pasted into: who wrote it, when, about what, and what."""

import re
from dataclasses import replace
from typing import Final

from parsers.fields.message_ids import message_id
from parsers.fields.subjects import base_subject, has_forward_prefix, has_reply_prefix
from parsers.forward.attributed import told_by
from parsers.forward.ends import original_text
from parsers.forward.moments import moment_of
from parsers.forward.people import author_in, people_in
from parsers.model import Attachment, Forwarded
from parsers.phrases.forwards import FORWARDED_BY
from parsers.phrases.labels import LABELS
from parsers.phrases.separators import FORWARDED
from parsers.phrases.subjects import FORWARD_PREFIXES
from parsers.reply.attribution import attribution_above
from parsers.reply.lines import Lines, is_marked
from parsers.reply.quoted_headers import QuotedHeaders, headers_at, role_of
from parsers.reply.separators import Separator

MOST_LINES: Final = 5_000
MOST_ATTRIBUTION: Final = 4
PREFIXES: Final = frozenset(FORWARD_PREFIXES)
COLON: Final = re.compile(r"\s?:\s")
RUN_ON: Final = frozenset(label for role in ("from", "to", "cc", "bcc", "date", "subject") for label in LABELS[role])
"""Labels of header lines that may stand in one line."""
LONGEST_RUN_ON: Final = max(map(len, RUN_ON))


def forwarded_of(subject: str, text: Lines, attachments: tuple[Attachment, ...] = ()) -> Forwarded | None:
    """The forwarded message in `text`, or None; of several the outermost. `attachments` are those of the whole mail.

    A line that says so is enough, unless an answer only quotes it. Where there is only a block of header lines or an
    attribution, the subject must say it: the same stands above what Outlook and others quote in an answer.
    """
    says_so = _says_forward(subject)
    numbers = text.notable if says_so else _candidates(text)
    if not numbers:
        return None
    quote = len(text.all) if says_so else _first_quote(text, numbers[-1])
    for number in numbers:
        if number >= MOST_LINES:
            break
        found = _at(text, number, subject, says_so=says_so, is_quoted=quote < number)
        if found is not None:
            return replace(found, attachments=attachments) if attachments else found
    return None


def _at(text: Lines, number: int, subject: str, *, says_so: bool, is_quoted: bool) -> Forwarded | None:
    """The forwarded message that this line announces or begins, if the mail does not only quote it."""
    line = text.all[number]
    separator = text.separators.get(number) or _named_separator(line)
    if separator is None:
        return _without_separator(text.all, number, subject) if says_so else None
    if not says_so:
        # An answer says `original` above what it answers to, and quotes what was forwarded to its author.
        is_answer = has_reply_prefix(subject) and (is_marked(line) or not _says_forwarded(line))
        if is_answer or is_quoted:
            return None
    return _below_separator(text.all, number, separator.behind, subject)


def _candidates(text: Lines) -> list[int]:
    """The lines that say so: in nearly all mails none."""
    lines = text.all
    drawn = [number for number in text.drawn if _named_separator(lines[number])]
    said = [number for number, separator in text.separators.items() if separator.is_forward]
    return sorted({*said, *drawn}) if drawn else said


def _says_forward(subject: str) -> bool:
    """Whether the outermost prefix is one of forwarding: `Re: Fwd: Offer` answers."""
    colon, wide = subject.find(":"), subject.find("：")
    first = wide if colon < 0 or 0 <= wide < colon else colon
    if first <= 0:
        return False
    word = subject[:first]
    if word.isascii() and word.isalpha():
        return word.lower() in PREFIXES
    return has_forward_prefix(subject[: first + 1])


def _named_separator(line: str) -> Separator | None:
    """`----- Forwarded message from Ann <ann@…> -----`: the dashes are drawn around words that differ each time."""
    is_named = line[:3] == "---" and line.lstrip("- ").lower().startswith(FORWARDED_BY)
    return Separator(True) if is_named else None


def _first_quote(text: Lines, end: int) -> int:
    """The first line above `end` that begins a quote, as the mail does that an answer answers to; `end` if there is none."""
    lines = text.all
    for number in text.notable:
        if number >= end:
            break
        line = lines[number]
        if number in text.separators or (role_of(line) and headers_at(lines, number)):
            return number
        if line.strip() and attribution_above(lines, number, 0) is not None:
            return number
    return end


def _says_forwarded(line: str) -> bool:
    """Whether the words say `forwarded`, not `original`, which many draw above what they answer to."""
    lowered = line.lower()
    return any(phrase in lowered for phrase in (*FORWARDED, *FORWARDED_BY))


def _below_separator(lines: list[str], number: int, behind: str, subject: str) -> Forwarded | None:
    if behind and (found := _run_on(behind, lines[number + 1 :])):
        return found
    start = number + 1
    while start < len(lines) and not lines[start].strip(" >\t"):
        start += 1
    if start >= len(lines):
        return None
    headers = headers_at(lines, start)
    if headers is not None:
        return _forwarded(headers, lines)
    for end in range(start, min(start + MOST_ATTRIBUTION, len(lines))):
        if attribution_above(lines, end, start) is not None:
            return _by_attribution(lines, start, end, subject)
    return None


def _without_separator(lines: list[str], number: int, subject: str) -> Forwarded | None:
    headers = headers_at(lines, number)
    if headers is not None:
        return _forwarded(headers, lines)
    start = attribution_above(lines, number, 0)
    return _by_attribution(lines, start, number, subject) if start is not None else None


def _by_attribution(lines: list[str], start: int, end: int, subject: str) -> Forwarded:
    """The message below a line like `2 March 2026, "Ann" <ann@…>:`, which tells no subject: the mail's own is the same."""
    author, date = told_by(" ".join(part.strip(" >") for part in lines[start : end + 1]))
    return Forwarded(
        from_=author,
        to=(),
        date=date,
        subject=base_subject(subject) or None,
        text=original_text(lines[end + 1 :]),
        sent_at=moment_of(date),
    )


def _forwarded(headers: QuotedHeaders, lines: list[str]) -> Forwarded:
    values = _without_stars(headers.values)
    date = values.get("date") or None
    return Forwarded(
        from_=author_in(values.get("from", "")),
        to=people_in(values.get("to", "")),
        date=date,
        subject=values.get("subject") or None,
        text=original_text(lines[headers.end :], is_quoted=is_marked(lines[headers.end - 1])),
        cc=people_in(values.get("cc", "")),
        sent_at=moment_of(date),
        message_id=message_id(values.get("message_id")),
    )


def _without_stars(values: dict[str, str]) -> dict[str, str]:
    """The values without the star that closes a bold label behind its blank: `*From: *Ann`."""
    told = [value for value in values.values() if value]
    if not all(value.startswith("*") for value in told):
        return values
    return {role: value.removeprefix("*").strip() for role, value in values.items()}


def _run_on(line: str, below: list[str]) -> Forwarded | None:
    """Header lines that stand in one line: `From: Ann <a@b>To: …Subject: …`."""
    pieces = _run_on_lines(line)
    headers = headers_at(pieces, 0)
    return _forwarded(headers, [*pieces[: headers.end], *below]) if headers else None


def _run_on_lines(line: str) -> list[str]:
    """The line cut before each label; blanks may be missing there."""
    starts, end = [0], 0
    for colon in COLON.finditer(line):
        start = _label_start(line, end, colon.start())
        if start >= 0:
            end = colon.end()
        if start > 0:
            starts.append(start)
    return [line[start:end].strip() for start, end in zip(starts, [*starts[1:], len(line)], strict=True)]


def _label_start(line: str, floor: int, end: int) -> int:
    """Where the longest label begins that ends at `end`, not before `floor`; -1 where there is none."""
    for start in range(max(end - LONGEST_RUN_ON, floor), end):
        if line[start:end].lower() in RUN_ON:
            return start
    return -1
