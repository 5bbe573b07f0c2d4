"""Entries that the mail of conversations has on records, changed by hand."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import aliased

from crm.records.repository.naming import MERGED_INTO, TABLES
from storage.among import among
from storage.bulk import insert_rows
from storage.models import Activity, ActivityBinding, Comment, Direction, Message, RecordType
from storage.sessions import ReadSession, WriteSession

OF_ENTRIES = "activity"
"""What comments under entries say that they stand under."""
Standing = dict[int, dict[tuple[str, int], bool]]
"""By entry the records (type and id) that it stands on; true for the one it belongs to first."""


def entries_of(session: ReadSession, thread_id: int) -> list[int]:
    """Entries that the mails of a thread have on records, or had."""
    mails = (Activity.thread_id == thread_id, Activity.message_id.is_not(None))
    return list(session.execute(select(Activity.id).where(*mails).order_by(Activity.id)).scalars())


def threads_of(session: ReadSession, activity_ids: Collection[int]) -> set[int]:
    """The threads in which the mails of these entries are by now."""
    threads = select(Activity.thread_id).where(among(Activity.id, activity_ids)).distinct()
    return {thread_id for thread_id in session.execute(threads).scalars() if thread_id is not None}


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
    insert_rows(session, Activity, rows)
    mine = among(Activity.message_id, [row["message_id"] for row in rows])
    return list(session.execute(select(Activity.id).where(mine).order_by(Activity.id)).scalars()) if rows else []


def delete_untouched(session: WriteSession, activity_ids: Collection[int]) -> None:
    """Take those entries out of the story altogether that stand on no record and on which nobody has commented."""
    bound = exists().where(ActivityBinding.activity_id == Activity.id)
    said = exists().where(Comment.subject_type == OF_ENTRIES, Comment.subject_id == Activity.id)
    _run(session, delete(Activity).where(among(Activity.id, activity_ids), ~bound, ~said))


def standing(session: ReadSession, activity_ids: Collection[int]) -> Standing:
    """Which records these entries stand on."""
    columns = (ActivityBinding.activity_id, ActivityBinding.record_type, ActivityBinding.record_id)
    query = select(*columns, ActivityBinding.owner).where(among(ActivityBinding.activity_id, activity_ids))
    found: Standing = {entry: {} for entry in activity_ids}
    for entry, kind, record_id, owner in session.execute(query.order_by(ActivityBinding.id)):
        found[entry][kind.value, record_id] = owner
    return found


def change_standing(session: WriteSession, before: Standing, after: Standing) -> None:
    """Let these entries stand on the records of `after`, and no others; those that are gone are left out."""
    changed = [entry for entry in after if after[entry] != before.get(entry)]
    _run(session, delete(ActivityBinding).where(among(ActivityBinding.activity_id, changed)))
    there = set(session.execute(select(Activity.id).where(among(Activity.id, changed))).scalars())
    rows = [
        {"activity_id": entry, "record_type": RecordType(kind), "record_id": record_id, "owner": owner}
        for entry in changed
        if entry in there
        for (kind, record_id), owner in after[entry].items()
    ]
    insert_rows(session, ActivityBinding, rows)


def living_records(session: ReadSession, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, int]]:
    """Each of these records, or the one it was merged into; those that were removed for ever are left out."""
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for kind in {RecordType(kind) for kind, _ in keys}:
        table, merged_into = TABLES[kind], MERGED_INTO.get(kind)
        query = select(table.id, table.id if merged_into is None else func.coalesce(merged_into, table.id))
        ids = {record_id for of_kind, record_id in keys if of_kind == kind.value}
        for record_id, living_id in session.execute(query.where(among(table.id, ids))):
            found[kind.value, record_id] = (kind.value, living_id)
    return found


def complete(session: WriteSession, activity_ids: Collection[int], now: datetime) -> list[int]:
    """Nobody waits for these any more; the ids of those that changed."""
    waiting = (among(Activity.id, activity_ids), Activity.completed_at.is_(None))
    statement = update(Activity).where(*waiting).values(completed_at=now)
    rows = session.execute(statement.returning(Activity.id).execution_options(synchronize_session=False))
    return list(rows.scalars())


def reopen(session: WriteSession, activity_ids: Collection[int], completed_at: datetime) -> None:
    """Somebody waits again for those that were completed at that moment, and not answered since."""
    answer = aliased(Message)
    answered = exists().where(
        answer.thread_id == Activity.thread_id, answer.direction == Direction.OUTGOING, answer.date >= Activity.at
    )
    mine = (among(Activity.id, activity_ids), Activity.completed_at == completed_at, ~answered)
    _run(session, update(Activity).where(*mine).values(completed_at=None))


def _run(session: WriteSession, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
