"""A campaign compiled once: per recipient only the variable parts are encoded, the rest are bytes already.

Building a message with the standard library takes 1.5 ms; filling a compiled one takes about 10 µs. The text comes as
pieces, a `str` as it is or a `Slot` to be filled. What is put into HTML is escaped by the caller; nothing that is put
into a header can leave it, and nothing that is put into a body can end its part.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from delivery.dkim import SIGNED, Signer, hash_body, relaxed_field, sign_plan
from delivery.header_text import Mailbox, header_name, ids_value, mailboxes_value, text_value, url_value
from delivery.quoted_printable import SOFT_BREAK, quoted


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that each recipient fills with a value of this name."""

    name: str


Pieces = Sequence[str | Slot]


@dataclass(frozen=True, slots=True)
class CampaignMail:
    """What is to be compiled. The unsubscribe URL is https and answers RFC 8058 POSTs; both list headers follow it."""

    from_: Mailbox
    subject: Pieces
    text: Pieces
    html: Pieces = ()
    reply_to: Mailbox | None = None
    unsubscribe_url: Pieces = ()
    unsubscribe_mailto: Pieces = ()
    list_id: str | None = None
    """Such as `spring.lists.example.org`, without brackets."""
    feedback_id: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """Further fields, equal for all."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets it, under which Message-ID (without brackets), and what fills the slots."""

    mailbox: Mailbox
    message_id: str
    values: Mapping[str, str] = field(default_factory=dict)


class CompiledCampaign:
    """Made by `compile_campaign`. Safe for several threads at a time."""

    def __init__(self, mail: CampaignMail) -> None:
        boundary = f"=_{secrets.token_hex(12)}"
        static = _static_fields(mail, boundary)
        self._head = b"".join([b"%s: %s\r\n" % (name.encode(), value) for name, value in static])
        self._signed_names, self._signed_head = _plan(static)
        self._mail = mail
        self._subject = text_value("Subject", "".join(map(str, mail.subject))) if _fixed(mail.subject) else None
        self._body, self._slots = _compile_body(mail, boundary)
        self._names = {name for _, name in self._slots}

    def fill(self, recipient: Recipient, sent_at: datetime, signers: Sequence[Signer] = ()) -> bytes:
        """The whole message for one recipient, CRLF throughout and no line that begins with a dot.

        Raises `KeyError` for a slot without a value and `UsageError` for an address that is none.
        """
        values = recipient.values
        encoded = {name: _slot_bytes(values[name]) for name in self._names}
        parts = self._body.copy()
        for position, name in self._slots:
            parts[position] = encoded[name]
        body = b"".join(parts)
        fields = self._own_fields(recipient, sent_at)
        head = b"".join([b"%s: %s\r\n" % field for field in fields])
        signatures = self._signatures(fields, body, sent_at, signers) if signers else b""
        return b"".join((signatures, head, self._head, b"\r\n", body))

    def _own_fields(self, recipient: Recipient, sent_at: datetime) -> list[tuple[bytes, bytes]]:
        mail, values = self._mail, recipient.values
        subject = self._subject
        if subject is None:
            subject = text_value("Subject", _filled(mail.subject, values))
        fields = [
            (b"To", mailboxes_value("To", [recipient.mailbox])),
            (b"Subject", subject),
            (b"Date", _date(sent_at)),
            (b"Message-ID", ids_value("Message-ID", [recipient.message_id])),
        ]
        ways = [
            url_value(_filled(pieces, values)) for pieces in (mail.unsubscribe_url, mail.unsubscribe_mailto) if pieces
        ]
        if ways:
            fields.append((b"List-Unsubscribe", b",\r\n ".join(ways)))
        return fields

    def _signatures(
        self, fields: Iterable[tuple[bytes, bytes]], body: bytes, sent_at: datetime, signers: Sequence[Signer]
    ) -> bytes:
        own = [(name.lower(), value) for name, value in fields]
        names = b":".join([*[name for name, _ in own], self._signed_names])
        canonical = b"".join([*[relaxed_field(name, value) for name, value in own], self._signed_head])
        # Nothing but empty lines at the end is left to bring into relaxed form: `quoted` has seen to the rest.
        body_hash, now = hash_body(body.rstrip(b"\r\n") + b"\r\n"), int(sent_at.timestamp())
        return b"".join([signer.header(names, canonical, body_hash, now) for signer in signers])


