"""Bytes to meaning: the one call that turns a raw message into everything the rest of the program knows about it.

First it is read: the tree of its parts, its texts and files, its envelope. Then it is judged: what in it is new, passed on,
a report, from a machine. At last all of that is put down in a `ParsedMessage`.
"""

from parsers.bounce import report_of
from parsers.calendar.invitation import invitation_of
from parsers.contact_card.vcard import cards_of
from parsers.content.attachments import describe, normal_line_ends
from parsers.content.body import Body, read_body
from parsers.fields.envelope import Envelope
from parsers.fingerprint import fingerprint_of
from parsers.forward import attached_message, forwarded_of
from parsers.kinds.away import returns_on
from parsers.kinds.classify import classify
from parsers.limits import Limits
from parsers.mime.tree import Budget, Part, read_tree
from parsers.model import Attachment, Defect, Kind, ParsedMessage, parsed_message
from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of

OUTLOOK_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an OLE compound file begins, which is what Outlook saves a message as (`.msg`)."""
OUT_OF_OFFICE = Kind.OUT_OF_OFFICE


class _Judgement:
    """What a message that has been read is, and which of its text is whose."""

    def __init__(
        self, envelope: Envelope, tree: Part, body: Body, attachments: tuple[Attachment, ...], limits: Limits
    ) -> None:
        headers, subject, from_ = envelope.headers, envelope.subject, envelope.from_
        text, lowered = lines_of(body.text), subject.lower()
        self.report = report_of(headers, tree, body, lowered, from_)
        self.reply = reply_of(text, body.html if envelope.is_answer else None)
        told = self.reply.text or body.text
        self.kind = classify(headers, tree, body.leaves, lowered, told, from_, self.report)
        self.forwarded = forwarded_of(subject, text, attachments) or attached_message(
            self.kind, subject, self.reply.text, body.files, limits
        )
        is_away = self.kind is OUT_OF_OFFICE
        self.returns_on = returns_on(subject, told, headers.first("date"), envelope.author) if is_away else None


def parse_message(raw: bytes, *, limits: Limits = Limits()) -> ParsedMessage:
    """Everything that `raw` says. Never raises; time and memory are linear in its size, bounded by `limits`."""
    tree, budget = read_tree(normal_line_ends(raw), limits)
    body = read_body(tree, limits)
    envelope = Envelope(tree.headers.hinted(body.charset), limits)
    attachments = describe(body.files)
    judgement = _Judgement(envelope, tree, body, attachments, limits)
    cards, bad_cards = cards_of(body.files)
    invitation, calendar_defects = invitation_of(body)
    # In the order of the fields: by their names it takes three times as long.
    return parsed_message(
        envelope.message_id,
        envelope.in_reply_to,
        envelope.references,
        envelope.date,
        envelope.from_,
        envelope.sender,
        envelope.reply_to,
        envelope.to,
        envelope.cc,
        envelope.bcc,
        envelope.subject,
        body.text,
        body.html,
        judgement.reply,
        judgement.forwarded,
        attachments,
        judgement.kind,
        judgement.report,
        envelope.headers,
        tree.start,
        fingerprint_of(envelope.headers, body.digests),
        _defects(raw, envelope, budget, body, bad_cards) + calendar_defects,
        cards,
        invitation,
        body.protection,
        judgement.returns_on,
    )


def _defects(raw: bytes, envelope: Envelope, budget: Budget, body: Body, bad_cards: int) -> tuple[Defect, ...]:
    headers = envelope.headers
    defects: list[Defect] = []
    if raw.startswith(OUTLOOK_FILE):
        defects.append(
            Defect("outlook_msg", "This is a file of Outlook (.msg), not a mail; save it as .eml to have it read.")
        )
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
    if not envelope.from_ and not headers.first("from"):
        defects.append(Defect("no_from", "There is no From."))
    if envelope.date is None:
        defects.append(Defect("no_date", "There is no readable Date."))
    return tuple(defects)
