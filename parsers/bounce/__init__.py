"""Reports about mail sent earlier: bounces (RFC 3464, or only words) and complaints (RFC 5965)."""

from collections.abc import Sequence
from typing import Final

from parsers.bounce.addresses import address_of_field
from parsers.bounce.arf import ABUSE, MICROSOFT_SUBJECT, complaints_of, feedback_of
from parsers.bounce.dsn import Fields, failures_of, groups_in, groups_of, tells_failure
from parsers.bounce.forwarded import forwarded_failures
from parsers.bounce.moved import AUTOMATIC, failure_of_moved, is_automatic
from parsers.bounce.notification import (
    Object,
    complainers_told,
    failures_told,
    message_id_told,
    notification_in,
    type_of,
)
from parsers.bounce.reasons import judged
from parsers.bounce.recognise import FAILED_HEADER, is_bounce, may_be_bounce
from parsers.bounce.returned import copy_in, only_recipient, original_message_id
from parsers.bounce.sender import Sender, sender_of
from parsers.bounce.text import explanation_of, failure_without_address, failures_in_text, lone_address
from parsers.content.body import Body
from parsers.fields.address_list import parse_addresses
from parsers.fields.headers import Headers
from parsers.fields.message_ids import message_id
from parsers.mime.tree import Part
from parsers.model import Address, Report
from parsers.phrases.bounces import FORWARDED

__all__ = ["report_of"]

STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
RECEIPT = "message/disposition-notification"
FIELD = b"final-recipient:"
MISPLACED = ("text/plain", "application/octet-stream", "text/delivery-status", "message/delivery-notification")
"""What a report comes as from programs that do not know its type."""
LONGEST_REPORT = 64 * 1024
NOTIFICATION_HEADER = "x-amz-sns-message-id"
CLUES: Final = AUTOMATIC | {NOTIFICATION_HEADER}
"""Fields of what may be no bounce by its sender, and report one all the same."""
FOR_MACHINES = "message/"
"""How the types of all parts begin that report something, and those of mails passed on."""


def report_of(headers: Headers, tree: Part, body: Body, subject: str, from_: Sequence[Address]) -> Report | None:
    """What the message reports, or None for one that reports nothing. `subject` is in lower case."""
    sender = sender_of(headers, from_)
    if _reports_nothing(headers, tree, body, subject, sender):
        return None
    if (feedback := feedback_of(headers, tree, body, subject)) is not None:
        return feedback
    parts = {part.content_type: content for part, content in reversed(body.leaves)} if tree.is_multipart else {}
    if NOTIFICATION_HEADER in headers and (told := notification_in(body.text)) is not None:
        return _notified(told)
    status = next((parts[name] for name in STATUS_PARTS if name in parts), None)
    if status is not None:
        groups = groups_of(status)
        if tells_failure(groups):
            return _bounce(headers, body, groups)
        if any("action" in group for group in groups):
            return None
    if RECEIPT in parts:
        return None
    if may_be_bounce(headers, subject, sender) and is_bounce(headers, body, subject, sender):
        return _bounce(headers, body, groups_of(status) if status is not None else [])
    if subject.startswith(FORWARDED) and (forwarded := forwarded_failures(headers, subject, body.text)):
        return Report("bounce", tuple(map(judged, forwarded)), original_message_id(headers, body, None))
    if is_automatic(headers) and (moved := failure_of_moved(from_, body.text)) is not None:
        return Report("bounce", (judged(moved),), original_message_id(headers, body, None))
    return None


def _reports_nothing(headers: Headers, tree: Part, body: Body, subject: str, sender: Sender) -> bool:
    """A cheap look at what a mail between people has none of."""
    if headers.has_any(CLUES) or may_be_bounce(headers, subject, sender) or "report-type" in tree.parameters:
        return False
    if MICROSOFT_SUBJECT in subject or subject.startswith(FORWARDED):
        return False
    return not any(part.content_type.startswith(FOR_MACHINES) for part, _ in body.leaves)


def _bounce(headers: Headers, body: Body, groups: list[Fields]) -> Report:
    """A bounce by its fields; by its words where it has none; and at last by the copy that came back."""
    explanation, copy = explanation_of(body.text), copy_in(body)
    failures = failures_of(groups or _misplaced_groups(body, explanation), explanation)
    if not failures:
        ours = frozenset(one.address.lower() for value in headers.raw_all("to") for one in parse_addresses(value))
        failures = failures_in_text(explanation, _named(headers), ours)
        address = (
            "" if failures else only_recipient(body, copy, len(explanation), ours) or lone_address(explanation, ours)
        )
        failures = (failure_without_address(address, explanation),) if address else failures
    return Report("bounce", tuple(map(judged, failures)), original_message_id(headers, body, copy))


def _misplaced_groups(body: Body, explanation: str) -> list[Fields]:
    """The fields of a report that lost its frame: pasted into the text, or attached under another type."""
    if FIELD.decode() in explanation.lower():
        return groups_in(explanation)
    for part, content in body.leaves:
        if part.content_type in MISPLACED and FIELD in content[:LONGEST_REPORT].lower():
            return groups_of(content)
    return []


def _named(headers: Headers) -> tuple[str, ...]:
    """The recipients that Exim and Google tell in a header of theirs."""
    values = [each for value in headers.all(FAILED_HEADER) for each in value.split(",")]
    return tuple(dict.fromkeys(address for value in values if (address := address_of_field(value))))


def _notified(told: Object) -> Report | None:
    """What Amazon SES tells of a mail; None where it went well."""
    original = message_id(message_id_told(told))
    if type_of(told) == "bounce":
        return Report("bounce", tuple(map(judged, failures_told(told))), original)
    if type_of(told) == "complaint":
        return Report(ABUSE, complaints_of(complainers_told(told)), original)
    return None
