"""What was typed to find records, as conditions: beginnings of words, of addresses and phones, and the end of a phone.

Each word must begin a word of the record's name or of a custom field, or one of its addresses. What looks like a phone finds
it however it was written, by its last nine digits. `RecordTerm` has all of these in one index.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, false, literal, or_, select, union_all

from crm.access.viewer import Viewer
from crm.records.repository.naming import field_key
from storage.folding import name_key
from storage.models import CustomField, FieldValue, RecordTerm, RecordType
from storage.models.record_term import ADDRESS, ENDING, FIELD, LONGEST_ADDRESS, LONGEST_WORD, PHONE, SOURCE, TAG
from storage.sessions import ReadSession

LAST = "\U0010ffff"
"""Behind every word that begins alike."""
FEWEST_DIGITS = 5
_LIKE_A_PHONE = re.compile(r"\+?[\d\s()./-]+")


def searched_fields(session: ReadSession, viewer: Viewer, kind: RecordType, words: str) -> tuple[int, ...]:
    """The custom fields into which a search by these words looks: those of the kind that the viewer may see."""
    if not words.strip():
        return ()
    hidden = viewer.hidden_fields(kind)
    of_kind = select(CustomField.id).where(CustomField.record_type == kind, CustomField.removed_at.is_(None))
    return tuple(
        one for one in session.execute(of_kind.order_by(CustomField.id)).scalars() if field_key(one) not in hidden
    )


def found_by_words(
    table: Any, words: str, hidden: frozenset[str], fields: Sequence[int]
) -> Iterator[ColumnElement[bool]]:
    """That a record is meant by what was typed: conditions that must all hold. `fields`: the custom ones that are looked into.

    Addresses and phones find nothing where these fields are `hidden`.
    """
    every = [_has(table, word, hidden, fields) for word in words.split()]
    ending = "" if "phones" in hidden else _ending(words)
    if ending:
        yield or_(and_(*every), table.id.in_(_of(table, _begins(PHONE + ending))))
    else:
        yield from every


def records_by_words(table: Any, words: str, fields: Sequence[int]) -> Iterator[CompoundSelect[int]]:
    """Ids of records among which all are that `found_by_words` means; each statement goes by the index alone. (SQLite parts no
    `OR` there.)"""
    if ending := _ending(words):
        address = _begins_address(max(words.split(), key=len))
        phone = _of(table, _begins(PHONE + ending))
        yield union_all(phone, _of(table, address), *_of_word(table, max(_pieces(words), key=len), fields))
        return
    for word in words.split():
        if pieces := _pieces(word):
            longest = max(pieces, key=len)
            yield union_all(_of(table, _begins_address(word)), *_of_word(table, longest, fields))


def _of_word(table: Any, piece: str, fields: Sequence[int]) -> Iterator[Select[int]]:
    """Records in whose name, or in one of the fields, a word begins so."""
    yield _of(table, _begins(piece[:LONGEST_WORD]))
    yield from (_of(table, _begins(_in_field(field, piece))) for field in fields)


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


def _has(table: Any, word: str, hidden: frozenset[str], fields: Sequence[int]) -> ColumnElement[bool]:
    pieces = _pieces(word)
    if not pieces:
        return false()
    key = literal(" ").concat(table.name_key)
    in_name = and_(*(key.contains(f" {piece}") for piece in pieces))
    ways = [in_name]
    if fields:  # Asked of each record that is looked at: the index would tell of all that hold a common word.
        said = literal(" ").concat(FieldValue.key)
        held = exists().where(FieldValue.field_id.in_(fields), FieldValue.record_id == table.id)
        ways.append(held.where(*(said.contains(f" {piece}") for piece in pieces)))
    if not hidden & {"emails", "phones"}:  # An address and a phone are terms alike.
        ways.append(table.id.in_(_of(table, _begins_address(word))))
    return or_(*ways)


def _of(table: Any, such: ColumnElement[bool]) -> Select[int]:
    return select(RecordTerm.record_id).where(RecordTerm.record_type == RecordType(table.__tablename__), such)


def _begins_address(word: str) -> ColumnElement[bool]:
    return _begins(ADDRESS + word.lower()[:LONGEST_ADDRESS])


def _in_field(field_id: int, piece: str) -> str:
    return f"{FIELD}{field_id}:{piece[:LONGEST_WORD]}"


def _begins(start: str) -> ColumnElement[bool]:
    return and_(start <= RecordTerm.term, RecordTerm.term < start + LAST)


def _pieces(word: str) -> list[str]:
    return name_key(word).split()


def _ending(words: str) -> str:
    """The last digits of a phone, from behind; empty for what does not look like one."""
    digits = re.sub(r"\D", "", words) if _LIKE_A_PHONE.fullmatch(words.strip()) else ""
    return digits[-ENDING:][::-1] if len(digits) >= FEWEST_DIGITS else ""
