"""A list in the order of one of its columns: a page of ids by an index or group by group, never all records sorted.

Of columns with values (a deal's amount) the index gives the next ones behind the last, of each pipeline where none is asked for;
records without a value stand at the end, whichever way it goes. By stage or person, one after the other gives its newest records
until the page is full.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal, select, tuple_, union_all

from crm.access.viewer import Viewer
from crm.records.repository.filtering import (
    MOST_ROWS,
    Rows,
    chosen_among,
    conditions_of,
    fields_searched,
    in_order_of_rows,
)
from crm.records.repository.narrowing import Few, few_among
from crm.records.repository.terms import Fields
from crm.records.views import Order, RecordFilter
from storage.folding import name_key
from storage.models import Lead, LeadStage, Pipeline, RecordType, Stage, User
from storage.sessions import ReadSession
from storage.unindexed import unindexed

AT_ONCE = 20
"""Stages or people of one statement."""
LARGEST = 2**63 - 1


def chosen(session: ReadSession, statement: Rows, viewer: Viewer, table: Any, wanted: RecordFilter) -> Rows:
    """`statement` on `table` with the conditions, the order and the limit of `wanted`.

    An order by what the records have not, or the viewer may not see, is newest first.
    """
    wanted = replace(wanted, order=order_for(viewer, RecordType(table.__tablename__), wanted.order))
    fields = fields_searched(session, viewer, table, wanted)
    few = few_among(session, table, wanted, fields).ids
    if wanted.order.of_rows and few is None:
        return chosen_among(session, statement, viewer, table, wanted, few, fields)
    if wanted.order.of_rows:
        # What a row shows besides is read of those that are on the page, not of all that are sorted.
        on_page = chosen_among(session, select(table.id), viewer, table, wanted, few, fields).subquery()
        return in_order_of_rows(statement.where(table.id.in_(select(on_page.c.id))), table, wanted.order)
    wanted = replace(wanted, limit=min(wanted.limit, MOST_ROWS))
    in_order = _group_by_group if wanted.order.of_groups else _by_value
    ids = in_order(session, viewer, table, wanted, few, fields)
    statement = statement.where(table.id.in_(ids))
    return statement.order_by(case({one: place for place, one in enumerate(ids)}, value=table.id)) if ids else statement


def order_for(viewer: Viewer, kind: RecordType, order: Order) -> Order:
    """The order, or newest first where such records can not be sorted so, or not for the viewer."""
    return order if order in ORDERS[kind] and order.key not in viewer.hidden_fields(kind) else Order.NEWEST


_ALL = (Order.NEWEST, Order.OLDEST, Order.NAME, Order.NAME_DOWN, Order.RESPONSIBLE, Order.RESPONSIBLE_DOWN)
_STAGED = (Order.STAGE, Order.STAGE_DOWN)
ORDERS = {
    RecordType.CONTACT: _ALL,
    RecordType.COMPANY: _ALL,
    RecordType.LEAD: (*_ALL, *_STAGED),
    RecordType.DEAL: tuple(Order),
}
"""In which orders records of a kind are listed."""


def _by_value(
    session: ReadSession, viewer: Viewer, table: Any, wanted: RecordFilter, few: Few | None, fields: Fields
) -> list[int]:
    column, down = getattr(table, wanted.order.key), wanted.order.down
    parts = [
        conditions_of(session, viewer, table, each, few, fields) for each in _in_each_pipeline(session, wanted, few)
    ]
    last = _value(column, wanted.before_key) if wanted.before is not None else None
    at_the_end = wanted.before is not None and last is None
    ids: list[int] = []
    if not at_the_end:
        valued = select(table.id, column.label("value")).where(column.is_not(None))
        if last is not None:
            behind = (tuple_(column, table.id), tuple_(last, literal(wanted.before)))
            valued = valued.where(behind[0] < behind[1] if down else behind[0] > behind[1])
        key = column if few is None else unindexed(column)
        valued = valued.order_by(*_turned((key, table.id), down=down)).limit(wanted.limit)
        found = union_all(*(select(valued.where(*part).subquery()) for part in parts)).subquery()
        ordered = select(found.c.id).order_by(*_turned((found.c.value, found.c.id), down=down))
        ids = list(session.execute(ordered.limit(wanted.limit)).scalars())
    if len(ids) < wanted.limit and table.__table__.c[wanted.order.key].nullable:
        without = select(table.id).where(column.is_(None), *([table.id < wanted.before] if at_the_end else []))
        without = without.order_by(table.id.desc()).limit(wanted.limit - len(ids))
        found = union_all(*(select(without.where(*part).subquery()) for part in parts)).subquery()
        ids += session.execute(select(found.c.id).order_by(found.c.id.desc()).limit(wanted.limit - len(ids))).scalars()
    return ids


def _turned(columns: Sequence[ColumnElement[Any]], *, down: bool) -> list[ColumnElement[Any]]:
    return [each.desc() if down else each for each in columns]


def _in_each_pipeline(session: ReadSession, wanted: RecordFilter, few: Few | None) -> list[RecordFilter]:
    """The same list of one pipeline after the other: the indexes of values begin with it. Of few records as it is."""
    if few is not None or wanted.pipeline_id is not None:
        return [wanted]
    there = select(Pipeline.id)
    if wanted.stage_id is not None:
        there = select(Stage.pipeline_id).where(Stage.id == wanted.stage_id)
    return [replace(wanted, pipeline_id=one) for one in session.execute(there).scalars()] or [wanted]


def _moment(text: str) -> datetime:
    given = datetime.fromisoformat(text)
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


READ: Mapping[str, Callable[[str], Any]] = {"amount": int, "closes_on": date.fromisoformat, "updated_at": _moment}


def _value(column: Any, text: str) -> ColumnElement[Any] | None:
    """The value that a page begins behind; None where there is none, or none that we wrote."""
    try:
        value = READ[column.key](text)
    except (ValueError, OverflowError):
        return None
    if isinstance(value, int) and abs(value) > LARGEST:
        return None
    return literal(value, column.type)


def _group_by_group(
    session: ReadSession, viewer: Viewer, table: Any, wanted: RecordFilter, few: Few | None, fields: Fields
) -> list[int]:
    newest = replace(wanted, order=Order.NEWEST, before=None)
    groups = list(_stages(session, table, wanted) if wanted.order.key == "stage_id" else _people(session, wanted))
    if wanted.order.down:
        groups.reverse()
    if wanted.before is not None:
        keys = [str(key or "") for key in groups]
        groups = groups[keys.index(wanted.before_key) :] if wanted.before_key in keys else []
    ids: list[int] = []
    for first in range(0, len(groups), AT_ONCE):
        of_each = []
        for key in groups[first : first + AT_ONCE]:
            goes_on = wanted.before if str(key or "") == wanted.before_key else None
            group = replace(newest, before=goes_on, **_only(wanted, key))
            rows = chosen_among(session, select(table.id), viewer, table, group, few, fields)
            of_each.append(select(rows.subquery().c.id))
        ids += session.execute(union_all(*of_each)).scalars()
        if len(ids) >= wanted.limit:
            break
    return ids[: wanted.limit]


def _only(wanted: RecordFilter, key: int | None) -> dict[str, Any]:
    if wanted.order.key == "stage_id":
        return {"stage_id": key}
    return {"responsible_id": key, "unassigned": key is None}


def _stages(session: ReadSession, table: Any, wanted: RecordFilter) -> Sequence[int | None]:
    """In the order of boards."""
    if wanted.stage_id is not None:
        return [wanted.stage_id]
    if table is Lead:
        return list(session.execute(select(LeadStage.id).order_by(LeadStage.position, LeadStage.id)).scalars())
    found = select(Stage.id).join(Pipeline, Pipeline.id == Stage.pipeline_id)
    if wanted.pipeline_id is not None:
        found = found.where(Stage.pipeline_id == wanted.pipeline_id)
    return list(session.execute(found.order_by(Pipeline.position, Pipeline.id, Stage.position)).scalars())


def _people(session: ReadSession, wanted: RecordFilter) -> Iterator[int | None]:
    """By name; then nobody."""
    if wanted.responsible_id is not None or wanted.unassigned:
        yield wanted.responsible_id
        return
    named = session.execute(select(User.id, User.name)).all()
    yield from (row.id for row in sorted(named, key=lambda row: (name_key(row.name), row.id)))
    yield None
