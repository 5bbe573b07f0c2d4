"""Everything that names one record made to name another, and back, in statements about many rows at once.

Where the other has the like of a row already (the same mail, address or follower), the row is dropped; an entry of a timeline
keeps exactly one owner. What was done is written down as parts of the merge, each of so many rows as one unit may take.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, delete, exists, insert, null, select, update
from sqlalchemy.orm import aliased

from crm.records.repository.moving_values import LIKE, give_values_back, move_values
from crm.records.repository.naming import BOUND, MERGED_INTO, NAMED_BY, of_kind
from storage.models import (
    Activity,
    ActivityBinding,
    Base,
    DeclinedSuggestion,
    Follow,
    MergePart,
    Recipient,
    RecordType,
    SendState,
)
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

AT_ONCE = 3_000
"""Entries of a timeline that one unit moves: 50 ms on SQLite, where others wait for it."""
IDS_AT_ONCE = 1_000
BOUND_COLUMN = "record_id"
_LIKE: dict[type[Any], tuple[str, ...]] = {
    ActivityBinding: ("activity_id",),
    Follow: ("user_id",),
}
"""By what two rows say the same of a record."""
_ALSO_KEPT: dict[type[Any], tuple[str, ...]] = {
    ActivityBinding: ("owner",),
    Follow: (),
}
_TABLES: dict[str, type[Any]] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def move_everything(session: WriteSession, merge_id: int, kind: RecordType, from_id: int, to_id: int) -> bool:
    """Let what names the one name the other; whether there is more of its timeline than one unit moves."""
    if kind is RecordType.CONTACT:
        _write_to_each_once(session, from_id, to_id)
        _decline_once(session, from_id, to_id)
    for column in (*NAMED_BY[kind], MERGED_INTO[kind]):
        table = _TABLES[column.class_.__tablename__]
        statement = update(table).where(column == from_id).values({column.key: to_id}).returning(table.id)
        _note(session, merge_id, from_id, table, column.key, list(_run(session, statement).scalars()))
    counts = [_move_bound(session, merge_id, table, kind, from_id, to_id) for table in BOUND]
    return max(counts) >= AT_ONCE


def give_back(session: WriteSession, kind: RecordType, survivor_id: int, part: MergePart) -> None:
    """Undo one part of a merge, as far as the survivor has it still."""
    table = _TABLES[part.table]
    column = getattr(table, part.column)
    still = (
        column + 0 == survivor_id
    )  # By their ids: the index over all that the survivor has would be read for each thousand.
    for ids in _some_of(part.moved):
        _run(session, update(table).where(table.id.in_(ids), still).values({part.column: part.record_id}))
    if table in LIKE:
        give_values_back(session, table, kind, survivor_id, part.record_id, part.dropped)
        return
    rows = _there(session, table, part.dropped)
    heirs = [row["activity_id"] for row in rows if row.get("took_over")]
    for some in _some_of(heirs):
        mine = (table.activity_id.in_(some), table.record_type == kind, table.record_id == survivor_id)
        _run(session, update(table).where(*mine).values(owner=False))
    if rows:
        again = upsert(session, table).on_conflict_do_nothing()
        kept = (*_LIKE[table], *_ALSO_KEPT[table])
        same: dict[str, Any] = {"record_id": part.record_id}
        if hasattr(table, "record_type"):
            same["record_type"] = kind
        session.execute(again, [{**same, **{name: row[name] for name in kept}} for row in rows])


def parts_of(session: ReadSession, merge_id: int) -> list[MergePart]:
    """What a merge has moved, smallest first."""
    parts = session.execute(select(MergePart).where(MergePart.merge_id == merge_id).order_by(MergePart.id)).scalars()
    return sorted(parts, key=lambda part: len(part.moved))


def _move_bound(
    session: WriteSession, merge_id: int, table: type[Any], kind: RecordType, from_id: int, to_id: int
) -> int:
    """How many rows were looked at."""
    if table in LIKE:
        noted = move_values(session, table, kind, from_id, to_id)
        _note(session, merge_id, from_id, table, BOUND_COLUMN, [], noted)
        return 0
    here = and_(of_kind(table, kind), table.record_id == from_id)
    ids = list(session.execute(select(table.id).where(here).order_by(table.id).limit(AT_ONCE)).scalars())
    if not ids:
        return 0
    these = and_(here, table.id <= ids[-1])
    dropped = list(_drop_doubles(session, table, kind, these, to_id)) if table in _LIKE else []
    gone = {row.pop("id") for row in dropped}
    _run(session, update(table).where(these).values(record_id=to_id))
    moved = [row_id for row_id in ids if row_id not in gone]
    _note(session, merge_id, from_id, table, BOUND_COLUMN, moved, dropped)
    return len(ids)


def _drop_doubles(
    session: WriteSession, table: type[Any], kind: RecordType, these: Any, to_id: int
) -> Iterator[dict[str, Any]]:
    """Remove the rows of which the survivor has the like, and give them back as they were."""
    twin = aliased(table)
    alike = [getattr(twin, name) == getattr(table, name) for name in _LIKE[table]]
    names = (*_LIKE[table], *_ALSO_KEPT[table])
    columns = [getattr(table, name) for name in names]
    statement = select(table.id, *columns, twin.id).join(
        twin, and_(*alike, of_kind(twin, kind), twin.record_id == to_id)
    )
    rows = session.execute(statement.where(these)).all()
    heirs = {row[-1] for row in rows if table is ActivityBinding and row.owner}
    for some in _some_of(sorted(heirs)):
        _run(session, update(table).where(table.id.in_(some)).values(owner=True))
    for some in _some_of([row.id for row in rows]):
        _run(session, delete(table).where(table.id.in_(some)))
    for row in rows:
        kept = dict(zip(("id", *names), row, strict=False))
        yield {**kept, "took_over": True} if row[-1] in heirs else kept


def _write_to_each_once(session: WriteSession, from_id: int, to_id: int) -> None:
    """Whoever gets a campaign under one address must not get it under another, too."""
    other = aliased(Recipient)
    written = exists().where(
        other.campaign_id == Recipient.campaign_id, other.contact_id == to_id, other.state != SendState.SKIPPED
    )
    waits = Recipient.state.in_((SendState.PENDING, SendState.RETRY))
    skip = update(Recipient).where(Recipient.contact_id == from_id, waits, written)
    _run(session, skip.values(state=SendState.SKIPPED, reason="duplicate", due_at=null()))


def _decline_once(session: WriteSession, from_id: int, to_id: int) -> None:
    """What nobody wants to be asked about the one, nobody is asked about the other."""
    twin = aliased(DeclinedSuggestion)
    same = and_(twin.field == DeclinedSuggestion.field, twin.key == DeclinedSuggestion.key, twin.contact_id == to_id)
    theirs = DeclinedSuggestion.contact_id == from_id
    _run(session, delete(DeclinedSuggestion).where(theirs, exists().where(same)))
    _run(session, update(DeclinedSuggestion).where(theirs).values(contact_id=to_id))


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
