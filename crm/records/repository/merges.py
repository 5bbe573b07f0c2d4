"""Rows of merges: what became one, when and by whom, while that can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, insert, or_, select

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.gone import Record
from crm.records.repository.naming import LABELS, MERGED_INTO, TABLES
from crm.records.repository.standing import keep_records
from crm.records.views import Named, Person
from storage.models import MergePart, RecordMerge, RecordType, User
from storage.sessions import ReadSession, WriteSession

AT_ONCE = 100
_GIVES_BACK = and_(RecordMerge.undone_at.is_not(None), exists().where(MergePart.merge_id == RecordMerge.id))


@dataclass(frozen=True, slots=True)
class MergeView:
    """Some records that became one, and can be taken apart."""

    id: int
    survivor: Named
    others: tuple[str, ...]
    at: datetime
    by: Person | None
    stopped: str
    """Why not all was moved, or given back, and what to do; else empty."""


def records_for_change(session: WriteSession, kind: RecordType, ids: Sequence[int]) -> dict[int, Any]:
    """Rows by id that nobody else changes until this unit ends, locked in the order of their ids."""
    table: Any = TABLES[kind]
    rows = session.execute(select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update()).scalars()
    return {row.id: row for row in rows}


def kept_records(session: WriteSession, records: Sequence[Record]) -> tuple[Record, ...]:
    """These records, or those that they were merged into, each once; nobody merges or removes one until this unit ends.

    For whoever puts something on them, before anything else is held.
    """
    keep_records(session)
    leads_to: dict[Record, Record] = {}
    for kind, column in MERGED_INTO.items():
        table: Any = TABLES[kind]
        ids = [record_id for of_kind, record_id in records if of_kind is kind]
        if ids:
            merged = select(table.id, column).where(table.id.in_(ids), column.is_not(None))
            leads_to |= {(kind, row[0]): (kind, row[1]) for row in session.execute(merged)}
    return tuple(dict.fromkeys(leads_to.get(record, record) for record in records))


def insert_merge(session: WriteSession, **values: Any) -> int:
    """Write down a merge; its id."""
    return session.execute(insert(RecordMerge).values(**values).returning(RecordMerge.id)).scalar_one()


def merge_for_change(session: WriteSession, merge_id: int) -> RecordMerge | None:
    """A merge that nobody else changes until this unit ends."""
    return session.execute(select(RecordMerge).where(RecordMerge.id == merge_id).with_for_update()).scalar()


def is_last_merge(session: ReadSession, row: RecordMerge) -> bool:
    """Whether nothing was merged into its survivor since, or all of that was taken back."""
    same = (RecordMerge.record_type == row.record_type, RecordMerge.survivor_id == row.survivor_id)
    later = select(RecordMerge.id).where(*same, RecordMerge.id > row.id, RecordMerge.undone_at.is_(None)).limit(1)
    return session.execute(later).scalar() is None


def that_took(session: ReadSession, row: RecordMerge) -> int | None:
    """The id of the merge that let the survivor lead further; None where it is there itself, or that is forgotten."""
    table: Any = TABLES[row.record_type]
    if session.execute(select(table.merged_into_id).where(table.id == row.survivor_id)).scalar() is None:
        return None
    later = RecordMerge.id > row.id, RecordMerge.undone_at.is_(None)
    return next(
        (each.id for each in _of_kind(session, row.record_type, *later) if row.survivor_id in each.others), None
    )


def undone_later(session: ReadSession, row: RecordMerge) -> list[RecordMerge]:
    """Later merges of its survivor that are being taken back, and have not given all back yet; the last one first."""
    later = [each for each in _of_kind(session, row.record_type, _GIVES_BACK) if each.id > row.id]
    ids = [each.id for each in later if row.survivor_id in (each.survivor_id, *each.others)]
    return [session.get_one(RecordMerge, each) for each in reversed(ids)]


def unfinished(session: ReadSession, kind: RecordType, ids: Sequence[int], *, before: int) -> list[int]:
    """Ids of earlier merges of one of these records that have to move something, or to give something back, still."""
    moves = and_(RecordMerge.undone_at.is_(None), RecordMerge.moved_at.is_(None))
    earlier = _of_kind(session, kind, RecordMerge.id < before, or_(moves, _GIVES_BACK))
    return [each.id for each in earlier if not {each.survivor_id, *each.others}.isdisjoint(ids)]


def mark_moved(session: WriteSession, merge_id: int, at: datetime) -> None:
    """Note that a merge has moved all."""
    session.get_one(RecordMerge, merge_id).moved_at = at


def _of_kind(session: ReadSession, kind: RecordType, *conditions: ColumnElement[bool]) -> Sequence[Any]:
    """Id, survivor and others of such merges, in their order."""
    columns = select(RecordMerge.id, RecordMerge.survivor_id, RecordMerge.others)
    return session.execute(columns.where(RecordMerge.record_type == kind, *conditions).order_by(RecordMerge.id)).all()


def living(session: ReadSession, kind: RecordType, record_id: int) -> int | None:
    """The id of a record that somebody named once: its own, or that of the one it was merged into; None where it is gone."""
    table: Any = TABLES[kind]
    row = session.execute(select(table.deleted_at, table.merged_into_id).where(table.id == record_id)).one_or_none()
    if row is None or row.deleted_at is None:
        return None if row is None else record_id
    return None if row.merged_into_id is None else living(session, kind, row.merged_into_id)


def merges(session: ReadSession, viewer: Viewer, since: datetime, *, limit: int = 50) -> list[MergeView]:
    """Merges since then that can be taken apart, of records that the viewer may know of, the newest first."""
    statement = (
        select(RecordMerge, User.id, User.name)
        .outerjoin(User, User.id == RecordMerge.user_id)
        .where(RecordMerge.at > since, or_(RecordMerge.undone_at.is_(None), RecordMerge.stopped != ""))
        .order_by(RecordMerge.id.desc())
    )
    found: list[MergeView] = []
    rows = session.execute(statement.limit(AT_ONCE)).all()
    while rows:
        found += _shown(session, viewer, rows)
        if len(found) >= limit or len(rows) < AT_ONCE:
            break
        rows = session.execute(statement.where(RecordMerge.id < rows[-1][0].id).limit(AT_ONCE)).all()
    return found[:limit]


def _shown(session: ReadSession, viewer: Viewer, rows: Sequence[Any]) -> list[MergeView]:
    """Those of which the viewer may know all that take part."""
    names = _names(session, viewer, [row for row, _, _ in rows])
    return [
        MergeView(
            row.id,
            Named(row.record_type, row.survivor_id, names[row.record_type, row.survivor_id]),
            tuple(names[row.record_type, other] for other in row.others),
            row.at,
            Person(user_id, user_name) if user_id else None,
            row.stopped,
        )
        for row, user_id, user_name in rows
        if all((row.record_type, each) in names for each in (row.survivor_id, *row.others))
    ]


def merged_by(session: ReadSession, viewer: Viewer, merge_id: int) -> bool:
    """Whether it was the viewer who merged, and nobody has taken it back."""
    theirs = (RecordMerge.id == merge_id, RecordMerge.user_id == viewer.user_id, RecordMerge.undone_at.is_(None))
    return session.execute(select(RecordMerge.id).where(*theirs)).scalar() is not None


def forget_merges(session: WriteSession, before: datetime, limit: int) -> int:
    """Forget merges that can not be taken back any more; how many."""
    some = select(RecordMerge.id).where(RecordMerge.at < before).order_by(RecordMerge.id).limit(limit)
    ids = list(session.execute(some).scalars())
    if ids:
        statement = delete(RecordMerge).where(RecordMerge.id.in_(ids))
        session.execute(statement.execution_options(synchronize_session=False))
    return len(ids)


def _names(session: ReadSession, viewer: Viewer, rows: Sequence[RecordMerge]) -> dict[tuple[RecordType, int], str]:
    """Names of all that take part, deleted and merged ones too."""
    wanted: dict[RecordType, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.record_type, set()).update([row.survivor_id, *row.others])
    found: dict[tuple[RecordType, int], str] = {}
    for kind, ids in wanted.items():
        table: Any = TABLES[kind]
        for record_id, name in session.execute(
            select(table.id, LABELS[kind]).where(table.id.in_(ids), *within(viewer, kind))
        ):
            found[kind, record_id] = name
    return found
