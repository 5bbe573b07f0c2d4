"""Whether a piece of a signature is its author's name: it must agree with From, or with the address."""

import re
import unicodedata
from dataclasses import dataclass

from parsers.model import Address
from parsers.phrases.signatures import CLOSINGS
from parsers.phrases.titles import HONORIFICS, PRONOUNS, SUFFIXES

MOST_WORDS = 6
LONGEST = 160
LONGEST_BEHIND = 20
LONG_WORD = 4
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")
CLOSING_WORDS = frozenset(CLOSINGS)
AFTER_NAME = re.compile(r"\s?[,–—|/(<:]\s?|\s-\s")
NO_LETTERS = re.compile(r"[\d=&#@\\`>\"!?*]")
PARTICLES = frozenset(
    {
        "de", "da", "do", "dos", "das", "di", "del", "della", "der", "den", "van", "von", "zu", "la", "le", "bin", "al",
        "el", "ben", "ter", "ten", "y", "e", "i",
    }
)  # fmt: skip
SIGNED_FOR = ("i.A. ", "i. A. ", "i.V. ", "i. V. ", "ppa. ", "i.A.", "i.V.")
"""Germans sign so for their firm."""
UNFOLDED = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Author:
    """What is known of the author: the words of the name in From, or else of the address."""

    name: str
    mailbox: str
    words: frozenset[str]

    def is_in(self, text: str) -> bool:
        """Whether an address or a link has the name in it: all its words, or one that is too long for an accident."""
        lowered = text.lower()
        if any(len(word) >= LONG_WORD and word in lowered for word in self.words):
            return True
        return len(self.words) > 1 and all(word in lowered for word in self.words)


@dataclass(frozen=True, slots=True)
class NamePiece:
    """A name as written, what stands behind it in its piece, and whether it tells as much as From or more."""

    name: str
    behind: str
    is_whole: bool


def author_of(address: Address) -> Author:
    """What From tells of the author."""
    mailbox = address.address.partition("@")[0]
    if address.name and "@" not in address.name:
        return Author(address.name, mailbox, frozenset(_words(address.name)))
    words = WORD.findall(mailbox.replace("_", " "))
    return Author("", mailbox, frozenset(_folded(word) for word in words if len(word) > 1))


def name_in(piece: str, author: Author) -> NamePiece | None:
    """The author's name at the start of the piece, or None."""
    if not author.words or len(piece) > LONGEST:
        return None
    text = _plain(piece)
    if CJK.search(text):
        return _unspaced(text, author.name)
    head, behind = _parted(text)
    if NO_LETTERS.search(head) or not head:
        return None
    head = _without_prefix(head)
    words = _words(head)
    common = words & author.words
    if not common or (common != words and common != author.words) or (not author.name and len(common) < 2):
        return None
    # One word more than From has may be a middle name, two are a firm.
    if len(words - common) > (1 if len(common) > 1 else 2) or not all(map(_is_of_name, head.split())):
        return None
    head = head if head.split()[-1].lower() in SUFFIXES else head.rstrip(".")
    return NamePiece(head, behind, len(words) >= len(author.words) or not author.name)


def _is_of_name(word: str) -> bool:
    first = word.lstrip("('\"-")[:1]
    return not first.islower() or word.lower() in PARTICLES or word.lower() in HONORIFICS or word.lower() in SUFFIXES


def _without_prefix(head: str) -> str:
    """The name without a closing word before it, and without what says for whom it is signed; titles stay."""
    head = next((head[len(prefix) :].strip() for prefix in SIGNED_FOR if head.startswith(prefix)), head)
    first, _, rest = head.partition(" ")
    return rest if rest and first.lower() in CLOSING_WORDS else head


def _plain(piece: str) -> str:
    text = piece.strip(" -–—*_,;:|~").lstrip(".-– ")
    if "/" in text or "(" in text:
        lowered = text.lower()
        for pronoun in PRONOUNS:
            at = lowered.find(pronoun)
            if at > 0:
                text = text[:at] + text[at + len(pronoun) :]
                break
    return " ".join(text.split())


def _parted(text: str) -> tuple[str, str]:
    """The name with the degrees behind it, and the rest."""
    match = AFTER_NAME.search(text)
    if match is None:
        return text, ""
    head, behind = text[: match.start()].strip(), text[match.end() :].strip(" )")
    while match[0].strip() == "," and behind:
        degree, _, rest = behind.partition(",")
        if not all(word.lower() in SUFFIXES for word in degree.split()):
            break
        head, behind = f"{head}, {degree.strip()}", rest.strip()
    return head, behind


def _words(text: str) -> set[str]:
    """The words by which names are compared: without titles, accents and initials."""
    found: set[str] = set()
    for piece in text.replace(",", " ").split():
        lowered = piece.lower()
        if lowered not in HONORIFICS and lowered not in SUFFIXES:
            found.update(folded for word in WORD.findall(piece) if len(folded := _folded(word)) > 1)
    return found


def _folded(word: str) -> str:
    plain = word.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(UNFOLDED))
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _unspaced(text: str, known: str) -> NamePiece | None:
    """A Chinese, Japanese or Korean name, which may have a blank in the middle, and what follows it."""
    name = "".join(known.split())
    if len(name) < 2 or not CJK.search(name) or not "".join(text.split()).startswith(name):
        return None
    length = next(end for end in range(len(text) + 1) if len("".join(text[:end].split())) == len(name))
    behind = text[length:].strip(" (（:：")
    return NamePiece(text[:length].strip(), behind, True) if len(behind) <= LONGEST_BEHIND else None
