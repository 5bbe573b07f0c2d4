"""A single mail as bytes: RFC 5322 headers, MIME parts (RFC 2045-2049, 2231), CRLF, seven bits, and nothing smuggled in.

Bcc is for the envelope alone and never becomes a header.
"""

import base64
import mimetypes
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from delivery.envelope import Envelope
from delivery.header_text import Mailbox, header_name, ids_value, mailboxes_value, one_line, text_value
from delivery.quoted_printable import quoted

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
_OURS = frozenset({
    "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id", "received",
    "return-path", "dkim-signature",
})  # fmt: skip
_PARAMETER_CHUNK = 60
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to go along. With a `content_id` it is a picture that the HTML shows by `cid:`."""

    filename: str
    content: bytes
    content_type: str | None = None
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail as a person means it. Ids are without angle brackets; at least one of `text` and `html` is shown."""

    from_: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    text: str
    message_id: str
    date: datetime
    html: str | None = None
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    sender: Mailbox | None = None
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    """Further fields, such as Auto-Submitted; those that this module writes are refused."""
    shows_bcc: bool = False
    """Write Bcc as well: a mail that is only kept for later has to tell whom it is for. Never for one that is sent."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A MIME part: its own header lines and its encoded content, which ends in CRLF."""

    head: bytes
    body: bytes


def compose(draft: Draft) -> bytes:
    """The message. Raises `UsageError` for an address or header name that is none."""
    head = b"".join([name.encode() + b": " + value + b"\r\n" for name, value in _fields(draft)])
    content = _content(draft)
    return head + b"MIME-Version: 1.0\r\n" + content.head + b"\r\n" + content.body


def envelope_of(draft: Draft, return_path: str | None = None) -> Envelope:
    """Everybody it goes to, Bcc too, each address once; bounces go to `return_path`, by default to the author."""
    everybody = [mailbox.address.strip() for mailbox in (*draft.to, *draft.cc, *draft.bcc)]
    return Envelope(draft.from_.address if return_path is None else return_path, tuple(dict.fromkeys(everybody)))


def _fields(draft: Draft) -> list[tuple[str, bytes]]:
    lists = [("Reply-To", draft.reply_to), ("To", draft.to), ("Cc", draft.cc)]
    if draft.shows_bcc:
        lists.append(("Bcc", draft.bcc))
    fields = [("Date", format_datetime(draft.date).encode()), ("From", mailboxes_value("From", [draft.from_]))]
    if draft.sender is not None:
        fields.append(("Sender", mailboxes_value("Sender", [draft.sender])))
    fields += [(name, mailboxes_value(name, boxes)) for name, boxes in lists if boxes]
    fields += [
        ("Subject", text_value("Subject", draft.subject)),
        ("Message-ID", ids_value("Message-ID", [draft.message_id])),
    ]
    if draft.in_reply_to:
        fields.append(("In-Reply-To", ids_value("In-Reply-To", [draft.in_reply_to])))
    if draft.references:
        fields.append(("References", ids_value("References", draft.references)))
    fields += [
        (header_name(name), text_value(name, value)) for name, value in draft.headers if name.lower() not in _OURS
    ]
    return fields


def _content(draft: Draft) -> _Part:
    inline = [each for each in draft.attachments if each.content_id and draft.html is not None]
    attached = [each for each in draft.attachments if each not in inline]
    body = _text_part("plain", draft.text)
    if draft.html is not None:
        shown = _text_part("html", draft.html)
        if inline:
            shown = _multipart("related", [shown, *(_file_part(each, "inline") for each in inline)])
        body = _multipart("alternative", [body, shown]) if draft.text.strip() else shown
    return _multipart("mixed", [body, *(_file_part(each, "attachment") for each in attached)]) if attached else body


def _text_part(kind: str, text: str) -> _Part:
    encoded = quoted(text if text.endswith("\n") else text + "\n")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    return _Part(head.encode(), encoded)


def _multipart(kind: str, parts: Sequence[_Part]) -> _Part:
    # No content can hold it: quoted-printable has no "=_", base64 neither, and it is random besides.
    boundary = f"=_{secrets.token_hex(12)}"
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n'.encode()
    pieces = [b"--%s\r\n%s\r\n%s" % (boundary.encode(), part.head, part.body) for part in parts]
    return _Part(head, b"\r\n".join(pieces) + f"\r\n--{boundary}--\r\n".encode())


def _file_part(file: Attachment, disposition: str) -> _Part:
    kind = file.content_type or mimetypes.guess_type(file.filename)[0] or "application/octet-stream"
    kind = kind.partition(";")[0].strip().lower()
    if kind == "message/rfc822":
        return _message_part(file, disposition)
    # Other composite types may not be base64 (RFC 2046 §5), and as a plain file they arrive everywhere.
    if not _MEDIA_TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    lines = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64"]
    lines.append(f"Content-Disposition: {disposition}{_filename(file.filename)}")
    head = "\r\n".join(lines).encode() + b"\r\n"
    if file.content_id:
        head += b"Content-ID: " + ids_value("Content-ID", [file.content_id]) + b"\r\n"
    return _Part(head, base64.encodebytes(file.content).replace(b"\n", b"\r\n"))


def _message_part(file: Attachment, disposition: str) -> _Part:
    """A mail inside the mail, which may be encoded by nobody but itself (RFC 2046 §5.2.1)."""
    encoding = "7bit" if file.content.isascii() else "8bit"
    body = _LINE_END.sub(b"\r\n", file.content)
    lines = f"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: {encoding}\r\n"
    head = f"{lines}Content-Disposition: {disposition}{_filename(file.filename)}\r\n"
    return _Part(head.encode(), body if body.endswith(b"\r\n") else body + b"\r\n")


def _filename(name: str) -> str:
    """The parameter, split and percent-encoded where it has to be (RFC 2231)."""
    name = one_line(name)
    if not name:
        return ""
    if name.isascii() and len(name) <= _PARAMETER_CHUNK:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f';\r\n filename="{escaped}"'
    encoded = quote(name, safe="")
    if len(encoded) <= _PARAMETER_CHUNK:
        return f";\r\n filename*=utf-8''{encoded}"
    chunks = re.findall(rf"(?:%[0-9A-F]{{2}}|[^%]){{1,{_PARAMETER_CHUNK // 3}}}", encoded)
    return "".join(
        f";\r\n filename*{number}*={'' if number else _CHARSET}{chunk}" for number, chunk in enumerate(chunks)
    )


_CHARSET = "utf-8''"
