"""Threads, their messages and their entries on records, changed by hand."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from core.clock import utcnow
from core.errors import NotFound
from crm.access.viewer import Viewer
from storage.held_keys import hold_keys
from storage.models import (
    Activity,
    ActivityBinding,
    Direction,
    Message,
    RecordType,
    Reference,
    Thread,
    ThreadBinding,
    ThreadChange,
    ThreadCut,
)
from storage.sessions import ReadSession, WriteSession

RecordKey = tuple[RecordType, int]
Bound = list[list[Any]]
"""Rows of activity id, type and id of the record, owner."""


def hold(session: WriteSession, thread_ids: Collection[int]) -> None:
    """On PostgreSQL keep these threads to ourselves, and let no batch of mail decide about their messages beside us."""
    if not session.on_postgresql:
        return
    mine = Message.thread_id.in_(thread_ids)
    names = session.execute(select(Message.message_id_hash, Message.base_subject_hash).where(mine))
    keys = {name for row in names for name in row if name}
    cited = select(Reference.target_hash).join(Message, Message.id == Reference.message_id).where(mine)
    hold_keys(session, keys | set(session.execute(cited).scalars()))
    session.execute(select(Thread.id).where(Thread.id.in_(thread_ids)).order_by(Thread.id).with_for_update())


def living(session: ReadSession, thread_id: int) -> int:
    """The thread, or the one that it was joined into. Raises `NotFound`."""
    thread = session.get(Thread, thread_id, populate_existing=True)
    while thread is not None and thread.merged_into_id is not None:
        thread = session.get(Thread, thread.merged_into_id, populate_existing=True)
    if thread is None:
        raise NotFound("There is no such conversation (any more).")
    return thread.id


def messages_of(session: ReadSession, thread_id: int) -> list[int]:
    """Ids of the messages of a thread, oldest first."""
    query = select(Message.id).where(Message.thread_id == thread_id).order_by(Message.date, Message.id)
    return list(session.execute(query).scalars())


def new_thread(session: WriteSession) -> int:
    """A thread for messages that are about to be moved."""
    now = utcnow()
    values = {"subject": "", "message_count": 0, "first_at": now, "last_at": now}
    return session.execute(insert(Thread).values(**values).returning(Thread.id)).scalar_one()


def move_messages(session: WriteSession, message_ids: Sequence[int], from_id: int, to_id: int) -> None:
    """Put those of the messages that are in the one thread into the other, with their entries; both count anew."""
    mine = and_(Message.id.in_(message_ids), Message.thread_id == from_id)
    _run(session, update(Message).where(mine).values(thread_id=to_id))
    moved = select(Message.id).where(Message.id.in_(message_ids), Message.thread_id == to_id)
    _run(session, update(Activity).where(Activity.message_id.in_(moved)).values(thread_id=to_id))
    for thread_id in (from_id, to_id):
        _count(session, thread_id)


def lead_to(session: WriteSession, thread_id: int, into_id: int | None) -> None:
    """Whoever asks for a thread is sent to the other, or no more."""
    _run(session, update(Thread).where(Thread.id == thread_id).values(merged_into_id=into_id))


def led_to(session: ReadSession, thread_id: int) -> list[int]:
    """Threads that were joined into this one."""
    return list(session.execute(select(Thread.id).where(Thread.merged_into_id == thread_id)).scalars())


def lead_all(session: WriteSession, thread_ids: Collection[int], into_id: int) -> None:
    """Send whoever asks for one of these threads to that one."""
    _run(session, update(Thread).where(Thread.id.in_(thread_ids)).values(merged_into_id=into_id))


def cut(session: WriteSession, one_id: int, other_id: int) -> None:
    """Nothing joins these any more."""
    session.execute(insert(ThreadCut).values(one_id=one_id, other_id=other_id))


def uncut(session: WriteSession, one_id: int, other_id: int) -> bool:
    """They may be joined again; whether they could not be."""
    either = or_(
        and_(ThreadCut.one_id == one_id, ThreadCut.other_id == other_id),
        and_(ThreadCut.one_id == other_id, ThreadCut.other_id == one_id),
    )
    return bool(session.execute(delete(ThreadCut).where(either).returning(ThreadCut.id)).all())


def words_of(session: ReadSession, thread_id: int) -> list[tuple[RecordKey, bool]]:
    """What was decided about the records of a thread, in order."""
    columns = (ThreadBinding.record_type, ThreadBinding.record_id, ThreadBinding.bound)
    rows = session.execute(select(*columns).where(ThreadBinding.thread_id == thread_id).order_by(ThreadBinding.id))
    return [((kind, record_id), bound) for kind, record_id, bound in rows]


def say(session: WriteSession, thread_id: int, words: Sequence[tuple[RecordKey, bool]], change_id: int | None) -> None:
    """Keep what was decided, for mail that comes later."""
    rows = [
        {"thread_id": thread_id, "record_type": key[0], "record_id": key[1], "bound": bound, "change_id": change_id}
        for key, bound in words
    ]
    if rows:
        session.execute(insert(ThreadBinding), rows)


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


def entries_of(session: ReadSession, thread_id: int) -> list[int]:
    """Entries that the mails of a thread have on records, or had."""
    mails = (Activity.thread_id == thread_id, Activity.message_id.is_not(None))
    return list(session.execute(select(Activity.id).where(*mails).order_by(Activity.id)).scalars())


def without_entry(session: ReadSession, thread_id: int, kinds: Collection[str]) -> list[Message]:
    """Messages of a thread, of these kinds, that stand on no record and never did."""
    known = select(Activity.message_id).where(Activity.message_id == Message.id)
    query = select(Message).where(Message.thread_id == thread_id, Message.kind.in_(kinds), ~known.exists())
    return list(session.execute(query.order_by(Message.date, Message.id)).scalars())


def last_of_ours(session: ReadSession, thread_id: int) -> datetime | None:
    """When we last wrote in a thread."""
    ours = (Message.thread_id == thread_id, Message.direction == Direction.OUTGOING)
    return session.execute(select(func.max(Message.date)).where(*ours)).scalar()


def insert_entries(session: WriteSession, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Put mails into the story; ids of their entries."""
    return [session.execute(insert(Activity).values(**row).returning(Activity.id)).scalar_one() for row in rows]


