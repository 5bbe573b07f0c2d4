"""Status codes in a report: the enhanced ones (RFC 3463) and the reply codes of SMTP (RFC 5321 §4.2), out of any text."""

import re
from collections.abc import Iterator

ENHANCED = re.compile(r"[245](?<![\d.].)\.\d{1,3}\.\d{1,3}(?![\d.]\d)")
# The code that stands with a reply code is the one of the server that refused; others may be the reporter's own.
IN_REPLY = re.compile(r"[45](?<![\w.].)\d\d[ -]{1,3}[#']?([45]\.\d{1,3}\.\d{1,3})(?![\d.]\d)")
REPLY = re.compile(r"[45](?<![\w.:\[-].)\d\d(?=[ :-])")
# Cisco's gateways wrap the answer of the server behind them: 5.1.0 - Unknown address error 550-'the answer'.
WRAPPED = re.compile(r"[245]\.\d\.\d - [A-Za-z ]{5,60} (?:[(][^()]{1,60}[)] )?(?:[245]\d\d-)?'([^']{1,1000})'")
# A line across the page, or the report in English after the one in the user's language.
RULE = re.compile(r"[*=_-]{6}|this message was created automatically", re.IGNORECASE)
LONGEST = 2_000


def status_of(field: str, diagnostic: str, around: str = "") -> str:
    """The enhanced status that says most, "" where none is told.

    In this order: the one in the last reply that is quoted (a report of a report quotes the first refusal last), the one
    the report's field gives, any in the server's words, any in the report around; each only if it is not vague (`5.0.0`)
    and tells no success, then the first of those.
    """
    vague = ""
    for status in _told(field, diagnostic[:LONGEST], around[:LONGEST]):
        if status[0] != "2" and not status.endswith(".0.0"):
            return status
        vague = vague or status
    return vague


def _told(field: str, diagnostic: str, around: str) -> Iterator[str]:
    yield from reversed(IN_REPLY.findall(diagnostic))
    yield from ENHANCED.findall(field)
    in_words = ENHANCED.findall(diagnostic)
    yield from in_words
    if not field and not in_words:
        yield from (status for status in ENHANCED.findall(around) if status[0] != "2")


def reply_in(diagnostic: str) -> str:
    """What the refusing server answered, from its reply code on, out of a report's sentence; "" where none is quoted."""
    diagnostic = diagnostic[:LONGEST]
    if wrapped := WRAPPED.search(diagnostic) if " - " in diagnostic else None:
        return wrapped[1]
    found = REPLY.search(diagnostic)
    return RULE.split(diagnostic[found.start() :], maxsplit=1)[0] if found is not None else ""
