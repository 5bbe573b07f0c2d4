"""Author and date out of the line above a quote: "On Mon, 2 Mar 2026 at 11:00 AM, Ann <ann@…> wrote:"."""

import re

from parsers.model import Address
from parsers.phrases.alternatives import any_of
from parsers.phrases.attributions import VERBS
from parsers.reply.attribution import DATE, START

LONGEST = 1_000
MOST_WORDS = 6
MAILBOX = re.compile(r"<([^<>\s]{1,320}@[^<>\s]{1,255})>|\(?([^\s<>()\"]{1,320}@[^\s<>()\",;]{1,255})\)?")
QUOTED = re.compile(r"[\"“„«]\s?([^\"”“»]{1,100}?)\s?[\"”“»]")
DATE_END = re.compile(
    r".*\d(?:\s?(?:[AaPp]\.?\s?[Mm]\b\.?|Uhr\b|(?:GMT|UTC)\b|[A-Z]{3,4}\b(?!\s[A-Z]))|[日时時분])?", re.DOTALL
)
VERB = re.compile(rf"(?:{any_of(VERBS)})(?!\w)[\s:：]{{0,3}}", re.IGNORECASE)
AROUND = " \t,.;:：<>()\"'“”„«»[]"


def told_by(line: str) -> tuple[Address | None, str | None]:
    """Who wrote, where an address tells it, and when, as written there."""
    line = line[:LONGEST]
    mailbox = MAILBOX.search(line)
    if mailbox is None:
        return None, _date(line)
    before, behind = line[: mailbox.start()], line[mailbox.end() :]
    quoted = QUOTED.search(before)
    if quoted:
        before = f"{before[: quoted.start()]} {before[quoted.end() :]}"
    dated_before = DATE.search(before) is not None
    name = quoted[1] if quoted else _name(before, dated=dated_before)
    return Address(name, mailbox[1] or mailbox[2]), _date(before if dated_before else behind)


def _name(before: str, *, dated: bool) -> str:
    """What stands between the date, if it comes first, and the address."""
    end = DATE_END.match(before) if dated else None
    text = before[end.end() :] if end else before
    text = _without_verb(text.strip(AROUND))
    return text if len(text.split()) <= MOST_WORDS and "@" not in text else ""


def _without_verb(text: str) -> str:
    verb = VERB.match(text)
    return (text[verb.end() :] if verb else text).strip(AROUND)


def _date(text: str) -> str | None:
    """From behind the word that such lines begin with, to the last digit and what belongs to it."""
    if not DATE.search(text):
        return None
    text = _without_verb(text.strip(AROUND))
    start = START.match(text)
    if start:
        text = text[start.end() - start[0][-1].isdigit() :]
    end = DATE_END.match(text)
    return end[0].strip(" ,:") if end else None
