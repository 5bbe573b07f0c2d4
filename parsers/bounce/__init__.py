"""Reports about mail sent earlier: bounces (RFC 3464, or only words) and complaints (RFC 5965)."""

from collections.abc import Sequence

from parsers.address_list import parse_addresses
from parsers.body import Body
from parsers.bounce.addresses import ADDRESS, is_daemon
from parsers.bounce.arf import complaint_of
from parsers.bounce.dsn import failures_of, groups_of
from parsers.bounce.reasons import judged
from parsers.bounce.text import explanation_of, failures_in_text, says_failed
from parsers.headers import Headers
from parsers.limits import Limits
from parsers.message_ids import message_id, message_ids
from parsers.mime import Part, read_tree
from parsers.model import Address, Report
from parsers.phrases.bounces import SUBJECTS

__all__ = ["report_of"]

STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
COPIES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "text/rfc822-header")
COMPLAINT_SUBJECT = "complaint about message from"
COMPLAINT_HEADER = "x-hmxmroriginalrecipient"
LONGEST_COPY = 256 * 1024


def report_of(headers: Headers, tree: Part, body: Body, subject: str, from_: Sequence[Address]) -> Report | None:
    """What the message reports, or None for one that reports nothing."""
    by_type = {part.content_type: content for part, content in reversed(body.leaves)}
    subject = subject.lower()
    if "message/feedback-report" in by_type:
        kind, recipients = complaint_of(groups_of(by_type["message/feedback-report"]))
        return Report(kind, recipients, _original_message_id(headers, body))
    if COMPLAINT_SUBJECT in subject:
        return _unframed_complaint(headers, body)
    status = next((by_type[name] for name in STATUS_PARTS if name in by_type), None)
    if status is not None and tree.content_type.startswith("multipart/"):
        groups, explanation = groups_of(status), explanation_of(body.text)
        found = failures_of(groups, explanation)
        if found or any(group.get("action", "").lower().startswith("fail") for group in groups):
            found = found or failures_in_text(explanation, (), frozenset())
            return Report("bounce", tuple(map(judged, found)), _original_message_id(headers, body))
        if any("action" in group for group in groups):
            return None
    if not _may_be_bounce(headers, subject, from_):
        return None
    explanation = explanation_of(body.text)
    if "x-failed-recipients" not in headers and not says_failed(explanation):
        return None
    named = tuple(dict.fromkeys(ADDRESS.findall(headers.first("x-failed-recipients") or "")))
    ours = frozenset(address.address.lower() for value in headers.raw_all("to") for address in parse_addresses(value))
    found = failures_in_text(explanation, named, ours)
    return Report("bounce", tuple(map(judged, found)), _original_message_id(headers, body))


def _unframed_complaint(headers: Headers, body: Body) -> Report | None:
    """Microsoft's junk mail reports: only the message itself, with the complaining recipient in a header of theirs."""
    for part, content in body.leaves:
        if part.content_type == "message/rfc822":
            tree, _ = read_tree(content[:LONGEST_COPY], Limits(parts=1))
            if recipient := tree.headers.first(COMPLAINT_HEADER):
                _, recipients = complaint_of([{"original-rcpt-to": recipient}])
                return Report("abuse", recipients, _original_message_id(headers, body))
    return None


def _may_be_bounce(headers: Headers, subject: str, from_: Sequence[Address]) -> bool:
    """Of three signs two: servers write from their own address, with an empty return path, and say what happened."""
    if "x-failed-recipients" in headers:
        return True
    daemon = any(is_daemon(one.address or one.name) or is_daemon(one.name.replace(" ", "-")) for one in from_)
    path = (headers.first("return-path") or "").strip(" <>")
    empty_path = "return-path" in headers and (not path or is_daemon(path))
    if not daemon and not empty_path:
        return False
    return (daemon and empty_path) or any(phrase in subject for phrase in SUBJECTS)


def _original_message_id(headers: Headers, body: Body) -> str | None:
    """The Message-ID of the mail that is reported about, out of the copy that came back."""
    for part, content in body.leaves:
        if part.content_type in COPIES:
            tree, _ = read_tree(content[:LONGEST_COPY], Limits(parts=1))
            if found := message_id(tree.headers.first("message-id")):
                return found
    at = body.text.lower().rfind("\nmessage-id:")
    if at >= 0:
        return message_id(body.text[at + 12 : at + 500].split("\n")[0])
    cited = message_ids(headers.first("in-reply-to")) or message_ids(headers.first("references"))
    return cited[-1] if cited else None
