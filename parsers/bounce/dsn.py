"""Delivery status notifications (RFC 3464): one outcome per recipient, from the part made for machines."""

import re

from parsers.bounce.addresses import address_in
from parsers.bounce.failure import Failure
from parsers.charsets import decode
from parsers.encoded_words import decode_words

FAILED = ("failed", "delayed", "failure", "")
DONE = ("delivered", "relayed", "expanded", "delivered-to-mailbox")
MOST_RECIPIENTS = 1_000

NEXT_RECIPIENT = re.compile(r"\s{0,8}<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?:")

Fields = dict[str, str]


def groups_of(content: bytes) -> list[Fields]:
    """The groups of fields of a delivery-status or feedback-report part, names in lower case, values unfolded."""
    text = decode(content).replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
    groups: list[Fields] = []
    for block in text.split("\n\n"):
        fields: Fields = {}
        for line in block.split("\n"):
            name, colon, value = line.partition(":")
            if colon and " " not in name.strip():
                fields.setdefault(name.strip().lower(), decode_words(value.strip()))
        if fields:
            groups.append(fields)
    return groups[: MOST_RECIPIENTS + 1]


def failures_of(groups: list[Fields], explanation: str) -> tuple[Failure, ...]:
    """Every recipient that was not delivered to. `explanation` is the part for people, asked where fields say little."""
    found: dict[str, Failure] = {}
    for fields in groups:
        address = _address(fields)
        action = fields.get("action", "").lower().split(" ")[0].strip(";,()")
        if not address or action in DONE:
            continue
        diagnostic = _diagnostic(fields, explanation, address)
        failure = Failure(
            address,
            action or "failed",
            status=fields.get("status", ""),
            diagnostic=diagnostic,
            remote_mta=fields.get("remote-mta", "").partition(";")[2].strip(),
            around=_about(explanation, address),
        )
        found.setdefault(address.lower(), failure)
    return tuple(found.values())


def _address(fields: Fields) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        address = address_in(fields.get(name, ""))
        if address:
            return address
    return ""


def _diagnostic(fields: Fields, explanation: str, address: str) -> str:
    """The server's words; what is written about this address for people, where the field is missing or only a code."""
    field = fields.get("diagnostic-code", "") or fields.get("x-supplementary-info", "")
    kind, semicolon, words = field.partition(";")
    words = words.strip() if semicolon and " " not in kind.strip() else field
    if len(words.strip("0123456789. -")) > 8:
        return words
    return f"{words} {_about(explanation, address)}".strip()


def _about(explanation: str, address: str) -> str:
    """What the part for people says near this address."""
    at = explanation.find(address)
    if at < 0:
        return " ".join(explanation[:1_500].split())
    first, *rest = explanation[at : at + 1_500].split("\n")
    own = [first]
    for line in rest:
        if NEXT_RECIPIENT.match(line):
            break
        own.append(line)
    return " ".join(" ".join(own).split())
