"""Tasks are found by the beginnings of their words, whatever their accents and case, by an index of words."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, and_, delete, false, func, literal, select

from storage.bulk import insert_rows
from storage.folding import LONGEST_TEXT_WORD, words_of
from storage.models import Task, TaskTerm
from storage.sessions import ReadSession, WriteSession

MOST_TERMS = 2000
"""Different words by which one task is found: the first ones."""
MOST_WORDS = 20
"""That are asked for at once."""
LAST = "\U0010ffff"
"""Behind every word that begins alike."""
FEW = 2000
"""Tasks that are all looked at in a few milliseconds."""


def keep_words(session: WriteSession, task_id: int) -> None:
    """Let a task be found by what it says now, and by nothing else."""
    columns = (Task.title, Task.text, Task.tags, Task.sender_name, Task.sender_address)
    said = session.execute(select(*columns).where(Task.id == task_id)).one()
    gone = delete(TaskTerm).where(TaskTerm.task_id == task_id)
    session.execute(gone.execution_options(synchronize_session=False))
    terms = terms_of(*said)
    insert_rows(session, TaskTerm, [{"term": term, "task_id": task_id} for term in terms])


def terms_of(title: str, text: str, tags: Sequence[str], sender_name: str, sender_address: str) -> list[str]:
    """The words of a task, each once, the title's first."""
    return _terms("\n".join((title, *tags, sender_name, sender_address, text)))[:MOST_TERMS]


def found_by_words(session: ReadSession, words: str) -> Iterator[ColumnElement[bool]]:
    """Conditions of `Task` that must all hold: it has a word that begins with each of these.

    Of words that few tasks have the index leads; of the others each task that is looked at is asked.
    """
    terms = _terms(words)[:MOST_WORDS]
    if words.strip() and not terms:
        yield false()
    for term in terms:
        begins = and_(term <= TaskTerm.term, TaskTerm.term < term + LAST)
        ids = select(TaskTerm.task_id).where(begins)
        if _are_few(session, ids):
            yield Task.id.in_(ids)
        else:
            of_it = select(literal(1)).where(TaskTerm.task_id == Task.id, begins)
            yield of_it.limit(1).correlate(Task).scalar_subquery().is_not(None)


def _are_few(session: ReadSession, ids: Select[int]) -> bool:
    some = ids.limit(FEW + 1).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one() <= FEW


def _terms(words: str) -> list[str]:
    return list(dict.fromkeys(word[:LONGEST_TEXT_WORD] for word in words_of(words)))