def delete_entries(session: WriteSession, activity_ids: Collection[int]) -> None:
    """Take entries out of the story altogether."""
    _run(session, delete(Activity).where(Activity.id.in_(activity_ids)))


def bindings_of(session: ReadSession, activity_ids: Collection[int]) -> Bound:
    """Which records these entries stand on."""
    columns = (ActivityBinding.activity_id, ActivityBinding.record_type, ActivityBinding.record_id)
    query = select(*columns, ActivityBinding.owner).where(ActivityBinding.activity_id.in_(activity_ids))
    return [[one, kind.value, record_id, owner] for one, kind, record_id, owner in session.execute(query)]


def put_bindings(session: WriteSession, activity_ids: Collection[int], bound: Bound) -> None:
    """Let these entries stand on these records, and no others."""
    _run(session, delete(ActivityBinding).where(ActivityBinding.activity_id.in_(activity_ids)))
    there = set(session.execute(select(Activity.id).where(Activity.id.in_(activity_ids))).scalars())
    rows = [
        {"activity_id": one, "record_type": RecordType(kind), "record_id": record_id, "owner": bool(owner)}
        for one, kind, record_id, owner in bound
        if one in there
    ]
    if rows:
        session.execute(insert(ActivityBinding), rows)


def complete(session: WriteSession, activity_ids: Collection[int], now: datetime | None) -> list[int]:
    """Nobody waits for these any more (or, without a moment, again); the ids of those that changed."""
    state = Activity.completed_at.is_(None) if now else Activity.completed_at.is_not(None)
    statement = update(Activity).where(Activity.id.in_(activity_ids), state).values(completed_at=now)
    rows = session.execute(statement.returning(Activity.id).execution_options(synchronize_session=False))
    return list(rows.scalars())


def insert_change(session: WriteSession, **values: Any) -> int:
    """Write down a change; its id."""
    return session.execute(insert(ThreadChange).values(**values).returning(ThreadChange.id)).scalar_one()


def change_for_undo(session: WriteSession, viewer: Viewer, change_id: int) -> ThreadChange:
    """A change that nobody else takes back beside us. Raises `NotFound`."""
    del viewer  # Whoever may read the conversation may take it back; who asks has looked.
    held = select(ThreadChange).where(ThreadChange.id == change_id).with_for_update()
    row = session.execute(held.execution_options(populate_existing=True)).scalar()
    if row is None:
        raise NotFound("There is nothing to take back (any more).")
    return row


def _count(session: WriteSession, thread_id: int) -> None:
    mine = select(func.count(), func.min(Message.date), func.max(Message.date)).where(Message.thread_id == thread_id)
    count, first, last = session.execute(mine).one()
    values: dict[str, Any] = {"message_count": count}
    if count:
        earliest = select(Message.subject).where(Message.thread_id == thread_id)
        subject = session.execute(earliest.order_by(Message.date, Message.id).limit(1)).scalar_one()
        values |= {"first_at": first, "last_at": last, "subject": subject}
    _run(session, update(Thread).where(Thread.id == thread_id).values(**values))


def _run(session: WriteSession, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
