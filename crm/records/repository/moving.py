"""Everything that names one record made to name another, and back, in statements about many rows at once.

Where the other has the like of a row already (the same mail, address or follower), the row is dropped; an entry of a timeline
keeps exactly one owner. What was done is written down as parts of the merge, each of so many rows as one unit may take.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from crm.records.repository.moving_recipients import SKIPPED_COLUMN, skip_doubles, wait_again
from crm.records.repository.moving_values import LIKE, give_values_back, move_values
from crm.records.repository.naming import BOUND, MERGED_INTO, NAMED_BY, WITH_CONTACT, of_kind
from storage.models import (
    Activity,
    ActivityBinding,
    Base,
    DeclinedSuggestion,
    Follow,
    MergePart,
    Recipient,
    RecordType,
)
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

AT_ONCE = 3_000
"""Rows that one unit moves: 50 ms on SQLite, where others wait for it."""
IDS_AT_ONCE = 1_000
BOUND_COLUMN = "record_id"
POINTER = "merged_into_id"
_LIKE: dict[type[Any], tuple[str, ...]] = {
    ActivityBinding: ("activity_id",),
    DeclinedSuggestion: ("field", "key"),
    Follow: ("user_id",),
}
"""By what two rows say the same of a record."""
_ALSO_KEPT: dict[type[Any], tuple[str, ...]] = {
    ActivityBinding: ("owner",),
    DeclinedSuggestion: (),
    Follow: (),
}
_TABLES: dict[str, type[Any]] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def move_at_once(session: WriteSession, merge_id: int, kind: RecordType, others: Sequence[int], to_id: int) -> None:
    """Let what leads to the others, and how they are reached, be the survivor's: mail that comes next looks for these."""
    for from_id in others:
        _move_column(session, merge_id, MERGED_INTO[kind], from_id, to_id)
        for table in (table for table in BOUND if table in LIKE):
            noted = move_values(session, table, kind, from_id, to_id)
            _note(session, merge_id, from_id, table, BOUND_COLUMN, [], noted)


def move_some(session: WriteSession, merge_id: int, kind: RecordType, others: Sequence[int], to_id: int) -> bool:
    """Let what else names the others name the one, so many rows as one unit may; whether there may be more."""
    room = AT_ONCE
    for from_id in others:
        if kind is RecordType.CONTACT:
            skipped = skip_doubles(session, from_id, to_id)
            _note(session, merge_id, from_id, Recipient, SKIPPED_COLUMN, [], skipped)
        for column in NAMED_BY[kind]:
            room -= _move_column(session, merge_id, column, from_id, to_id, room)
        for bound in _bound_to(kind):
            room -= _move_bound(session, merge_id, kind, bound, from_id, to_id, room)
    return room <= 0


def give_back(session: WriteSession, kind: RecordType, survivor_id: int, part: MergePart) -> None:
    """Undo one part of a merge, as far as the survivor has it still."""
    table = _TABLES[part.table]
    if table is Recipient and part.column == SKIPPED_COLUMN:
        wait_again(session, part.dropped)
        return
    column = getattr(table, part.column)
    # By their ids: the index over all that the survivor has would be read for each thousand.
    still = column + 0 == survivor_id
    for ids in _some_of(part.moved):
        _run(session, update(table).where(table.id.in_(ids), still).values({part.column: part.record_id}))
    if table in LIKE:
        give_values_back(session, table, kind, survivor_id, part.record_id, part.dropped)
        return
    rows = _there(session, table, part.dropped)
    if table is ActivityBinding:
        rows = _owning_again(session, kind, rows)
    if rows:
        again = upsert(session, table).on_conflict_do_nothing()
        # By the ids of before, for an earlier merge may have moved them.
        kept = (*(("id",) if "id" in rows[0] else ()), *_LIKE[table], *_ALSO_KEPT[table])
        same: dict[str, Any] = {part.column: part.record_id}
        if hasattr(table, "record_type"):
            same["record_type"] = kind
        session.execute(again, [{**same, **{name: row[name] for name in kept}} for row in rows])


def parts_of(session: ReadSession, merge_id: int) -> list[MergePart]:
    """What a merge has moved: first what goes at once, then the smallest first."""
    parts = session.execute(select(MergePart).where(MergePart.merge_id == merge_id).order_by(MergePart.id)).scalars()
    return sorted(parts, key=lambda part: (not goes_at_once(part), len(part.moved)))


def goes_at_once(part: MergePart) -> bool:
    """Whether it is of what moves in the first unit."""
    return part.column == POINTER or _TABLES[part.table] in LIKE


def _bound_to(kind: RecordType) -> Iterator[InstrumentedAttribute[int]]:
    """Columns that name such a record, of tables in which the survivor may have the like of a row."""
    if kind is RecordType.CONTACT:
        yield from WITH_CONTACT
    yield from (getattr(table, BOUND_COLUMN) for table in BOUND if table not in LIKE)


