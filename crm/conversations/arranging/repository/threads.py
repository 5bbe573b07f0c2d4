"""Threads and their messages, changed by hand, and the changes themselves."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from core.clock import utcnow
from core.errors import Conflict, NotFound
from crm.access.viewer import Viewer
from storage.among import among
from storage.held_keys import hold_keys
from storage.models import Activity, Message, Reference, Thread, ThreadChange, ThreadCut
from storage.sessions import ReadSession, WriteSession

CHANGED_MEANWHILE = "This conversation was changed meanwhile: look at it again."
_SIDES = ("one_id", "other_id")


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


def hold_living(session: WriteSession, thread_ids: Collection[int]) -> None:
    """The same. Raises `Conflict` where one of them was joined into another before we had it."""
    hold(session, thread_ids)
    if any(living(session, each) != each for each in thread_ids):
        raise Conflict(CHANGED_MEANWHILE)


def living(session: ReadSession, thread_id: int) -> int:
    """The thread, or the one that it was joined into. Raises `NotFound`."""
    thread = session.get(Thread, thread_id, populate_existing=True)
    while thread is not None and thread.merged_into_id is not None:
        thread = session.get(Thread, thread.merged_into_id, populate_existing=True)
    if thread is None:
        raise NotFound("There is no such conversation (any more).")
    return thread.id


def count_of(session: ReadSession, thread_id: int) -> int:
    """How many messages a thread has."""
    return session.execute(select(func.count()).where(Message.thread_id == thread_id)).scalar_one()


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
    mine = and_(among(Message.id, message_ids), Message.thread_id == from_id)
    _run(session, update(Message).where(mine).values(thread_id=to_id))
    moved = select(Message.id).where(among(Message.id, message_ids), Message.thread_id == to_id)
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


def rename_cuts(session: WriteSession, from_id: int, to_id: int) -> dict[str, list[int]]:
    """What was parted from the one thread is parted from the other; ids of the cuts, by the side that changed."""
    renamed: dict[str, list[int]] = {}
    for side in _SIDES:
        cuts = update(ThreadCut).where(getattr(ThreadCut, side) == from_id).values({side: to_id})
        rows = session.execute(cuts.returning(ThreadCut.id).execution_options(synchronize_session=False))
        renamed[side] = list(rows.scalars())
    return renamed


def give_cuts_back(session: WriteSession, cut_ids: Mapping[str, Sequence[int]], thread_id: int) -> None:
    """Those cuts, by their side, are that thread's again."""
    for side, ids in cut_ids.items():
        _run(session, update(ThreadCut).where(ThreadCut.id.in_(ids)).values({side: thread_id}))


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
