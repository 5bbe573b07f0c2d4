"""The index is kept: messages come in, messages are forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from storage.bulk import insert_rows
from storage.folding import fold
from storage.models import Message, MessageText
from storage.search.asking import search_rows
from storage.search.bounds import within_index
from storage.search.order import order_number
from storage.search.phrases import WORD, Phrase
from storage.sessions import ReadSession, WriteSession

COLUMNS = ("subject", "sender", "recipients", "copies", "files", "body")
_LISTED = ", ".join(COLUMNS)
_INSERT = f"INSERT INTO message_search (rowid, {_LISTED}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_FORGET = f"INSERT INTO message_search (message_search, rowid, {_LISTED}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"


def index_messages(session: WriteSession, rows: Sequence[dict[str, Any]], dates: Sequence[datetime]) -> None:
    """Make messages findable, each once. Rows have `id` and the columns of `COLUMNS`, folded; `dates` are theirs.

    Of a mail with very many different words PostgreSQL finds only the first ones (`storage.search.bounds`).
    """
    if not rows:
        return
    insert_rows(session, MessageText, list(map(_bounded, rows)) if session.on_postgresql else rows)
    if not session.on_postgresql:
        numbered = [
            (order_number(row["id"], date), *map(row.__getitem__, COLUMNS))
            for row, date in zip(rows, dates, strict=True)
        ]
        # FTS5 begins a new segment where numbers do not ascend.
        session.connection().exec_driver_sql(_INSERT, sorted(numbered))


def _bounded(row: dict[str, Any]) -> dict[str, Any]:
    texts = [row[column] for column in COLUMNS]
    return row | dict(zip(COLUMNS, within_index(texts), strict=True))


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
