"""What was typed to find records, as conditions: beginnings of words, of addresses and phones, and the end of a phone.

Each word must begin a word of the record's name, or one of its addresses. What looks like a phone finds it however it was
written, by its last nine digits. `RecordTerm` has all of these in one index.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, literal, or_, select, union_all

from storage.folding import name_key
from storage.models import RecordTerm, RecordType
from storage.models.record_term import ADDRESS, ENDING, LONGEST_ADDRESS, LONGEST_WORD, PHONE, SOURCE, TAG

LAST = "\U0010ffff"
"""Behind every word that begins alike."""
FEWEST_DIGITS = 5
_LIKE_A_PHONE = re.compile(r"\+?[\d\s()./-]+")


def found_by_words(table: Any, words: str, hidden: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    """That a record is meant by what was typed: conditions that must all hold.

    Addresses and phones find nothing where these fields are `hidden`.
    """
    every = [_has(table, word, hidden) for word in words.split()]
    ending = "" if "phones" in hidden else _ending(words)
    if ending:
        yield or_(and_(*every), table.id.in_(_of(table, _begins(PHONE + ending))))
    else:
        yield from every


def records_by_words(table: Any, words: str) -> Iterator[CompoundSelect[int]]:
    """Ids of records among which all are that `found_by_words` means; each statement goes by the index alone. (SQLite parts no
    `OR` there.)"""
    ending = _ending(words)
    if ending:
        longest = max(_pieces(words), key=len)
        yield union_all(_of(table, _begins(PHONE + ending)), _of(table, _begins(longest[:LONGEST_WORD])))
        return
    for word in words.split():
        if pieces := _pieces(word):
            longest = max(pieces, key=len)
            yield union_all(_of(table, _begins(longest[:LONGEST_WORD])), _of(table, _begins_address(word)))


def records_by_tag(table: Any, tag: str) -> Select[int]:
    """Ids of records among which all are that have a tag."""
    return _of(table, RecordTerm.term == TAG + tag[:LONGEST_WORD])


def records_by_source(table: Any, source: str) -> Select[int]:
    """Ids of records among which all are that came that way."""
    return _of(table, RecordTerm.term == SOURCE + source[:LONGEST_WORD])


def records_by_endings(kind: RecordType, endings: Sequence[str]) -> Select[int]:
    """Ids of records that have a phone with one of these last digits, which are all it has, or nine."""
    terms = [PHONE + ending[::-1] for ending in endings]
    return select(RecordTerm.record_id).where(RecordTerm.record_type == kind, RecordTerm.term.in_(terms))


def _has(table: Any, word: str, hidden: frozenset[str]) -> ColumnElement[bool]:
    pieces = _pieces(word)
    if not pieces:
        return false()
    key = literal(" ").concat(table.name_key)
    in_name = and_(*(key.contains(f" {piece}") for piece in pieces))
    if hidden & {"emails", "phones"}:
        return in_name  # An address and a phone are terms alike.
    return or_(in_name, table.id.in_(_of(table, _begins_address(word))))


def _of(table: Any, such: ColumnElement[bool]) -> Select[int]:
    return select(RecordTerm.record_id).where(RecordTerm.record_type == RecordType(table.__tablename__), such)


def _begins_address(word: str) -> ColumnElement[bool]:
    return _begins(ADDRESS + word.lower()[:LONGEST_ADDRESS])


def _begins(start: str) -> ColumnElement[bool]:
    return and_(start <= RecordTerm.term, RecordTerm.term < start + LAST)


def _pieces(word: str) -> list[str]:
    return name_key(word).split()


def _ending(words: str) -> str:
    """The last digits of a phone, from behind; empty for what does not look like one."""
    digits = re.sub(r"\D", "", words) if _LIKE_A_PHONE.fullmatch(words.strip()) else ""
    return digits[-ENDING:][::-1] if len(digits) >= FEWEST_DIGITS else ""
