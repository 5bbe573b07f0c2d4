"""Full-text search over messages: FTS5 on SQLite, a tsvector index on PostgreSQL, the same results on both.

`message_text` holds what is searched: subject, people, and the new text of a mail (not what it quotes). SQLite's index
reads it as external content; PostgreSQL's is an expression index. Accents are folded on both: on SQLite by the
tokenizer, on PostgreSQL (and in queries) by `fold`, which also sets Chinese and Japanese apart character by character.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import text

from storage.bulk import insert_rows
from storage.models import MessageText
from storage.sessions import ReadSession, WriteSession

MAX_TEXT = 512 * 1024
"""Characters of a body that are searched; longer ones are cut."""
MANY_KINDS = 1000
"""Different characters; a mail in English has 70, in Chinese a few hundred."""

COLUMNS = ("id", "subject", "people", "body")

_IDEOGRAPHS = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_STROKES = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
"""Letters that Unicode does not decompose, though people search for them without the stroke."""
_WORD = re.compile(r"\w+")


def fold(words: str) -> str:
    """Lower case, no accents, ideographs apart: what is stored to be searched, and what is searched for.

    In linear time whatever is sent: half a megabyte of accents, normalised as a whole, takes minutes to be sorted.
    """
    plain = words[:MAX_TEXT]
    if plain.isascii():
        return plain.lower()
    kinds = set(plain)
    if len(kinds) > MANY_KINDS:
        bare = "".join(map(_bare, plain))
    else:  # Few kinds of characters change, each replaced everywhere at once: a fifth of the time.
        bare = plain
        for kind in kinds:
            bare = bare.replace(kind, _bare(kind))
    folded = unicodedata.normalize("NFC", bare).lower()
    for stroked, letter in _STROKES.items():
        folded = folded.replace(stroked, letter)
    return _IDEOGRAPHS.sub(r" \1 ", folded)


@lru_cache(maxsize=65536)
def _bare(character: str) -> str:
    """One character without accents; nothing where it is one."""
    decomposed = unicodedata.normalize("NFKD", character)
    return unicodedata.normalize("NFC", "".join(part for part in decomposed if not unicodedata.combining(part)))


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
