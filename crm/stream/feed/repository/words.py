"""Posts are found by the beginnings of their words, whatever their accents and case, by an index of words."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, delete, false, select

from storage.bulk import insert_rows
from storage.folding import fold
from storage.models import Post, PostTerm
from storage.models.post_term import LONGEST_WORD
from storage.sessions import WriteSession
from storage.tsvector import WORD

MOST_TERMS = 2000
"""Different words by which one post is found: the first ones."""
MOST_WORDS = 20
"""That are asked for at once."""
LAST = "\U0010ffff"
"""Behind every word that begins alike."""


def keep_words(session: WriteSession, post_id: int, words: str) -> None:
    """Let a post be found by these words, and by no others."""
    gone = delete(PostTerm).where(PostTerm.post_id == post_id)
    session.execute(gone.execution_options(synchronize_session=False))
    insert_rows(session, PostTerm, [{"term": term, "post_id": post_id} for term in _terms(words)[:MOST_TERMS]])


def found_by_words(words: str) -> Iterator[ColumnElement[bool]]:
    """Conditions of `Post` that must all hold: it has a word that begins with each of these, and says it still."""
    if not words.strip():
        return
    yield Post.deleted_at.is_(None)
    terms = _terms(words)[:MOST_WORDS]
    if not terms:
        yield false()
    for term in terms:
        begins = and_(term <= PostTerm.term, PostTerm.term < term + LAST)
        yield Post.id.in_(select(PostTerm.post_id).where(begins))


def _terms(words: str) -> list[str]:
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in WORD.findall(fold(words))))
