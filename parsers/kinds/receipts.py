"""Receipts: a mail was read, deleted or delivered (RFC 8098, RFC 3464), and nothing else is said."""

from collections.abc import Sequence

from parsers.bounce.addresses import is_daemon
from parsers.mime.tree import Part
from parsers.model import Address
from parsers.phrases.receipts import RECEIPTS

NOTIFICATIONS = ("message/disposition-notification", "message/global-disposition-notification")
STATUSES = ("message/delivery-status", "message/global-delivery-status")
HOLDING_STATUSES = ("multipart/report", *STATUSES)
REPORTS = ("disposition-notification", "global-disposition-notification")
TOP = 1_000
CLOSING = frozenset(":：-–")
STARTS = tuple(start for starts, _ in RECEIPTS for start in starts)


def is_receipt(
    tree: Part, leaves: Sequence[tuple[Part, bytes]], subject: str, text: str, from_: Sequence[Address]
) -> bool:
    """Whether it is one. Of delivery reports only those come here that report no failure. `subject` is in lower case."""
    if tree.parameters.get("report-type", "").lower() in REPORTS:
        return True
    for part, _ in leaves:
        if part.content_type in NOTIFICATIONS:
            return True
        if part.content_type in STATUSES:
            return tree.content_type in HOLDING_STATUSES or any(is_daemon(one.address) for one in from_)
    return subject.startswith(STARTS) and _is_receipt_in_words(subject, text)


def _is_receipt_in_words(subject: str, text: str) -> bool:
    """As older Exchange servers write: the subject begins so, and the text says it again."""
    top = text[:TOP].lower()
    return any(
        any(_begins(subject, start) for start in starts) and any(_says(top, words) for words in said)
        for starts, said in RECEIPTS
    )


def _says(text: str, words: str) -> bool:
    first, _, second = words.partition(" … ")
    at = text.find(first)
    return at >= 0 and text.find(second, at + len(first)) >= 0


def _begins(subject: str, start: str) -> bool:
    return subject.startswith(start) and subject[len(start) :].lstrip()[:1] in CLOSING
