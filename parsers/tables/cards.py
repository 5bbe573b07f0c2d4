"""vCards 2.1, 3.0 and 4.0 as rows of a table, one card after the other, however many there are."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from core.errors import UsageError
from parsers.contact_card.links import is_social
from parsers.contact_card.vcard import card_in
from parsers.contact_card.vcard_lines import pieces_of, properties_of, unescaped
from parsers.model import ContactCard, PostalAddress
from parsers.tables.several import emails_in, joined, phones_in, tags_in
from parsers.tables.text import charset_of, lines_of

HEADER: Final = (
    "Name", "E-mail", "Phone", "Company", "Position", "Tags", "Salutation", "First name", "Last name", "Birthday", "Website",
    "Messenger", "Street", "Postcode", "City", "Region", "Country", "Notes",
)  # fmt: skip
MOST_BYTES: Final = 8 * 1024 * 1024
"""Of one card, its picture inside."""
BEGIN, END = b"BEGIN:VCARD", b"END:VCARD"
CATEGORIES, NOTE = frozenset({"CATEGORIES"}), frozenset({"NOTE"})
NEVER_ENDS = "Card {} never ends, or is far too long: export the address book again."
NO_CARD, NO_ADDRESS = ContactCard(), PostalAddress()


def rows_of(file: BinaryIO) -> Iterator[list[str]]:
    """A row for each card, with the columns of `HEADER`; one that tells nothing is empty. Raises `UsageError`."""
    for content in _cards(_lines(file)):
        card = card_in(content) or NO_CARD
        postal = card.postal or NO_ADDRESS
        yield [
            card.name,
            joined(card.emails, emails_in),
            joined(card.phones, phones_in),
            card.company,
            card.title,
            joined(_categories(content), tags_in),
            card.salutation,
            card.first_name,
            card.last_name,
            card.birthday,
            *_pages(card.links),
            postal.street,
            postal.postcode,
            postal.city,
            postal.region,
            postal.country,
            _note(content),
        ]


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines as bytes, for each value of an old card has a charset of its own; UTF-16 as UTF-8."""
    start = file.read(2) if not file.seek(0) else b""
    if start not in (b"\xff\xfe", b"\xfe\xff") and 0 not in start:
        file.seek(0)
        yield from file
        return
    with lines_of(file, charset_of(file)) as text:
        for line in text:
            yield line.encode("utf-8", "replace")


def _cards(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of each card; one inside of another (AGENT of vCard 2.1) belongs to that."""
    card: list[bytes] = []
    depth = size = count = 0
    for line in lines:
        word = line.strip().upper()
        depth += word == BEGIN or (not depth and word.endswith(BEGIN))
        if not depth:
            continue
        card.append(line)
        size += len(line)
        if size > MOST_BYTES:
            raise UsageError(NEVER_ENDS.format(count + 1))
        depth -= word == END
        if not depth:
            yield b"".join(card)
            card, size, count = [], 0, count + 1
    if card:
        raise UsageError(NEVER_ENDS.format(count + 1))


def _categories(content: bytes) -> list[str]:
    return [piece for line in properties_of(content, CATEGORIES) for piece in pieces_of(line.value, ",") if piece]


def _note(content: bytes) -> str:
    """With its line breaks."""
    notes = (re.split(r"\\[nN]", line.value) for line in properties_of(content, NOTE))
    return next((text for lines in notes if (text := "\n".join(map(unescaped, lines)).strip())), "")


def _pages(links: tuple[str, ...]) -> tuple[str, str]:
    """A page of their own, and one in a social network."""
    social = [link for link in links if is_social(link)]
    own = [link for link in links if link not in social]
    return next(iter(own), ""), next(iter(social), "")
