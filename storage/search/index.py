"""The index is kept: messages come in, messages are forgotten."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.bulk import insert_rows, inserting, run_many
from storage.folding import fold
from storage.models import Message, MessageText
from storage.search.asking import search_rows
from storage.search.order import order_number
from storage.search.phrases import Phrase
from storage.sessions import ReadSession, WriteSession
from storage.tsvector import WORD, vector_of

COLUMNS = ("subject", "sender", "recipients", "copies", "files", "body")
_LISTED = ", ".join(COLUMNS)
_INSERT = f"INSERT INTO message_search (rowid, {_LISTED}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_FORGET = f"INSERT INTO message_search (message_search, rowid, {_LISTED}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"


_WITH_VECTOR = Table(
    MessageText.__tablename__,
    MetaData(),
    Column("id", BigInteger),
    *(Column(name, Text) for name in COLUMNS),
    Column("vector", TSVECTOR),
)
"""As PostgreSQL has it; the model is what both databases have."""
_texts = itemgetter(*COLUMNS)


def index_messages(session: WriteSession, rows: Sequence[dict[str, Any]], dates: Sequence[datetime]) -> None:
    """Make messages findable, each once. Rows have `id` and the columns of `COLUMNS`, folded; `dates` are theirs.
    On PostgreSQL they may have the `vector` of these too, where it was made already.

    Of a mail with very many different words PostgreSQL finds only the first ones (`storage.tsvector`).
    """
    with indexing(session, rows, dates):
        pass


@contextmanager
def indexing(session: WriteSession, rows: Sequence[dict[str, Any]], dates: Sequence[datetime]) -> Iterator[None]:
    """`index_messages`, which PostgreSQL does while the block runs; the block must ask the database nothing."""
    if not rows:
        yield
        return
    if session.on_postgresql:
        complete = [row if "vector" in row else row | {"vector": vector_of(_texts(row))} for row in rows]
        with inserting(session, _WITH_VECTOR, complete):
            yield
        return
    insert_rows(session, MessageText, rows)
    numbered = [
        (order_number(row["id"], date), *map(row.__getitem__, COLUMNS)) for row, date in zip(rows, dates, strict=True)
    ]
    # FTS5 begins a new segment where numbers do not ascend.
    run_many(session, _INSERT, sorted(numbered))
    yield


def forget_message(session: WriteSession, message_id: int) -> None:
    """Take a message out of search, so that no word of it remains in the index. To be called while its row stands."""
    if not session.on_postgresql:
        columns = [getattr(MessageText, name) for name in COLUMNS]
        query = select(Message.date, *columns).join(Message, Message.id == MessageText.id)
        row = session.execute(query.where(MessageText.id == message_id)).one_or_none()
        if row is not None:
            session.connection().exec_driver_sql(_FORGET, (order_number(message_id, row[0]), *row[1:]))
    session.execute(text("DELETE FROM message_text WHERE id = :id"), {"id": message_id})


def find_messages(session: ReadSession, words: str, *, limit: int = 200) -> list[int]:
    """Ids of messages that hold every word (the last one may be the beginning of a word), newest first.

    Rights are not looked at here: what people ask goes through `crm.conversations`.
    """
    terms = WORD.findall(fold(words))
    if not terms:
        return []
    phrases = [Phrase((term,)) for term in terms[:-1]] + [Phrase((terms[-1],), beginning=True)]
    return [row.id for row in session.execute(search_rows(session, phrases).statement.limit(limit))]