def _move_column(
    session: WriteSession,
    merge_id: int,
    column: InstrumentedAttribute[int | None],
    from_id: int,
    to_id: int,
    room: int | None = None,
) -> int:
    """How many rows, `room` at most, name the one now that named the other."""
    if room is not None and room <= 0:
        return 0
    table = _TABLES[column.class_.__tablename__]
    ids = list(session.execute(select(table.id).where(column == from_id).order_by(table.id).limit(room)).scalars())
    for some in _some_of(ids):
        _run(session, update(table).where(table.id.in_(some)).values({column.key: to_id}))
    _note(session, merge_id, from_id, table, column.key, ids)
    return len(ids)


def _move_bound(
    session: WriteSession,
    merge_id: int,
    kind: RecordType,
    column: InstrumentedAttribute[int],
    from_id: int,
    to_id: int,
    room: int,
) -> int:
    """The same where the survivor may have the like of a row, which is dropped then."""
    if room <= 0:
        return 0
    table = _TABLES[column.class_.__tablename__]
    here = _names(table, column.key, kind, from_id)
    ids = list(session.execute(select(table.id).where(here).order_by(table.id).limit(room)).scalars())
    if not ids:
        return 0
    these = and_(here, table.id <= ids[-1])
    twin = aliased(table)
    like_mine = _names(twin, column.key, kind, to_id)
    dropped = list(_drop_doubles(session, table, these, twin, like_mine)) if table in _LIKE else []
    gone = {row["id"] for row in dropped}
    _run(session, update(table).where(these).values({column.key: to_id}))
    moved = [row_id for row_id in ids if row_id not in gone]
    _note(session, merge_id, from_id, table, column.key, moved, dropped)
    return len(ids)


def _names(table: Any, column: str, kind: RecordType, record_id: int) -> ColumnElement[bool]:
    """Whether a row names that record: by its id and kind, or in a column that is for this kind only."""
    this: ColumnElement[bool] = getattr(table, column) == record_id
    return and_(of_kind(table, kind), this) if column == BOUND_COLUMN else this


def _drop_doubles(
    session: WriteSession, table: type[Any], these: Any, twin: Any, like_mine: Any
) -> Iterator[dict[str, Any]]:
    """Remove the rows of which the survivor has the like, and give them back as they were."""
    alike = [getattr(twin, name) == getattr(table, name) for name in _LIKE[table]]
    names = (*_LIKE[table], *_ALSO_KEPT[table])
    columns = [getattr(table, name) for name in names]
    statement = select(table.id, *columns, twin.id).join(twin, and_(*alike, like_mine))
    rows = session.execute(statement.where(these)).all()
    heirs = {row[-1] for row in rows if table is ActivityBinding and row.owner}
    for some in _some_of(sorted(heirs)):
        _run(session, update(table).where(table.id.in_(some)).values(owner=True))
    for some in _some_of([row.id for row in rows]):
        _run(session, delete(table).where(table.id.in_(some)))
    for row in rows:
        kept = dict(zip(("id", *names), row, strict=False))
        yield {**kept, "took_over": True} if row[-1] in heirs else kept


def _owning_again(session: WriteSession, kind: RecordType, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that had an entry for their own take that back from whom it went to; never has one two owners."""
    taken_over = [row["activity_id"] for row in rows if row.get("took_over")]
    owned: set[int] = set()
    for some in _some_of(taken_over):
        heirs = (ActivityBinding.activity_id.in_(some), ActivityBinding.record_type == kind)
        _run(session, update(ActivityBinding).where(*heirs).values(owner=False))
    for some in _some_of([row["activity_id"] for row in rows if row["owner"]]):
        owners = select(ActivityBinding.activity_id).where(ActivityBinding.activity_id.in_(some), ActivityBinding.owner)
        owned |= set(session.execute(owners).scalars())
    return [{**row, "owner": row["owner"] and row["activity_id"] not in owned} for row in rows]


def _there(session: ReadSession, table: type[Any], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those rows that may come back: the entry of a timeline may have gone meanwhile."""
    if table is not ActivityBinding or not rows:
        return list(rows)
    ids = {row["activity_id"] for row in rows}
    there: set[int] = set()
    for some in _some_of(sorted(ids)):
        there |= set(session.execute(select(Activity.id).where(Activity.id.in_(some))).scalars())
    return [row for row in rows if row["activity_id"] in there]


def _note(
    session: WriteSession,
    merge_id: int,
    from_id: int,
    table: type[Any],
    column: str,
    moved: list[int],
    dropped: Sequence[dict[str, Any]] = (),
) -> None:
    if moved or dropped:
        values = {"table": table.__tablename__, "column": column, "moved": moved, "dropped": list(dropped)}
        session.execute(insert(MergePart).values(merge_id=merge_id, record_id=from_id, **values))


def _some_of(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE))


def _run(session: WriteSession, statement: Any) -> Any:
    return session.execute(statement.execution_options(synchronize_session=False))
