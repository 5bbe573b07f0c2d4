"""What sort of mail it is, by what its sender declares; words count only where a machine shows itself otherwise.

The surest comes first: reports, receipts, invitations, automatic answers, then mass mail. What a system sends by itself
(`Auto-Submitted: auto-generated`: monitoring, GitHub, order states) is `bulk`, because a CRM keeps out what no person
wrote and nobody answers; only calendars stay, whose invitations are marked so and still want an answer. Every feedback
report is a `complaint`, and its type tells whether a person complained (`bounce/arf.py`). Reports that count (DMARC
aggregates, RFC 7489; TLS, RFC 8460) are `bulk`.
"""

import re
from collections.abc import Iterable, Sequence

from parsers.fields.headers import Headers
from parsers.kinds import automatic, mass_mail
from parsers.kinds.automatic import answer_of, may_be_unmarked
from parsers.kinds.mass_mail import DMARC_REPORTS, is_campaign, mass_mail_of
from parsers.kinds.receipts import NOTIFICATIONS, STARTS, STATUSES, is_receipt
from parsers.mime.tree import Part
from parsers.model import Address, Kind, Report

CALENDARS = ("text/calendar", "application/ics")
METHOD = re.compile(rb"^METHOD[^:\r\n]{0,50}:[ \t]{0,3}([A-Z]{3,20})", re.IGNORECASE | re.MULTILINE)
HEAD_OF_CALENDAR = 2_000
INVITING = frozenset({"REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"})
"""Methods that pass between those who meet (RFC 5546 §1.4). `PUBLISH` is for reading: a ticket, a school's holidays."""
TELLING = frozenset({*CALENDARS, *NOTIFICATIONS, *STATUSES})
"""Types of parts that make a mail more than what somebody wrote."""
MARKS = automatic.MARKS | mass_mail.MARKS


def _first_letters(starts: Iterable[str]) -> frozenset[str]:
    """Three letters that each of these beginnings may begin with; shorter ones with what closes them."""
    long = {start[:3] for start in starts if len(start) > 2}
    return frozenset(long | {start + mark for start in starts if len(start) < 3 for mark in ": ：-"})


FIRST_LETTERS = _first_letters((*automatic.SUBJECTS, *STARTS, *DMARC_REPORTS))


def classify(
    headers: Headers,
    tree: Part,
    leaves: Sequence[tuple[Part, bytes]],
    subject: str,
    text: str,
    from_: Sequence[Address],
    report: Report | None,
) -> Kind:
    """The kind. `subject` is in lower case, `text` what the author newly wrote, without what he quotes."""
    if report is not None:
        return Kind.BOUNCE if report.type == "bounce" else Kind.COMPLAINT
    if tree.content_type != "multipart/report" and _says_nothing(headers, leaves, subject, from_):
        return Kind.NORMAL
    if is_receipt(tree, leaves, subject, text, from_):
        return Kind.RECEIPT
    if _is_invitation(leaves) and not is_campaign(headers):
        return Kind.CALENDAR
    return answer_of(headers, subject, text, from_) or mass_mail_of(headers, subject) or Kind.NORMAL


def _says_nothing(
    headers: Headers, leaves: Sequence[tuple[Part, bytes]], subject: str, from_: Sequence[Address]
) -> bool:
    """A cheap look at what a mail between people has none of: most mail need not be read any further."""
    return (
        not headers.has_any(MARKS)
        and subject[:3] not in FIRST_LETTERS
        and subject[:1] not in automatic.OPENING
        and not may_be_unmarked(headers, subject, from_)
        and TELLING.isdisjoint([part.content_type for part, _ in leaves])
    )


def _is_invitation(leaves: Sequence[tuple[Part, bytes]]) -> bool:
    """Whether a calendar asks or answers somebody; one that is only attached names no such method."""
    for part, content in leaves:
        if part.content_type in CALENDARS:
            match = METHOD.search(content[:HEAD_OF_CALENDAR])
            named = match[1].decode("ascii") if match else part.parameters.get("method", "")
            if named.upper() in INVITING:
                return True
    return False
