"""Delivery status notifications (RFC 3464): what became of each recipient, from the part made for machines."""

import re

from parsers.bounce.addresses import address_of_field
from parsers.bounce.dialogue import host_in, host_told, reply_code_in, spoken_in
from parsers.bounce.failure import Failure
from parsers.charsets.decoding import decode
from parsers.fields.encoded_words import decode_words

DONE = ("delivered", "relayed", "expanded", "delivered-to-mailbox")
FAILED = ("fail", "delay", "reject")
MOST_RECIPIENTS = 1_000
LONGEST = 512 * 1024
LONGEST_DIAGNOSTIC = 4_000
MOST_PIECES = 100
"""Lines of one field that are kept."""
ONCE = ("final-recipient", "original-recipient", "action")
"""Fields that a recipient has once: a second one begins the next recipient where the blank line is missing."""
JAPANESE = b"\x1b$"
"""Where Domino and others write ISO-2022-JP into fields that have no charset."""
NAME = re.compile(r"[!-9;-~]{1,76}[ \t]*\Z")
NEXT_RECIPIENT = re.compile(r"\s{0,8}<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?:")

Fields = dict[str, str]


def groups_of(content: bytes) -> list[Fields]:
    """The groups of fields of a delivery-status or feedback-report part, names in lower case, values unfolded.

    Of a field that comes twice the values are joined. A line that is no field continues the one above it.
    """
    return groups_in(decode(content[:LONGEST], "iso-2022-jp" if JAPANESE in content else ""))


def groups_in(text: str) -> list[Fields]:
    """The same of a part that is already decoded."""
    groups: list[dict[str, list[str]]] = [{}]
    name = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            name = ""
            if groups[-1] and len(groups) > MOST_RECIPIENTS:
                break
            if groups[-1]:
                groups.append({})
            continue
        before, colon, value = line.partition(":")
        begins = bool(colon) and not line.startswith("http") and NAME.match(before.lstrip()) is not None
        if begins and (line[0] not in " \t" or not name):
            name = before.strip().lower()
            if name in ONCE and name in groups[-1]:
                groups.append({})
            line = value
        if name:
            pieces = groups[-1].setdefault(name, [])
            if len(pieces) < MOST_PIECES and (piece := line.strip()) not in pieces:
                pieces.append(piece)
    return [
        {name: _joined(pieces) for name, pieces in group.items()} for group in groups[: MOST_RECIPIENTS + 1] if group
    ]


def _joined(pieces: list[str]) -> str:
    return decode_words(" ".join(pieces).strip())


def tells_failure(groups: list[Fields]) -> bool:
    """Whether any recipient was not reached, or not yet."""
    return any(group.get("action", "").lower().startswith(FAILED) for group in groups)


def failures_of(groups: list[Fields], explanation: str) -> tuple[Failure, ...]:
    """Every recipient that was not delivered to. `explanation` is the part for people, asked where fields say little."""
    found: dict[str, Failure] = {}
    shared = groups[0] if groups and "final-recipient" not in groups[0] else {}
    folded = explanation.lower()
    for fields in groups:
        action = fields.get("action", "").lower().split(" ")[0].strip(";,()")
        address = _address(fields)
        if address and action not in DONE:
            about = _about(explanation, folded, address, fields)
            found.setdefault(address.lower(), _failure(address, action, {**shared, **fields}, about))
    return tuple(found.values())[:MOST_RECIPIENTS]


def _failure(address: str, action: str, fields: Fields, about: str) -> Failure:
    words = _words(fields)
    spoken = spoken_in(words, about)
    delayed = not action and fields.get("status", "").startswith("4")
    return Failure(
        address,
        action or ("delayed" if delayed else "failed"),
        status=fields.get("status", ""),
        reply_code=reply_code_in(fields.get("diagnostic-code", "")) or spoken.reply_code,
        diagnostic=(words if len(words.strip("0123456789. -")) > 8 else f"{words} {about}".strip())[
            :LONGEST_DIAGNOSTIC
        ],
        command=spoken.command,
        remote_mta=host_in(fields.get("remote-mta", "")) or host_told(words, about),
        reporting_mta=host_in(fields.get("reporting-mta", "")),
        around=about,
    )


def _address(fields: Fields) -> str:
    """Whom the sender wrote to: the original recipient, for the final one may be an alias's target that he never saw."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient", "x-failed-recipients"):
        address = address_of_field(fields.get(name, ""))
        if address:
            return address
    return ""


def _words(fields: Fields) -> str:
    """The server's words, without the field's type (`smtp;`)."""
    field = fields.get("diagnostic-code", "") or fields.get("x-supplementary-info", "")
    kind, semicolon, words = field.partition(";")
    return words.strip() if semicolon and " " not in kind.strip() else field


def _about(explanation: str, folded: str, address: str, fields: Fields) -> str:
    """What the part for people says near this address, or near the one that it was passed on to."""
    at = folded.find(address.lower())
    if at < 0 and (final := address_of_field(fields.get("final-recipient", ""))):
        at = folded.find(final.lower())
    if at < 0:
        return " ".join(explanation[:1_500].split())
    at = explanation.rfind("\n", 0, at) + 1
    first, *rest = explanation[at : at + 1_500].split("\n")
    own = [first]
    for line in rest:
        if NEXT_RECIPIENT.match(line):
            break
        own.append(line)
    return " ".join(" ".join(own).split())
