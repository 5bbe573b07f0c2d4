"""A message passed on as a file: the one message/rfc822 part, or `.eml`, of a mail that says little itself."""

from collections.abc import Sequence

from parsers.content.attachments import describe, normal_line_ends
from parsers.content.body import read_body
from parsers.content.files import File
from parsers.fields.address_list import parse_addresses
from parsers.fields.dates import parse_date
from parsers.fields.headers import Headers
from parsers.fields.message_ids import message_id
from parsers.fields.subjects import has_forward_prefix, has_reply_prefix
from parsers.limits import Limits
from parsers.mime.tree import read_tree
from parsers.model import Address, Forwarded, Kind

MESSAGE = "message/rfc822"
EXTENSION = ".eml"
LONGEST_NOTE = 500
LONGEST_TOLD_NOTE = 4_000
"""Characters of the mail's own new text, the longer where its subject says that it forwards."""


def attached_message(kind: Kind, subject: str, note: str, files: Sequence[File], limits: Limits) -> Forwarded | None:
    """The message that is attached, if there is exactly one and the mail exists to pass it on; else None.

    `note` is the mail's own new text. Only the attached message itself is read, not what is attached to it in turn, so that
    a chain of a thousand costs no more than one. Reports, digests and absence notes hold messages too, but pass none on.
    """
    if not files or kind is not Kind.NORMAL:
        return None
    indexes = [index for index, file in enumerate(files) if _is_message(file)]
    told = has_forward_prefix(subject)
    if len(indexes) != 1 or len(note) > (LONGEST_TOLD_NOTE if told else LONGEST_NOTE):
        return None
    if not told and (has_reply_prefix(subject) or sum(not file.is_inline for file in files) > 1):
        return None
    tree, _ = read_tree(normal_line_ends(files[indexes[0]].content), limits)
    body = read_body(tree, limits)
    headers = tree.headers.hinted(body.charset)
    authors = _people(headers, "from", limits)
    if not authors:
        return None
    date = headers.first("date")
    return Forwarded(
        from_=authors[0],
        to=_people(headers, "to", limits),
        date=date,
        subject=headers.first("subject"),
        text=body.text.strip("\n"),
        cc=_people(headers, "cc", limits),
        sent_at=parse_date(date),
        message_id=message_id(headers.first("message-id")),
        attachments=describe(body.files),
        attached_as=indexes[0],
    )


def _is_message(file: File) -> bool:
    """By its type; an `.eml` that is called something else counts too, a picture in the text does not."""
    return file.content_type == MESSAGE or (file.filename.lower().endswith(EXTENSION) and not file.is_inline)


def _people(headers: Headers, name: str, limits: Limits) -> tuple[Address, ...]:
    return parse_addresses(headers.raw(name) or "", limits.addresses)
