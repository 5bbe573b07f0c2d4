"""What was typed to find records, as conditions: beginnings of words, of addresses and phones, and the end of a phone.

Each word must begin a word of the record's name or of one of its fields, or one of its addresses. What looks like a phone finds
it however it was written, by its last nine digits. `RecordTerm` has all of these in one index.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, func, literal, or_, select, union_all

from crm.access.viewer import Viewer
from crm.records.repository.naming import CHANNEL_FIELDS, TABLES, field_key, kind_of
from storage.folding import name_key, words_of
from storage.models import Channel, CustomField, FieldValue, RecordTerm, RecordType
from storage.models.record_term import ADDRESS, ENDING, FIELD, LONGEST_ADDRESS, LONGEST_WORD, PHONE, SOURCE, TAG
from storage.sessions import ReadSession

Fields = Sequence[int | str]
"""Custom fields by their numbers, standard ones by their names."""
LAST = "\U0010ffff"
"""Behind every word that begins alike."""
FEW = 8_000
"""Records that are all looked at and sorted in some tens of milliseconds: walking past 200,000 takes hundreds."""
FEWEST_DIGITS = 5
_LIKE_A_PHONE = re.compile(r"\+?[\d\s()./-]+")


def searched_fields(
    session: ReadSession, viewer: Viewer, kinds: Collection[RecordType], words: str
) -> Mapping[RecordType, Fields]:
    """The fields into which a search by these words looks: those of each kind that the viewer may see, the custom ones first."""
    found: dict[RecordType, list[int | str]] = {kind: [] for kind in kinds}
    if not words.strip():
        return found
    there = select(CustomField.record_type, CustomField.id).where(CustomField.removed_at.is_(None))
    of_kinds = there.where(CustomField.record_type.in_(kinds)).order_by(CustomField.id)
    for kind, field_id in session.execute(of_kinds):
        if field_key(field_id) not in viewer.hidden_fields(kind):
            found[kind].append(field_id)
    for kind in kinds:
        found[kind] += [field for field in fields_with_words(kind) if field not in viewer.hidden_fields(kind)]
    return found


def fields_with_words(kind: RecordType) -> tuple[str, ...]:
    """The standard fields besides the name whose words find a record, as its table has them."""
    of_table: tuple[str, ...] = TABLES[kind].__table__.c.field_words.info["field_words_of"]
    return of_table


def found_by_words(table: Any, words: str, hidden: frozenset[str], fields: Fields) -> Iterator[ColumnElement[bool]]:
    """That a record is meant by what was typed: conditions that must all hold. `fields`: those that are looked into.

    Addresses and phones find nothing where these fields are `hidden`.
    """
    every = [_has(table, word, hidden, fields) for word in words.split()]
    ending = "" if "phones" in hidden else _ending(words)
    if ending:
        yield or_(and_(*every), table.id.in_(_of(table, _begins(PHONE + ending))))
    else:
        yield from every


def records_by_words(table: Any, words: str, fields: Fields) -> Iterator[CompoundSelect[int]]:
    """Ids of records among which all are that `found_by_words` means; each statement goes by the index alone. (SQLite parts no
    `OR` there.)"""
    phone = []
    if ending := _ending(words):
        phone = [_of(table, _begins(PHONE + ending))]
    for word in sorted(words.split(), key=lambda word: word.startswith("+")):  # `+48` begins most.
        if pieces := _pieces(word):
            longest = max(pieces, key=len)
            yield union_all(_of(table, _begins_address(word)), *phone, *_of_word(table, longest, fields))


def _of_word(table: Any, piece: str, fields: Fields) -> Iterator[Select[int]]:
    """Records in whose name, or in one of their fields if any are looked into, a word begins so."""
    yield _of(table, _begins(piece[:LONGEST_WORD]))
    if fields:
        yield _of(table, _begins_in_field(piece))


def says(table: Any, field: str, words: str) -> ColumnElement[bool]:
    """Whether one standard field has words that begin like each of these."""
    pieces = words_of(words)
    return and_(*_in_standard(table, pieces, [field])) if pieces else false()


def records_that_say(table: Any, words: str) -> Select[int]:
    """Ids of records among which all are of which a field says these words."""
    return _of(table, _begins_in_field(max(words_of(words), key=len, default="")))


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


def _has(table: Any, word: str, hidden: frozenset[str], fields: Fields) -> ColumnElement[bool]:
    pieces = _pieces(word)
    if not pieces:
        return false()
    key = literal(" ").concat(table.name_key)
    in_name = and_(*(key.contains(f" {piece}") for piece in pieces))
    ways = [in_name]
    if fields:
        begun = _begins_in_field(max(pieces, key=len))
        ways.append(_first_where_few(table, begun, or_(*_in_fields(table, pieces, fields))))
    kinds = [kind for key, kind in CHANNEL_FIELDS.items() if key not in hidden]
    if kinds and kind_of(table) is not RecordType.DEAL:
        address = word.lower()
        begins = func.substr(Channel.key, 1, len(address)) == address
        of_it = and_(Channel.record_type == kind_of(table), Channel.record_id == table.id)
        ways.append(_first_where_few(table, _begins_address(word), _there(of_it, Channel.kind.in_(kinds), begins)))
    return or_(*ways)


def _in_fields(table: Any, pieces: Sequence[str], fields: Fields) -> Iterator[ColumnElement[bool]]:
    """That one of the fields has words that begin so."""
    yield from _in_standard(table, pieces, [field for field in fields if isinstance(field, str)])
    if custom := [field for field in fields if isinstance(field, int)]:
        said = literal(" ").concat(FieldValue.key)
        words = (said.contains(f" {piece}") for piece in pieces)
        yield _there(FieldValue.field_id.in_(custom), FieldValue.record_id == table.id, *words)


def _first_where_few(table: Any, begun: ColumnElement[bool], check: ColumnElement[bool]) -> ColumnElement[bool]:
    """`check`, which is dear, asked of the few records alone that the index tells of by this beginning.

    Where it tells of many it is asked of each record that is looked at: then one is found soon. The database counts itself.
    """
    there = _of(table, begun)
    some = select(func.count()).select_from(there.limit(FEW + 1).subquery()).scalar_subquery()
    return and_(or_(some > FEW, table.id.in_(there)), check)


def _in_standard(table: Any, pieces: Sequence[str], fields: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    said = literal(" ").concat(table.field_words)
    for field in fields:
        begun = (f" {field}:{piece[:LONGEST_WORD]}" for piece in pieces)
        yield and_(*(said.contains(words, autoescape=True) for words in begun))


def _there(*such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such a row is there, asked of each record that is looked at.

    The index of terms would tell of all that hold a common word, and of an `EXISTS` PostgreSQL may make a list of all rows.
    """
    return select(literal(1)).where(*such).limit(1).scalar_subquery().is_not(None)


def _of(table: Any, such: ColumnElement[bool]) -> Select[int]:
    return select(RecordTerm.record_id).where(RecordTerm.record_type == kind_of(table), such)


def _begins_address(word: str) -> ColumnElement[bool]:
    return _begins(ADDRESS + word.lower()[:LONGEST_ADDRESS])


def _begins_in_field(piece: str) -> ColumnElement[bool]:
    """In whichever field: the index has them by the word."""
    return _begins(FIELD + piece[:LONGEST_WORD])


def _begins(start: str) -> ColumnElement[bool]:
    return and_(start <= RecordTerm.term, RecordTerm.term < start + LAST)


def _pieces(word: str) -> list[str]:
    return name_key(word).split()


def _ending(words: str) -> str:
    """The last digits of a phone, from behind; empty for what does not look like one."""
    digits = re.sub(r"\D", "", words) if _LIKE_A_PHONE.fullmatch(words.strip()) else ""
    digits = digits.lstrip("0")  # Of what is dialled before a number, which is not there behind its country's code.
    return digits[-ENDING:][::-1] if len(digits) >= FEWEST_DIGITS else ""
