"""What was decided by hand about the records of threads, for mail that comes later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.orm import aliased

from storage.models import RecordType, ThreadBinding
from storage.sessions import ReadSession, WriteSession

RecordKey = tuple[RecordType, int]


@dataclass(frozen=True, slots=True)
class Said:
    """That a conversation stands on a record, or does not (`bound` false). `change_id` None: a post said so."""

    record: RecordKey
    bound: bool
    change_id: int | None


def words_of(session: ReadSession, thread_id: int) -> list[Said]:
    """What was decided about the records of a thread, in order."""
    query = select(ThreadBinding).where(ThreadBinding.thread_id == thread_id).order_by(ThreadBinding.id)
    return [
        Said((row.record_type, row.record_id), row.bound, row.change_id) for row in session.execute(query).scalars()
    ]


def records_said(session: ReadSession, thread_id: int) -> set[RecordKey]:
    """Records that a thread stands on by hand: the newest word about each counts."""
    newest = {one.record: one.bound for one in words_of(session, thread_id)}
    return {record for record, bound in newest.items() if bound}


def say(session: WriteSession, thread_id: int, words: Sequence[Said]) -> None:
    """Keep what was decided, for mail that comes later."""
    rows = [
        {
            "thread_id": thread_id,
            "record_type": one.record[0],
            "record_id": one.record[1],
            "bound": one.bound,
            "change_id": one.change_id,
        }
        for one in words
    ]
    if rows:
        session.execute(insert(ThreadBinding), rows)


def said_since(session: ReadSession, change_id: int) -> bool:
    """Whether a later change, still in force, decided about a record of which this one had."""
    mine, later = aliased(ThreadBinding), aliased(ThreadBinding)
    same = (
        later.thread_id == mine.thread_id,
        later.record_type == mine.record_type,
        later.record_id == mine.record_id,
    )
    found = exists().where(mine.change_id == change_id, later.change_id > change_id, *same)
    return bool(session.execute(select(found)).scalar())


def unsay(session: WriteSession, change_id: int) -> None:
    """Forget what a change decided."""
    _run(session, delete(ThreadBinding).where(ThreadBinding.change_id == change_id))


def rename_words(session: WriteSession, from_id: int, to_id: int) -> list[int]:
    """What was decided about the one thread counts for the other; ids of the rows."""
    moved = update(ThreadBinding).where(ThreadBinding.thread_id == from_id).values(thread_id=to_id)
    rows = session.execute(moved.returning(ThreadBinding.id).execution_options(synchronize_session=False))
    return list(rows.scalars())


def give_words_back(session: WriteSession, row_ids: Collection[int], thread_id: int) -> None:
    """Those words count for that thread again."""
    _run(session, update(ThreadBinding).where(ThreadBinding.id.in_(row_ids)).values(thread_id=thread_id))


def _run(session: WriteSession, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
