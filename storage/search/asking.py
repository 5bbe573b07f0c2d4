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

FEW = 1_000
"""Messages that are all looked at and sorted in some milliseconds."""
NUMBER: ColumnElement[int] = literal_column("message_search.rowid", Integer)
_INDEX = table("message_search", column("rowid"))
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
    if _on_postgresql(session):
        query = select(Message.id).join(MessageText, MessageText.id == Message.id).where(holds(session, phrases))
        query = query.where(*(~holds(session, [phrase]) for phrase in without))
        if (few := _few_that_hold(session, phrases)) is not None:
            query = query.where(among(Message.id, few))
        return SearchRows(query.order_by(Message.date.desc(), Message.id.desc()), Message.id.expression, in_index=False)
    message_id = NUMBER.op("&")(ID_MASK)
    query = select(message_id.label("id")).select_from(_INDEX).where(_match(phrases, without)).order_by(NUMBER.desc())
    return SearchRows(query, message_id, in_index=True)


def holds(session: ReadSession, phrases: Sequence[Phrase]) -> ColumnElement[bool]:
    """Whether a row of `message` (on PostgreSQL beside one of `message_text`) holds all of the phrases."""
    if not _on_postgresql(session):
        return exists().select_from(_INDEX).where(_match(phrases), number_of_row() == NUMBER)
    in_fields = [_in_field(phrase.field, phrase) for phrase in phrases if phrase.field]
    return and_(_VECTOR.op("@@", is_comparison=True)(cast(literal(tsquery(phrases), Text), TSQUERY)), *in_fields)


def _few_that_hold(session: ReadSession, phrases: Sequence[Phrase]) -> list[int] | None:
    """On PostgreSQL, ids of the messages that hold all of the phrases, by the index of words; None where they are many.

    It takes a word that it does not know for one that many say, and went along the dates of a million mails to find none.
    """
    some = select(MessageText.id).where(holds(session, phrases)).limit(FEW + 1)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    found = list(session.execute(some).scalars())
    session.execute(text("SET LOCAL enable_seqscan TO DEFAULT"))
    return found if len(found) <= FEW else None


def lacks(session: ReadSession, message_id: ColumnElement[int], phrase: Phrase) -> ColumnElement[bool]:
    """Whether the message of that id does not hold the phrase; to be asked of a row of `message`."""
    if not _on_postgresql(session):
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


def _on_postgresql(session: ReadSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"
