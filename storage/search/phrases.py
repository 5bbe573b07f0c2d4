"""What is looked for in the words of mail, as data, and its spelling in FTS5 and in PostgreSQL's tsquery."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.folding import fold
from storage.tsvector import WORD


class Field(StrEnum):
    """Where in a message; the names are those of the columns of `message_text`."""

    SUBJECT = "subject"
    SENDER = "sender"
    RECIPIENTS = "recipients"
    COPIES = "copies"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one behind the other, folded; at least one. `beginning`: of the last word the rest may be missing."""

    words: tuple[str, ...]
    field: Field | None = None
    beginning: bool = False


def phrase_of(text: str, field: Field | None = None, *, beginning: bool = False) -> Phrase | None:
    """The phrase that `text` asks for; None where no word is in it."""
    words = tuple(WORD.findall(fold(text)))
    return Phrase(words, field, beginning) if words else None


def fts5(phrases: Iterable[Phrase], without: Iterable[Phrase] = ()) -> str:
    """All of them and none of the others, as FTS5 is asked (sqlite.org/fts5.html §3)."""
    held = " AND ".join(map(_fts5, phrases))
    return " NOT ".join([f"({held})", *(f"({_fts5(phrase)})" for phrase in without)])


def tsquery(phrases: Iterable[Phrase]) -> str:
    """All of them, as PostgreSQL's type is written: words as they are, which `to_tsquery` would part where its locale does.

    PostgreSQL keeps places up to 16,383 and 256 of a word: behind these no words stand one behind the other.
    """
    return " & ".join(f"({_tsquery(phrase)})" for phrase in phrases)


def _fts5(phrase: Phrase) -> str:
    where = f"{phrase.field.value} : " if phrase.field else ""
    return f'{where}"{" ".join(phrase.words)}"{" *" if phrase.beginning else ""}'


def _tsquery(phrase: Phrase) -> str:
    return " <-> ".join(f"'{word}'" for word in phrase.words) + (":*" if phrase.beginning else "")
