"""Mailboxes as mail programs copy them into a text: semicolons between, `[mailto:…]` behind, or only names."""

import re

from parsers.fields.address_list import parse_addresses
from parsers.model import Address
from parsers.phrases.forwards import ON_BEHALF_OF

MAILTO = re.compile(r"\[mailto:([^\]\s]{1,320})\]", re.IGNORECASE)
ENTERED = re.compile(r"<([^<>\s]{1,320})<mailto:[^<>\s]{0,320}>>?")
BRACKETED_QUOTE = re.compile(r'"[^"<>@]{0,200}"|\([^()@]{0,200}\)')
LONGEST = 20_000


def people_in(value: str) -> tuple[Address, ...]:
    """Everybody whom a copied To or Cc names."""
    value = _plain(value)
    pieces = [value]
    if ";" in value and ";" not in "".join(BRACKETED_QUOTE.findall(value)):
        pieces = value.split(";")
    found = [address for piece in pieces if piece.strip(" ,") for address in _of(piece)]
    return _distinct([_clean(address) for address in found])


def _distinct(found: list[Address]) -> tuple[Address, ...]:
    """Each once: a link behind the address tells it again without the name."""
    named = {address.address.lower() for address in found if address.name}
    return tuple(dict.fromkeys(one for one in found if one.name or one.address.lower() not in named))


def author_in(value: str) -> Address | None:
    """Whom a copied From names; of `Ann on behalf of Bob` it is Ann, who sent it, where her address is told."""
    value = _plain(value)
    lowered = value.lower()
    for phrase in ON_BEHALF_OF:
        at = lowered.find(phrase)
        if at > 0 and not lowered[at - 1].isalnum():
            sender, writer = value[:at], value[at + len(phrase) :]
            value = sender if "@" in sender else writer
    found = _of(value) if "@" in value else (Address(value.strip(" \"';,"), ""),)
    return _clean(found[0]) if found and (found[0].name or found[0].address) else None


def _plain(value: str) -> str:
    value = value[:LONGEST].replace("\t", " ").strip()
    if "mailto:" in value:
        value = ENTERED.sub(r"<\1>", MAILTO.sub(r"<\1>", value)).replace("<mailto:", "<")
    return value


def _of(piece: str) -> tuple[Address, ...]:
    """The mailboxes of a list by commas; a lone `Low, Bob` is one person, as Outlook writes him."""
    family, comma, rest = piece.strip().partition(",")
    if comma and "@" not in piece and rest and "," not in rest and " " not in family.strip():
        return (Address(piece.strip(" \"'"), ""),)
    return parse_addresses(piece)


def _clean(address: Address) -> Address:
    """Without an X.400 path for an address, and without the address again for a name."""
    mailbox = address.address if "@" in address.address else ""
    name = address.name.strip(" '\"")
    return Address("" if name.lower() == mailbox.lower() else name, mailbox)
