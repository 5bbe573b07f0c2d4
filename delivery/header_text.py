"""Values of header fields as bytes: encoded (RFC 2047), folded (RFC 5322 §2.2.3), and with no way to add a line.

Every function takes the field's name because the first line has less room.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UsageError
from delivery.envelope import wire_address
from delivery.errors import SmtpPermanent

LINE = 76
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_NOT_IN_ID = re.compile(r"[^!-;=?-~]")
_PLAIN_ID = re.compile(r"[!-;=?-~]+")
_NOT_IN_URL = re.compile(rb"[^!-;=?-~]")
_TOKEN = re.compile(r"[A-Za-z0-9-]+")
_LONGEST_WORD = 900
_WRAPPING = len("=?utf-8?b??=")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address and the name it is shown with."""

    address: str
    name: str = ""


def one_line(text: str) -> str:
    """`text` without anything that could end a line."""
    return (text if text.isprintable() else _CONTROL.sub(" ", text)).strip()


def text_value(name: str, text: str) -> bytes:
    """An unstructured value such as a subject."""
    text = one_line(text)
    if not text.isascii() or "=?" in text:
        return _encoded(text, len(name) + 2)
    if len(name) + 2 + len(text) <= LINE:
        return text.encode("ascii")
    words = text.split(" ")
    if max(map(len, words)) > _LONGEST_WORD:
        return _encoded(text, len(name) + 2)
    return _folded(words, len(name) + 2)


def mailboxes_value(name: str, mailboxes: Sequence[Mailbox]) -> bytes:
    """A list of addresses. Raises `UsageError` for one that is none; its domain is written as A-label."""
    room, parts = len(name) + 2, []
    for mailbox in mailboxes:
        parts.append(_mailbox(mailbox, room))
        room = 1
    return b",\r\n ".join(parts)


def ids_value(name: str, ids: Sequence[str]) -> bytes:
    """A list of Message-IDs, each with its angle brackets; what can not stand there is left out."""
    if len(ids) == 1 and _PLAIN_ID.fullmatch(ids[0]):
        return b"<%s>" % ids[0].encode("ascii")
    clean = [f"<{bare}>" for bare in (_NOT_IN_ID.sub("", each) for each in ids) if bare]
    return _folded(clean, len(name) + 2)


def url_value(url: str) -> bytes:
    """A URL between angle brackets (RFC 2369), everything percent-encoded that may not stand there."""
    if _PLAIN_ID.fullmatch(url):
        return b"<%s>" % url.encode("ascii")
    return b"<%s>" % _NOT_IN_URL.sub(_percent, url.encode("utf-8", "replace"))


def header_name(name: str) -> str:
    """`name` if it can be the name of a field. Raises `UsageError`."""
    if not _TOKEN.fullmatch(name):
        raise UsageError("The name of a header holds letters, digits and hyphens only.")
    return name


def _percent(found: re.Match[bytes]) -> bytes:
    return b"%%%02X" % found.group()[0]


def _mailbox(mailbox: Mailbox, room: int) -> bytes:
    try:
        address = wire_address(mailbox.address.strip()).encode()
    except SmtpPermanent:
        raise UsageError("One of the addresses is not an address mail can be sent to.") from None
    name = one_line(mailbox.name)
    if not address or not name:
        if not address:
            raise UsageError("One of the addresses is empty.")
        return address
    return _phrase(name, room) + b" <" + address + b">"


def _phrase(name: str, room: int) -> bytes:
    if not name.isascii() or "=?" in name or len(name) > LINE * 4:
        return _encoded(name, room)
    if _ATOMS.fullmatch(name):
        return name.encode("ascii")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode("ascii")


def _encoded(text: str, used: int) -> bytes:
    """Encoded words of at most 75 characters, never cut inside a letter."""
    words: list[bytes] = []
    room = max(1, (LINE - used - _WRAPPING) // 4) * 3
    held = b""
    for letter in text:
        raw = letter.encode("utf-8", "replace")
        if held and len(held) + len(raw) > room:
            words.append(held)
            held, room = b"", (LINE - 1 - _WRAPPING) // 4 * 3
        held += raw
    words.append(held)
    return b"\r\n ".join([b"=?utf-8?b?" + base64.b64encode(word) + b"?=" for word in words])


def _folded(words: Sequence[str], used: int) -> bytes:
    lines: list[str] = []
    line = ""
    for word in words:
        # A line of blanks alone would end the header for some readers, so an empty word stays where it is.
        if line.strip() and word and used + len(line) + len(word) >= LINE:
            lines.append(line)
            line, used = "", 1
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return "\r\n ".join(lines).encode("ascii")
