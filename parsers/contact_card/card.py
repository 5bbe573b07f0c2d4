"""The card put together out of the pieces of a signature, top to bottom."""

from dataclasses import dataclass, field
from itertools import pairwise

from parsers.contact_card.links import GAP, emails_in, is_own, links_in
from parsers.contact_card.names import Author, author_of, name_in
from parsers.contact_card.phones import phones_in
from parsers.contact_card.pieces import pieces_of
from parsers.contact_card.places import address_in
from parsers.contact_card.roles import has_legal_form, is_company, is_title
from parsers.model import Address, ContactCard, Kind
from parsers.phrases.companies import LEGAL_FORMS
from parsers.phrases.contact_noise import BARE_LABELS, ON_BEHALF

LONGEST_SIGNATURE = 6_000
MOST_VALUES = 10
AROUND = " ,;:|-–—<>[]*/\\=_~+"
AT = (" at ", " @ ", " bei ", " chez ", " presso ", " w firmie ")
WRITTEN = frozenset({Kind.NORMAL, Kind.LIST, Kind.OUT_OF_OFFICE, Kind.AUTO_REPLY})
FORMS = frozenset(LEGAL_FORMS)


@dataclass(slots=True)
class _Found:
    """What was found so far; `texts` are the pieces that are neither phone, page nor address."""

    name: str = ""
    agrees: bool = False
    texts: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def contact_of(kind: Kind, signature: str, sender: Address | None) -> ContactCard | None:
    """What `signature` tells about `sender` beyond what From tells; None where that is nothing. Never raises.

    Asked for when a contact is to be completed, not of each mail: it takes a third of the time of all the rest. Only of
    mail that people write: the foot of a newsletter or a report is nobody's card.
    """
    if len(signature) < 2 or kind not in WRITTEN:
        return None
    sender = sender or Address("", "")
    author = author_of(sender)
    domain = sender.address.rpartition("@")[2].lower()
    found = _read(pieces_of(signature[:LONGEST_SIGNATURE]), author, domain)
    place, used = address_in(found.texts)
    texts = [text for at, text in enumerate(found.texts) if at not in used]
    title, company = _title_and_company(texts, domain)
    if author.name and not found.agrees:
        title = ""
    in_business = bool(title or company or found.phones)
    card = ContactCard(
        name=found.name or _stranger(texts, author, title),
        title=title,
        company=company,
        emails=_distinct([email for email in found.emails if _is_own_mail(email, author, sender)]),
        phones=_distinct(found.phones),
        links=_distinct([link for link in found.links if is_own(link, domain, author, in_business=in_business)]),
        address=place,
    )
    return card if _tells_more(card, sender) else None


def _is_own_mail(email: str, author: Author, sender: Address) -> bool:
    """Whether the address is the author's and no list's or colleague's: his name is in it, or the same mailbox name."""
    mailbox = email.partition("@")[0]
    return email.lower() == sender.address.lower() or mailbox.lower() == author.mailbox.lower() or author.is_in(mailbox)


def _read(pieces: list[str], author: Author, domain: str) -> _Found:
    found = _Found()
    for piece in pieces:
        emails, rest = emails_in(piece)
        links, rest = links_in(rest, domain)
        phones, rest = phones_in(rest)
        found.emails += emails
        found.links += links
        found.phones += phones
        for text in rest.split(GAP):
            _take(found, text.strip(AROUND), author)
    return found


def _take(found: _Found, text: str, author: Author) -> None:
    """A stretch of words: the author's name, or something to look at when all is read."""
    if not text.strip("() ") or text.lower().strip(":. ()") in BARE_LABELS:
        return
    named = name_in(text, author) if " " not in found.name else None
    if named is None:
        found.texts.append(text[1:-1] if text[0] == "(" and text.find(")") == len(text) - 1 else text)
        return
    found.agrees = True
    found.name = named.name if named.is_whole else found.name
    if named.behind:
        found.texts.append(named.behind)


def _title_and_company(texts: list[str], domain: str) -> tuple[str, str]:
    title = company = ""
    for text in texts:
        if title and company:
            break
        for part in _parts(_without_behalf(text), domain):
            if not company and is_company(part, domain) and not (is_title(part) and not has_legal_form(part)):
                company = part if has_legal_form(part) else part.rstrip(".")
            elif not title and is_title(part):
                title = part
    return title, company


def _without_behalf(text: str) -> str:
    """The company behind `For and on behalf of`."""
    lowered = text.lower()
    return next((text[len(words) :] for words in ON_BEHALF if lowered.startswith(words)), text)


def _parts(text: str, domain: str) -> list[str]:
    """A piece, or its parts by commas or `at` where one of them is a company."""
    for word in AT:
        before, at, behind = text.partition(word)
        if at and is_title(before) and (is_company(behind, domain)):
            return [before.strip(), behind.strip()]
    parts: list[str] = []
    for part in text.split(","):
        if parts and part.strip().lower() in FORMS:
            parts[-1] = f"{parts[-1]},{part}"
        else:
            parts.append(part.strip())
    if len(parts) > 1 and any(is_company(part, domain) for part in parts):
        return parts
    return [text]


def _stranger(texts: list[str], author: Author, title: str) -> str:
    """The name in the signature of a mailbox that is nobody's: two to four capitalised words right above a position."""
    if author.name or not title:
        return ""
    for text, below in pairwise(texts):
        words = text.split()
        if below == title and 2 <= len(words) <= 4 and all(word[0].isupper() and word.isalpha() for word in words):
            return text
    return ""


def _tells_more(card: ContactCard, sender: Address) -> bool:
    if card.title or card.company or card.phones or card.links or card.address:
        return True
    if any(email.lower() != sender.address.lower() for email in card.emails):
        return True
    return bool(card.name) and "".join(card.name.split()).casefold() != "".join(sender.name.split()).casefold()


def _distinct(values: list[str]) -> tuple[str, ...]:
    return tuple({value.lower(): value for value in reversed(values)}.values())[::-1][:MOST_VALUES]
