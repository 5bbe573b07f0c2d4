"""Conditions and statements that ask the index, in the database's own way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.among import among
from storage.models import Message, MessageText
from storage.search.order import ID_MASK, first_number, number_of_row, order_number
from storage.search.phrases import Field, Phrase, fts5, tsquery
from storage.search.signs import signs_class
from storage.sessions import ReadSession
from storage.types import UtcDateTime

FEW = 3_000
"""Messages that are all looked at and sorted in some milliseconds."""
MANY = 100_000
"""Messages that PostgreSQL expects to hold the words, and surely not few: it knows the words that are said most."""
NUMBER: ColumnElement[int] = literal_column("message_search.rowid", Integer)
_INDEX = table("message_search", column("rowid"))
_EXPECTED = text("EXPLAIN (FORMAT JSON) SELECT id FROM message_text WHERE vector @@ CAST(:words AS tsquery)")
_VECTOR: ColumnElement[str] = literal_column("message_text.vector", Text)


@dataclass(frozen=True, slots=True)
class SearchRows:
    """Messages that hold words, newest first, as a statement of rows of `id` to be narrowed by conditions on that id."""

    statement: Select[int]
    id: ColumnElement[int]
    in_index: bool
    """Whether only SQLite's index is asked, which knows date and id as one number; else `message` stands in it."""

    def between(self, since: datetime | None, until: datetime | None) -> "SearchRows":
        """Only those from `since` on and before `until`."""
        statement = self.statement
        if since is not None:
            statement = statement.where(first_number(since) <= NUMBER if self.in_index else Message.date >= since)
        if until is not None:
            statement = statement.where(first_number(until) > NUMBER if self.in_index else Message.date < until)
        return replace(self, statement=statement)

    def behind(self, at: datetime, message_id: int) -> "SearchRows":
        """Only those that come after this message."""
        if self.in_index:
            return replace(self, statement=self.statement.where(order_number(message_id, at) > NUMBER))
        behind = tuple_(Message.date, Message.id) < tuple_(literal(at, UtcDateTime), literal(message_id))
        return replace(self, statement=self.statement.where(behind))


def search_rows(session: ReadSession, phrases: Sequence[Phrase], without: Sequence[Phrase] = ()) -> SearchRows:
    """Messages that hold all of the phrases (at least one) and none of `without`."""
    if session.on_postgresql:
        query = select(Message.id).where(_says(session, phrases), *(~_says(session, [phrase]) for phrase in without))
        if (few := _few_that_hold(session, phrases)) is not None:
            query = query.where(among(Message.id, few))
        return SearchRows(query.order_by(Message.date.desc(), Message.id.desc()), Message.id.expression, in_index=False)
    message_id = NUMBER.op("&")(ID_MASK)
    query = select(message_id.label("id")).select_from(_INDEX).where(_match(phrases, without)).order_by(NUMBER.desc())
    return SearchRows(query, message_id, in_index=True)


def holds(session: ReadSession, phrases: Sequence[Phrase]) -> ColumnElement[bool]:
    """Whether a row of `message` (on PostgreSQL beside one of `message_text`) holds all of the phrases."""
    if not session.on_postgresql:
        return exists().select_from(_INDEX).where(_match(phrases), number_of_row() == NUMBER)
    in_fields = [_in_field(phrase.field, phrase) for phrase in phrases if phrase.field]
    return and_(_VECTOR.op("@@", is_comparison=True)(cast(literal(tsquery(phrases), Text), TSQUERY)), *in_fields)


def _says(session: ReadSession, phrases: Sequence[Phrase]) -> ColumnElement[bool]:
    """Whether a row of `message` holds the phrases, on PostgreSQL, asked of one after the other along their dates.

    It is no join on purpose: PostgreSQL would begin one with all that hold a word, and sort them, or set three processes to it.
    """
    return select(holds(session, phrases)).where(MessageText.id == Message.id).scalar_subquery()


def _few_that_hold(session: ReadSession, phrases: Sequence[Phrase]) -> list[int] | None:
    """On PostgreSQL, ids of messages that hold all of the phrases, and of some more; None where they are many.

    By the index of words: along the dates of a million mails a word that nobody said would be looked for for seconds. But what
    a great part of them says takes long there. PostgreSQL knows the words that are said most; any other it takes for one that
    thousands say.
    """
    rare = [phrase for phrase in phrases if _expected(session, phrase) <= MANY]
    if not rare:
        return None
    some = select(MessageText.id).where(holds(session, rare)).limit(FEW + 1)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    found = list(session.execute(some).scalars())
    session.execute(text("SET LOCAL enable_seqscan TO DEFAULT"))
    return found if len(found) <= FEW else None


def _expected(session: ReadSession, phrase: Phrase) -> int:
    """How many messages PostgreSQL expects to hold the phrase, in whichever field."""
    [[explained]] = session.execute(_EXPECTED, {"words": tsquery([phrase])})
    return int(explained[0]["Plan"]["Plan Rows"])


def lacks(session: ReadSession, message_id: ColumnElement[int], phrase: Phrase) -> ColumnElement[bool]:
    """Whether the message of that id does not hold the phrase; to be asked of a row of `message`."""
    if not session.on_postgresql:
        return ~holds(session, [phrase])
    return ~exists().where(MessageText.id == message_id, holds(session, [phrase]))


def _match(phrases: Sequence[Phrase], without: Sequence[Phrase] = ()) -> ColumnElement[bool]:
    index: ColumnElement[str] = literal_column("message_search", Text)
    return index.op("MATCH", is_comparison=True)(literal(fts5(phrases, without), Text))


def _in_field(field: Field, phrase: Phrase) -> ColumnElement[bool]:
    """The words stand in that very field: it is short, and looked at only where the index has them somewhere.

    They are parted where they were for the index: what PostgreSQL takes for a word is its locale's.
    """
    words = func.regexp_replace(getattr(MessageText, field.value), f"{signs_class()}+", " ", "g")
    asked = " ".join(phrase.words) + ("" if phrase.beginning else " ")
    return func.concat(" ", words, " ").contains(f" {asked}")
