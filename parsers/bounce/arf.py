"""Feedback reports (RFC 5965): mostly somebody pressed "this is spam", and his provider tells us.

Not all of them are a person's complaint: `auth-failure` (RFC 6591, DMARC's failure reports) tells of a signature,
`not-spam` of the contrary, `virus` of a scanner. They stay reports, whose recipients are `reported` and not permanent,
while those who complained are `complained` and permanent. Providers hide the recipient as they like, so the copy that
came back is asked too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from parsers.bounce.addresses import address_in
from parsers.bounce.returned import copy_in, original_message_id
from parsers.charsets.decoding import decode
from parsers.content.body import Body
from parsers.fields.address_list import parse_addresses
from parsers.fields.headers import Headers
from parsers.mime.tree import Part
from parsers.model import Recipient, Report

FEEDBACK = "message/feedback-report"
REPORT_TYPE = "feedback-report"
ABUSE = "abuse"
"""The type of what a person complained about."""
BY_MACHINES = frozenset({"auth-failure", "not-spam", "virus", "dkim"})
"""Types that no recipient's complaint stands behind."""
RECIPIENT_FIELDS = ("original-rcpt-to", "removal-recipient", "redacted-address")
MICROSOFT_FIELD = "x-hmxmroriginalrecipient"
COPY_FIELDS = (MICROSOFT_FIELD, "x-apparently-to", "x-original-to", "delivered-to", "envelope-to")
MICROSOFT_SUBJECT = "complaint about message from"
LONGEST = 64 * 1024
MOST_RECIPIENTS = 100
TYPE = re.compile(r"[a-z0-9-]{1,40}")
FIELD = re.compile(r"^([!-9;-~]{1,80})[ \t]{0,8}:(.{0,2000})$", re.MULTILINE)
HIDDEN = re.compile(
    r"(?:x{3,64}|\*{1,64}|[A-Za-z0-9+/]{26,64}={0,2}|.{0,40}(?:redacted|undisclosed).{0,40})@", re.IGNORECASE
)
"""Local parts that a provider put in place of the real one; among them the digests of RFC 6590."""
VERP = re.compile(r"[+:/=-]([A-Za-z0-9._%-]{1,64})=([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})@")
REWRITTEN = ("srs0", "srs1", "prvs=", "btv1==")
"""Return paths whose `=` parts something else: forwarders (SRS) and signed ones (BATV)."""
QUERY = re.compile(r"[?&](?:e|email|mail|r|rcpt|recipient|address|to)=([^&\s<>]{3,300})", re.IGNORECASE)


def feedback_of(headers: Headers, tree: Part, body: Body, subject: str) -> Report | None:
    """The report that the message is, of RFC 5965 or of Microsoft's own kind; None for all other mail.

    `subject` is in lower case.
    """
    for part, content in body.leaves:
        if part.content_type == FEEDBACK:
            return _report(headers, body, _fields_of(content))
    if tree.parameters.get("report-type", "").lower() == REPORT_TYPE:
        texts = (content for part, content in body.leaves if part.content_type == "text/plain")
        framed = next((text for text in texts if b"feedback-type:" in text[:LONGEST].lower()), b"")
        return _report(headers, body, _fields_of(framed))
    if MICROSOFT_SUBJECT in subject:
        copy = copy_in(body)
        return _report(headers, body, {}) if copy is not None and MICROSOFT_FIELD in copy else None
    return None


def complaints_of(addresses: Sequence[str]) -> tuple[Recipient, ...]:
    """Those who complained, where a provider tells their addresses by other means than a feedback report."""
    return _recipients(ABUSE, _usable(addresses, frozenset()))


def _report(headers: Headers, body: Body, fields: dict[str, list[str]]) -> Report:
    copy = copy_in(body)
    ours = frozenset(address.lower() for address in _ours(headers, fields, copy))
    found = _usable(_told(fields), ours)
    if not found and copy is not None:
        found = _usable(_told_by(copy), ours)[:1]
    kind = _type(fields)
    return Report(kind, _recipients(kind, found), original_message_id(headers, body, copy))


def _fields_of(content: bytes) -> dict[str, list[str]]:
    """All values of each field: a report may name several recipients."""
    text = decode(content[:LONGEST]).replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
    fields: dict[str, list[str]] = {}
    for match in FIELD.finditer(text):
        fields.setdefault(match[1].lower(), []).append(match[2].strip())
    return fields


def _type(fields: dict[str, list[str]]) -> str:
    """The registered name of the type; the reports that name none come from buttons called "spam"."""
    match = TYPE.match(fields.get("feedback-type", [""])[0].lower())
    if match is None:
        return "auth-failure" if "auth-failure" in fields else ABUSE
    return match[0] if match[0] != "bounce" else "other"


def _told(fields: dict[str, list[str]]) -> Iterator[str]:
    for name in RECIPIENT_FIELDS:
        for value in fields.get(name, ())[:MOST_RECIPIENTS]:
            yield address_in(value)


def _told_by(copy: Headers) -> Iterator[str]:
    """Whom the returned copy went to, the surest first."""
    for name in COPY_FIELDS:
        for value in copy.raw_all(name):
            yield address_in(value)
    to = [one.address for value in copy.raw_all("to") for one in parse_addresses(value, 3)]
    if len(to) == 1 and "cc" not in copy:
        yield to[0]
    for value in (*copy.raw_all("list-unsubscribe"), *copy.raw_all("return-path")):
        yield from _written_into(value[:2_000])


def _written_into(link: str) -> Iterator[str]:
    """The recipient in a link to unsubscribe, or in a bounce address of his own (VERP)."""
    if not any(mark in link.lower() for mark in REWRITTEN):
        for match in VERP.finditer(link):
            yield f"{match[1].rpartition('+')[2]}@{match[2]}"
    for match in QUERY.finditer(link):
        yield address_in(unquote(match[1]))


def _ours(headers: Headers, fields: dict[str, list[str]], copy: Headers | None) -> Iterator[str]:
    """Addresses of the reported mail's sender, who is nobody's complainant."""
    values = headers.raw_all("to") + fields.get("original-mail-from", [])
    if copy is not None:
        values += copy.raw_all("from") + copy.raw_all("reply-to") + copy.raw_all("return-path") + copy.raw_all("sender")
    for value in values:
        for one in parse_addresses(value, 10):
            yield one.address


def _usable(addresses: Iterable[str], ours: frozenset[str]) -> list[str]:
    found = (
        address for address in addresses if "@" in address and not HIDDEN.match(address) and address.lower() not in ours
    )
    return list(dict.fromkeys(found))


def _recipients(kind: str, addresses: list[str]) -> tuple[Recipient, ...]:
    complained = kind not in BY_MACHINES
    action = "complained" if complained else "reported"
    return tuple(Recipient(address, "", action, "feedback", complained, kind) for address in addresses)
