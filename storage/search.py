"""Full-text search over messages: FTS5 on SQLite, a tsvector index on PostgreSQL, the same results on both.

`message_text` holds what is searched: subject, people, and the new text of a mail (not what it quotes). SQLite's index
reads it as external content; PostgreSQL's is an expression index. Accents are folded on both: on SQLite by the
tokenizer, on PostgreSQL (and in queries) by `fold`, which also sets Chinese and Japanese apart character by character.
"""

import re
from collections.abc import Sequence

from sqlalchemy import text

from storage.bulk import insert_rows
from storage.folding import fold
from storage.models import MessageText
from storage.sessions import ReadSession, WriteSession

COLUMNS = ("id", "subject", "people", "body")

_WORD = re.compile(r"\w+")


def index_messages(session: WriteSession, rows: Sequence[dict[str, object]]) -> None:
    """Make messages findable. Rows have `id`, `subject`, `people`, `body`, already folded; each message once."""
    if not rows:
        return
    insert_rows(session, MessageText, rows)
    if not session.on_postgresql:
        statement = "INSERT INTO message_search (rowid, subject, people, body) VALUES (?, ?, ?, ?)"
        session.connection().exec_driver_sql(statement, [tuple(map(row.__getitem__, COLUMNS)) for row in rows])


def forget_message(session: WriteSession, message_id: int) -> None:
    """Take a message out of search, so that no word of it remains in the index."""
    if not session.on_postgresql:
        session.execute(
            text(
                "INSERT INTO message_search (message_search, rowid, subject, people, body) "
                "SELECT 'delete', id, subject, people, body FROM message_text WHERE id = :id"
            ),
            {"id": message_id},
        )
    session.execute(text("DELETE FROM message_text WHERE id = :id"), {"id": message_id})


def find_messages(session: ReadSession, words: str, *, limit: int = 200) -> list[int]:
    """Ids of messages that hold every word (the last one may be the beginning of a word), newest id first.

    Rights are not looked at here: join the ids with what the viewer may see.
    """
    terms = _WORD.findall(fold(words))
    if not terms:
        return []
    if session.get_bind().dialect.name == "postgresql":
        query = " & ".join([*terms[:-1], terms[-1] + ":*"])
        statement = text(
            "SELECT id FROM message_text WHERE "
            "to_tsvector('simple', subject || ' ' || people || ' ' || body) @@ to_tsquery('simple', :query) "
            "ORDER BY id DESC LIMIT :limit"
        )
    else:
        query = " ".join([f'"{term}"' for term in terms[:-1]] + [f'"{terms[-1]}"*'])
        statement = text(
            "SELECT rowid FROM message_search WHERE message_search MATCH :query ORDER BY rowid DESC LIMIT :limit"
        )
    return list(session.execute(statement, {"query": query, "limit": limit}).scalars())
