"""What sort of mail it is, by what its sender declares; words count only where a machine shows itself otherwise.

The surest comes first: reports, receipts, invitations, automatic answers, then mass mail. What a system sends by itself
(`Auto-Submitted: auto-generated`: monitoring, GitHub, order states) is `bulk`, because a CRM keeps out what no person
wrote and nobody answers; only calendars stay, whose invitations are marked so and still want an answer. Every feedback
report is a `complaint`, and its type tells whether a person complained (`bounce/arf.py`). Reports that count (DMARC
aggregates, RFC 7489; TLS, RFC 8460) are `bulk`.
"""

import re
from collections.abc import Sequence

from parsers.automatic import answer_of
from parsers.headers import Headers
from parsers.mass_mail import is_campaign, mass_mail_of
from parsers.mime import Part
from parsers.model import Address, Kind, Report
from parsers.receipts import is_receipt

CALENDARS = ("text/calendar", "application/ics")
METHOD = re.compile(rb"^METHOD[^:\r\n]{0,50}:[ \t]{0,3}([A-Z]{3,20})", re.IGNORECASE | re.MULTILINE)
HEAD_OF_CALENDAR = 2_000
INVITING = frozenset({"REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"})
"""Methods that pass between those who meet (RFC 5546 §1.4). `PUBLISH` is for reading: a ticket, a school's holidays."""


def classify(
    headers: Headers,
    tree: Part,
    leaves: Sequence[tuple[Part, bytes]],
    subject: str,
    text: str,
    from_: Sequence[Address],
    report: Report | None,
) -> Kind:
    """The kind. `text` is what the author newly wrote, without what he quotes."""
    if report is not None:
        return Kind.BOUNCE if report.type == "bounce" else Kind.COMPLAINT
    if is_receipt(tree, leaves, subject, text, from_):
        return Kind.RECEIPT
    if _is_invitation(leaves) and not is_campaign(headers):
        return Kind.CALENDAR
    return answer_of(headers, subject, text, from_) or mass_mail_of(headers, subject) or Kind.NORMAL


def _is_invitation(leaves: Sequence[tuple[Part, bytes]]) -> bool:
    """Whether a calendar asks or answers somebody; one that is only attached names no such method."""
    for part, content in leaves:
        if part.content_type in CALENDARS:
            match = METHOD.search(content[:HEAD_OF_CALENDAR])
            named = match[1].decode("ascii") if match else part.parameters.get("method", "")
            if named.upper() in INVITING:
                return True
    return False
