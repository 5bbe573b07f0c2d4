"""Contact cards that are attached: vCard 4.0 (RFC 6350), 3.0 (RFC 2426) and 2.1, as phones and address books write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from parsers.contact_card.vcard_lines import Property, pieces_of, properties_of, unescaped
from parsers.content.files import File
from parsers.model import ContactCard, PostalAddress

KINDS = ("text/vcard", "text/x-vcard", "text/directory", "application/vcard", "application/x-vcard")
EXTENSIONS = (".vcf", ".vcard")
MOST_CARDS = 100
MOST_VALUES = 20
"""Addresses, phones or links of one card."""
MOST_BYTES = 4 * 1024 * 1024
"""Of one file. Pictures are inside."""
LONGEST = 500
WANTED = frozenset(
    {
        "BEGIN", "END", "FN", "N", "ORG", "TITLE", "ROLE", "EMAIL", "TEL", "URL", "X-SOCIALPROFILE", "SOCIALPROFILE",
        "ADR", "LABEL", "KIND", "X-ABSHOWAS", "BDAY",
    }
)  # fmt: skip
NOT_SPOKEN = frozenset({"FAX", "PAGER", "MODEM"})
_BIRTHDAY = re.compile(r"(\d{4}|-)-?(\d{2})-?(\d{2})(?![\d-])")
_LEAP = 2000
NO_YEAR = "1604"
"""What Apple writes where no year is told."""
FIRST_LETTER_OF_CJK = "\u2e80"


@dataclass(slots=True)
class _Open:
    """A card between BEGIN and END; `depth` counts cards inside of it (AGENT of vCard 2.1), which are not read."""

    texts: dict[str, str] = field(default_factory=dict)
    emails: list[tuple[bool, str]] = field(default_factory=list)
    phones: list[tuple[bool, str]] = field(default_factory=list)
    links: list[tuple[bool, str]] = field(default_factory=list)
    postal: PostalAddress | None = None
    parts: tuple[str, str, str] = ("", "", "")
    """Title before the name, given and family name."""
    depth: int = 1


def cards_of(files: Sequence[File]) -> tuple[tuple[ContactCard, ...], int]:
    """The cards in the attached files, at most `MOST_CARDS`, and how many could not be read. Never raises."""
    cards: list[ContactCard] = []
    broken = 0
    for file in files:
        if not _is_card(file):
            continue
        for card in _cards_in(file.content[:MOST_BYTES]):
            if card is None:
                broken += 1
            elif len(cards) < MOST_CARDS:
                cards.append(card)
            if len(cards) == MOST_CARDS or broken == MOST_CARDS:
                return tuple(cards), broken
    return tuple(cards), broken


def card_in(content: bytes) -> ContactCard | None:
    """The first card of a file; None where it is never closed or tells nothing. Never raises."""
    return next(_cards_in(content), None)


def _is_card(file: File) -> bool:
    return file.content_type in KINDS or file.filename.lower().endswith(EXTENSIONS)


def _cards_in(content: bytes) -> Iterator[ContactCard | None]:
    """Each card, None for one that is never closed or tells nothing; a group of people is no card."""
    card: _Open | None = None
    for line in properties_of(content, WANTED):
        if line.name == "BEGIN":
            if card is None:
                card = _Open()
            else:
                card.depth += 1
        elif line.name == "END" and card is not None:
            card.depth -= 1
            if card.depth == 0:
                if card.texts.get("KIND") != "group":
                    yield _closed(card)
                card = None
        elif card is not None and card.depth == 1:
            _take(card, line)
    if card is not None:
        yield None


def _take(card: _Open, line: Property) -> None:
    """Add what the line tells; of names, titles and the like the first that says anything counts."""
    is_preferred = "PREF" in line.kinds
    if line.name == "EMAIL":
        address = unescaped(line.value).removeprefix("mailto:").strip(" <>")
        if "@" in address and " " not in address and "X400" not in line.kinds:
            card.emails.append((not is_preferred, address[:LONGEST]))
    elif line.name == "TEL":
        if NOT_SPOKEN.isdisjoint(line.kinds):
            card.phones.append((not is_preferred, _phone(unescaped(line.value))[:LONGEST]))
    elif line.name in ("URL", "X-SOCIALPROFILE", "SOCIALPROFILE"):
        link = _link(unescaped(line.value))
        if link:
            card.links.append((not is_preferred, link))
    else:
        text = _text(line)
        if text and (line.name not in card.texts or (line.name == "ADR" and is_preferred)):
            card.texts[line.name] = text[:LONGEST]
            if line.name == "ADR":
                card.postal = _postal(pieces_of(line.value))
            elif line.name == "N":
                family, given, _, before, *_rest = [*pieces_of(line.value), "", "", "", ""]
                card.parts = (before[:LONGEST], given[:LONGEST], family[:LONGEST])


def _text(line: Property) -> str:
    if line.name == "N":
        return _name(pieces_of(line.value))
    if line.name == "ORG":
        return next((piece for piece in pieces_of(line.value) if piece), "")
    if line.name == "ADR":
        return _address(pieces_of(line.value))
    return unescaped(line.value).lower() if line.name in ("KIND", "X-ABSHOWAS") else unescaped(line.value)


def _name(pieces: list[str]) -> str:
    """Family, given, additional names, titles before, letters behind: in the order in which they are spoken."""
    family, given, additional, before, behind, *_ = [*pieces, "", "", "", "", ""]
    if family[:1] >= FIRST_LETTER_OF_CJK and given[:1] >= FIRST_LETTER_OF_CJK:
        return family + given
    return " ".join(piece for piece in (before, given, additional, family, behind) if piece)


def _postal(pieces: list[str]) -> PostalAddress:
    """The parts: what stands before the street (post box, floor) is written with it."""
    box, extended, street, city, region, code, country, *_ = [*pieces, "", "", "", "", "", "", ""]
    before = ", ".join(part for part in (street, extended, box) if part)
    return PostalAddress(*(" ".join(part.split())[:LONGEST] for part in (before, city, region, code, country)))


def _birthday(value: str) -> str:
    """RFC 6350 §6.2.5: `19850314`, `1985-03-14T00:00:00Z`, `--0314`; anything else, and a year alone, tells no day."""
    found = _BIRTHDAY.match(value.strip())
    if found is None:
        return ""
    year, month, day = found.groups()
    try:
        date(int(year) if year.isdigit() else _LEAP, int(month), int(day))
    except ValueError:
        return ""
    return f"{year if year.isdigit() and year != NO_YEAR else '-'}-{month}-{day}"


def _address(pieces: list[str]) -> str:
    """Street, place and country in one line, as the countries write them: `9000 Gent`, `Austin, TX 78701`."""
    box, extended, street, city, region, code, country, *_ = [*pieces, "", "", "", "", "", "", ""]
    place = f"{city}, {region} {code}" if region and city else f"{code} {city} {region}"
    return ", ".join(
        part for part in (box, extended, street, " ".join(place.split()).strip(" ,"), country) if part.strip()
    )


def _phone(value: str) -> str:
    """The number without the scheme of RFC 3966, its extension as people write it."""
    if not value.lower().startswith("tel:"):
        return value
    number, _, parameters = value[4:].partition(";")
    extension = parameters.lower().partition("ext=")[2].partition(";")[0]
    return f"{number} ext. {extension}" if extension else number


def _link(value: str) -> str:
    if not value.lower().startswith(("http://", "https://")):
        if ":" in value or "." not in value or " " in value or "@" in value:
            return ""
        value = f"https://{value}"
    return value[:LONGEST] if " " not in value else ""


def _closed(card: _Open) -> ContactCard | None:
    texts = card.texts
    name = texts.get("FN") or texts.get("N", "")
    company = texts.get("ORG", "")
    if texts.get("KIND") == "org" or texts.get("X-ABSHOWAS") == "company":
        name, company = "", company or name
    found = ContactCard(
        name=name,
        title=texts.get("TITLE") or texts.get("ROLE", ""),
        company=company,
        emails=_in_order(card.emails),
        phones=_in_order(card.phones),
        links=_in_order(card.links),
        address=texts.get("ADR") or texts.get("LABEL", ""),
        postal=card.postal,
        salutation=card.parts[0] if name else "",
        first_name=card.parts[1] if name else "",
        last_name=card.parts[2] if name else "",
        birthday=_birthday(texts.get("BDAY", "")),
    )
    return found if found != ContactCard() else None


def _in_order(values: list[tuple[bool, str]]) -> tuple[str, ...]:
    """The preferred first, none twice."""
    ordered = [value for _, value in sorted(values, key=lambda pair: pair[0]) if value]
    return tuple(dict.fromkeys(ordered))[:MOST_VALUES]
