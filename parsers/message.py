"""Bytes to meaning: the one call that turns a raw message into everything the rest of the program knows about it."""

from collections.abc import Sequence
from datetime import datetime

from parsers.bounce import report_of
from parsers.calendar.invitation import invitation_of
from parsers.contact_card.vcard import cards_of
from parsers.content.attachments import describe, normal_line_ends
from parsers.content.body import Body, read_body
from parsers.fields.address_list import parse_addresses
from parsers.fields.dates import parse_date
from parsers.fields.headers import Headers
from parsers.fields.message_ids import message_id, message_ids
from parsers.fields.subjects import has_forward_prefix, has_reply_prefix
from parsers.fingerprint import fingerprint_of
from parsers.forward import attached_message, forwarded_of
from parsers.kinds.away import returns_on
from parsers.kinds.classify import classify
from parsers.limits import Limits
from parsers.mime.tree import Budget, read_tree
from parsers.model import Address, Defect, Kind, ParsedMessage
from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of


def parse_message(raw: bytes, *, limits: Limits = Limits()) -> ParsedMessage:
    """Everything that `raw` says. Never raises; time and memory are linear in its size, bounded by `limits`."""
    tree, budget = read_tree(normal_line_ends(raw), limits)
    body = read_body(tree, limits)
    headers = tree.headers.hinted(body.charset)
    subject = headers.first("subject") or ""
    from_ = _addresses(headers, "from", limits, first_only=True)
    date = parse_date(headers.first("date"))
    in_reply_to = message_ids(*headers.all("in-reply-to"))
    references = message_ids(*headers.all("references"))
    text = lines_of(body.text)
    is_answer = bool(in_reply_to or references) or has_reply_prefix(subject) or has_forward_prefix(subject)
    report = report_of(headers, tree, body, subject, from_)
    reply = reply_of(text, body.html if is_answer else None)
    kind = classify(headers, tree, body.leaves, subject, reply.text or body.text, from_, report)
    attachments = describe(body.files)
    cards, bad_cards = cards_of(body.files)
    invitation, calendar_defects = invitation_of(body)
    return ParsedMessage(
        message_id=message_id(*headers.all("message-id")),
        in_reply_to=in_reply_to,
        references=references,
        date=date,
        from_=from_,
        sender=_addresses(headers, "sender", limits),
        reply_to=_addresses(headers, "reply-to", limits),
        to=_addresses(headers, "to", limits),
        cc=_addresses(headers, "cc", limits),
        bcc=_addresses(headers, "bcc", limits),
        subject=subject,
        text=body.text,
        html=body.html,
        reply=reply,
        forwarded=forwarded_of(subject, text, attachments)
        or attached_message(kind, subject, reply.text, body.files, limits),
        attachments=attachments,
        kind=kind,
        report=report,
        headers=headers,
        head_size=tree.start,
        fingerprint=fingerprint_of(headers, body.digests),
        defects=_defects(headers, from_, date, budget, body, bad_cards) + calendar_defects,
        invitation=invitation,
        protection=body.protection,
        cards=cards,
        returns_on=(
            returns_on(subject, reply.text or body.text, headers.first("date"), from_[0].address if from_ else "")
            if kind is Kind.OUT_OF_OFFICE
            else None
        ),
    )


def _addresses(headers: Headers, name: str, limits: Limits, *, first_only: bool = False) -> tuple[Address, ...]:
    if name not in headers:
        return ()
    values = headers.raw_all(name)
    if len(values) == 1 or (values and first_only):
        return parse_addresses(values[0], limits.addresses)
    found = [address for value in values for address in parse_addresses(value, limits.addresses)]
    return tuple(found[: limits.addresses])


def _defects(
    headers: Headers, from_: Sequence[Address], date: datetime | None, budget: Budget, body: Body, bad_cards: int
) -> tuple[Defect, ...]:
    defects: list[Defect] = []
    if not len(headers):
        defects.append(Defect("no_headers", "The message begins without any header."))
    if budget.is_exceeded or body.is_exceeded:
        defects.append(Defect("too_many_parts", "Only the first parts were read."))
    if body.truncated:
        defects.append(Defect("text_cut", "The text is longer than what is read of it."))
    if body.damaged:
        defects.append(Defect("bad_encoding", f"{body.damaged} parts are not encoded as they say."))
    if any(part.is_broken for part, _ in body.leaves):
        defects.append(Defect("bad_multipart", "A multipart has no readable parts."))
    if bad_cards:
        defects.append(Defect("bad_card", f"{bad_cards} contact cards could not be read."))
    if not from_ and not headers.first("from"):
        defects.append(Defect("no_from", "There is no From."))
    if date is None:
        defects.append(Defect("no_date", "There is no readable Date."))
    return tuple(defects)
