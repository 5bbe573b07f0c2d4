"""The mail that came back with a report: which of ours it was, and to whom, where the report itself does not say."""

import re

from parsers.bounce.addresses import address_of_field
from parsers.charsets.decoding import decode
from parsers.content.body import Body
from parsers.fields.address_list import parse_addresses
from parsers.fields.headers import Headers
from parsers.fields.message_ids import message_id, message_ids
from parsers.limits import Limits
from parsers.mime.tree import read_tree

COPIES = (
    "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "text/rfc822-header",
    "message/rfc822-headers", "message/partial",
)  # fmt: skip
TEXTS = ("text/", "message/", "application/octet-stream")
LONGEST_COPY = 256 * 1024
LONGEST_PART = 64 * 1024
LONGEST_TEXT = 200_000
TO = re.compile(r"^[> \t]{0,8}To:[ \t]{0,8}(\S.{0,500})$", re.IGNORECASE | re.MULTILINE)
ID = re.compile(r"^[> \t|*-]{0,8}Message-ID:[ \t]{0,8}\n?(.{0,500})$", re.IGNORECASE | re.MULTILINE)


def copy_in(body: Body) -> Headers | None:
    """The headers of the returned mail, where a part of its own carries them."""
    for part, content in body.leaves:
        if part.content_type in COPIES:
            return read_tree(content[:LONGEST_COPY], Limits(parts=1))[0].headers
    return None


def original_message_id(headers: Headers, body: Body, copy: Headers | None) -> str | None:
    """The Message-ID of the mail that is reported about: of the copy, of one pasted into the text, or as a reply cites it."""
    if copy is not None and (found := message_id(copy.first("message-id"))):
        return found
    if found := _id_in(body.text[:LONGEST_TEXT]):
        return found
    for part, content in body.leaves:
        if part.content_type.startswith(TEXTS) and (found := _id_in(decode(content[:LONGEST_PART]))):
            return found
    cited = message_ids(headers.first("in-reply-to")) or message_ids(headers.first("references"))
    return cited[-1] if cited else None


def _id_in(text: str) -> str | None:
    if "message-id:" in text.lower():
        for match in ID.finditer(text):
            if ids := message_ids(match[1]):
                return ids[0]
    return None


def only_recipient(body: Body, copy: Headers | None, explained: int, ours: frozenset[str]) -> str:
    """Whom the returned mail went to, where it went to one address only and that is none of `ours`.

    `explained` is the length of the text that is no copy.
    """
    if copy is not None:
        values = copy.raw_all("to") + copy.raw_all("cc")
    else:
        match = TO.search(body.text, explained, explained + LONGEST_TEXT)
        values = [match[1]] if match else []
    found = {one.address for value in values for one in parse_addresses(value, 3)}
    address = address_of_field(found.pop()) if len(found) == 1 else ""
    return "" if address.lower() in ours else address
