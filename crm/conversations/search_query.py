"""What people type into the search field, as data: words, "phrases", -exclusions and operators such as from:anna.

    from:anna subject:"price list" -draft has:attachment after:2026-03 in:inbox larger:5M

Nothing that is typed is wrong: an operator that is not known, or whose value makes no sense, is searched as words, and
said so. `parse_query(str(query))` gives the same terms again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from typing_extensions import override

from crm.conversations.search_values import days_of, size_of

MOST_TERMS = 30


class Operator(StrEnum):
    """How a term is meant. `WORD` has no name in front."""

    WORD = ""
    FROM = "from"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"
    FILENAME = "filename"
    HAS = "has"
    IS = "is"
    IN = "in"
    BEFORE = "before"
    AFTER = "after"
    ON = "on"
    LARGER = "larger"
    SMALLER = "smaller"


DATES = frozenset({Operator.BEFORE, Operator.AFTER, Operator.ON})
SIZES = frozenset({Operator.LARGER, Operator.SMALLER})
HAS = frozenset({"attachment", "attachments", "file", "files"})
IS = frozenset({"unread", "read", "flagged", "starred"})
_NAMES = "|".join(operator.value for operator in Operator if operator.value)
_TERM = re.compile(
    rf'(?P<minus>-)?(?:(?P<operator>{_NAMES}):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))', re.IGNORECASE
)
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `quoted`: the words as they stand, not their beginnings. No value has a quote in it."""

    operator: Operator
    value: str
    negated: bool = False
    quoted: bool = False

    @override
    def __str__(self) -> str:
        name = f"{self.operator.value}:" if self.operator.value else ""
        return f"{'-' if self.negated else ''}{name}" + (f'"{self.value}"' if self.quoted else self.value)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Conditions that one message meets all at once; `misread` are those that are searched as words, as typed."""

    terms: tuple[Term, ...]
    misread: tuple[str, ...] = ()

    @override
    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    @property
    def words(self) -> str:
        """What is not an operator, for whom knows words only: people, companies, deals."""
        return " ".join(term.value for term in self.terms if term.operator is Operator.WORD and not term.negated)

    @property
    def is_plain(self) -> bool:
        """Whether nothing but words is asked for."""
        return all(term.operator is Operator.WORD and not term.negated for term in self.terms)

    def has(self, operator: Operator) -> bool:
        """Whether a term of that kind is there."""
        return any(term.operator is operator for term in self.terms)

    def and_(self, operator: Operator, value: str) -> "SearchQuery":
        """The same with one condition more; quotes in `value` are left out, for they would end it."""
        plain = " ".join(value.replace('"', " ").split())
        return SearchQuery((*self.terms, Term(operator, plain, quoted=" " in plain)), self.misread)


def parse_query(text: str) -> SearchQuery:
    """Read what was typed. Never raises; linear in the length of `text`."""
    terms: list[Term] = []
    misread: list[str] = []
    for term in _terms(text):
        if len(terms) == MOST_TERMS:
            break
        if makes_sense(term):
            terms.append(term)
        else:
            misread.append(str(term))
            terms.append(_as_words(term))
    return SearchQuery(tuple(terms), tuple(misread))


def makes_sense(term: Term) -> bool:
    """Whether the operator can do something with its value."""
    if term.operator in DATES:
        return days_of(term.value, _ANY_DAY) is not None
    if term.operator in SIZES:
        return size_of(term.value) is not None
    if term.operator is Operator.HAS:
        return term.value.lower() in HAS
    return term.operator is not Operator.IS or term.value.lower() in IS


def _terms(text: str) -> Iterator[Term]:
    for found in _TERM.finditer(text):
        operator = Operator((found["operator"] or "").lower())
        value = found["quoted"] if found["quoted"] is not None else found["plain"]
        if value.strip():
            yield Term(operator, value, found["minus"] is not None, found["quoted"] is not None)


def _as_words(term: Term) -> Term:
    value = term.value if term.quoted else f"{term.operator.value}:{term.value}"
    return Term(Operator.WORD, value, term.negated, term.quoted)
