"""Who a mail goes from and to, as SMTP commands, and a message as the bytes between DATA and the final dot."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from delivery.errors import Failure, SmtpPermanent, Stage

_LINE_END = re.compile(rb"\r\n|\r|\n")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")
_QUOTED_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>]")
MAX_PATH = 254


@dataclass(frozen=True, slots=True)
class Envelope:
    """Return path (empty for notices, RFC 5321 §4.5.5) and recipients, each a bare address."""

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server said it can do that matters to a mail transaction."""

    pipelining: bool = False
    eight_bit: bool = False
    utf8: bool = False
    size: bool = False


def opening(envelope: Envelope, message: bytes, offer: Offer) -> list[bytes]:
    """MAIL, one RCPT each, DATA: the commands before the message.

    Raises `SmtpPermanent` where the server lacks what an address or the message needs.
    """
    sender = _wire_sender(envelope.sender)
    paths = [wire_address(address) for address in envelope.recipients]
    utf8 = not (sender.isascii() and "".join(paths).isascii())
    eight_bit = utf8 or not message.isascii()
    if eight_bit and not utf8:
        utf8 = not message.partition(b"\r\n\r\n")[0].isascii()
    if utf8 and not offer.utf8:
        raise SmtpPermanent(
            "The mail server can not send to addresses with international letters (no SMTPUTF8).",
            Failure(Stage.MAIL, enhanced="5.6.7"),
        )
    options = f" SIZE={len(message)}" if offer.size else ""
    if eight_bit and offer.eight_bit:
        options += " BODY=8BITMIME"
    if utf8:
        options += " SMTPUTF8"
    return [
        f"MAIL FROM:<{sender}>{options}\r\n".encode(),
        *(f"RCPT TO:<{path}>\r\n".encode() for path in paths),
        b"DATA\r\n",
    ]


def wire_address(address: str) -> str:
    """`address` as it may stand between angle brackets: no way out of them, and its domain as A-label."""
    local, at, domain = address.rpartition("@")
    unsafe = _QUOTED_UNSAFE if local.startswith('"') and local.endswith('"') else _UNSAFE
    if (address and not (local and at and domain)) or unsafe.search(address) or len(address) > MAX_PATH:
        raise SmtpPermanent("That is not an address mail can be sent to.", Failure(Stage.RCPT, enhanced="5.1.3"))
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise SmtpPermanent("That is not a domain name.", Failure(Stage.RCPT, enhanced="5.1.2")) from None


@lru_cache(maxsize=256)
def _wire_sender(address: str) -> str:
    return wire_address(address)


def dotted(message: bytes) -> bytes:
    """`message` ready for the wire: CRLF only, leading dots doubled (RFC 5321 §4.5.2), the final dot behind it.

    A lone CR or LF is what SMTP smuggling is made of, so none ever leaves.
    """
    lines = message.count(b"\r\n")
    if message.count(b"\n") != lines or message.count(b"\r") != lines:
        message = _LINE_END.sub(b"\r\n", message)
    if message.startswith(b"."):
        message = b"." + message
    if b"\n." in message:
        message = message.replace(b"\r\n.", b"\r\n..")
    return message + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n")


def offer_of(extensions: Sequence[str]) -> Offer:
    """The offer in the keywords of an EHLO answer, lower-cased."""
    return Offer(
        pipelining="pipelining" in extensions,
        eight_bit="8bitmime" in extensions,
        utf8="smtputf8" in extensions,
        size="size" in extensions,
    )