def compile_campaign(mail: CampaignMail) -> CompiledCampaign:
    """Encode everything in `mail` that is equal for all. Raises `UsageError` for a sender or header that is none."""
    return CompiledCampaign(mail)


def _static_fields(mail: CampaignMail, boundary: str) -> list[tuple[str, bytes]]:
    fields = [("From", mailboxes_value("From", [mail.from_]))]
    if mail.reply_to is not None:
        fields.append(("Reply-To", mailboxes_value("Reply-To", [mail.reply_to])))
    if mail.list_id:
        fields.append(("List-ID", ids_value("List-ID", [mail.list_id])))
    if mail.unsubscribe_url:
        fields.append(("List-Unsubscribe-Post", b"List-Unsubscribe=One-Click"))
    if mail.feedback_id:
        fields.append(("Feedback-ID", text_value("Feedback-ID", mail.feedback_id)))
    fields += [(header_name(name), text_value(name, value)) for name, value in mail.headers]
    fields.append(("MIME-Version", b"1.0"))
    if mail.html:
        fields.append(("Content-Type", f'multipart/alternative; boundary="{boundary}"'.encode()))
    else:
        fields.append(("Content-Type", b"text/plain; charset=utf-8"))
        fields.append(("Content-Transfer-Encoding", b"quoted-printable"))
    return fields


def _plan(static: Sequence[tuple[str, bytes]]) -> tuple[bytes, bytes]:
    return sign_plan([(name, value) for name, value in static if name.lower() in SIGNED])


def _compile_body(mail: CampaignMail, boundary: str) -> tuple[list[bytes], list[tuple[int, str]]]:
    """The body as pieces of bytes, empty where a slot stands, and the position and name of each slot."""
    body: list[bytes] = []
    slots: list[tuple[int, str]] = []
    if not mail.html:
        _add_text(mail.text, body, slots)
        return _joined(body, slots)
    for kind, pieces in (("plain", mail.text), ("html", mail.html)):
        body.append(
            f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        )
        _add_text(pieces, body, slots)
    body.append(f"--{boundary}--\r\n".encode())
    return _joined(body, slots)


def _add_text(pieces: Pieces, body: list[bytes], slots: list[tuple[int, str]]) -> None:
    for piece in pieces:
        if isinstance(piece, Slot):
            slots.append((len(body), piece.name))
            body.append(b"")
        elif piece:
            encoded = quoted(piece)
            body.append(encoded if encoded.endswith(b"\r\n") else encoded + SOFT_BREAK)
    # The last soft break, completed to a line end by this one, is no part of the text.
    body.append(b"\r\n")


def _joined(body: list[bytes], slots: list[tuple[int, str]]) -> tuple[list[bytes], list[tuple[int, str]]]:
    """The same with neighbouring static pieces made one, because each piece costs at every recipient."""
    names = dict(slots)
    merged: list[bytes] = []
    places: list[tuple[int, str]] = []
    static_before = False
    for position, piece in enumerate(body):
        if position in names:
            places.append((len(merged), names[position]))
            merged.append(b"")
        elif static_before:
            merged[-1] += piece
        else:
            merged.append(piece)
        static_before = position not in names
    return merged, places


def _slot_bytes(value: str) -> bytes:
    return quoted(value) + SOFT_BREAK if value else b""


def _fixed(pieces: Pieces) -> bool:
    return not any(isinstance(piece, Slot) for piece in pieces)


def _filled(pieces: Pieces, values: Mapping[str, str]) -> str:
    return "".join([values[piece.name] if isinstance(piece, Slot) else piece for piece in pieces])


@lru_cache(maxsize=64)
def _date(moment: datetime) -> bytes:
    return format_datetime(moment).encode("ascii")
