"""The filter of a list of records as SQL, the same for every kind of record."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, String, any_, case, false, func, literal, select, tuple_, union_all

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.repository.naming import TABLES, field_key
from crm.records.repository.narrowing import WITH_INDEX, Few, created_within, equalities, few_among, holds, with_value
from crm.records.repository.terms import Fields, found_by_words, searched_fields
from crm.records.views import Order, RecordFilter
from storage.json_lists import has_word
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.unindexed import unindexed

MOST_ROWS = 1_000
Rows = Select[*tuple[Any, ...]]
Shown = Callable[[ColumnElement[Any]], ColumnElement[Any]]


def chosen_among(
    session: ReadSession,
    statement: Rows,
    viewer: Viewer,
    table: Any,
    wanted: RecordFilter,
    few: Few | None,
    fields: Fields,
    *first: ColumnElement[Any],
) -> Rows:
    """`statement` on `table` with the conditions, the order (of ids or names) and the limit of `wanted`, where it is known among
    which `few` records and in which `fields` is looked; `first` stands before its order."""
    conditions = _conditions(session, viewer, table, wanted, few, fields, ordered=True)
    if wanted.before is not None:
        conditions.append(_behind(table, wanted, wanted.before))
    statement = statement.where(*conditions).order_by(*first).limit(min(wanted.limit, MOST_ROWS))
    return (
        statement.order_by(*_order(table, wanted.order))
        if few is None
        else in_order_of_rows(statement, table, wanted.order)
    )


def in_order_of_rows(statement: Rows, table: Any, order: Order) -> Rows:
    """Few records, sorted by their ids or names: by no index, for all would be walked through for them."""
    return statement.order_by(*_order(table, order, unindexed))


def first_of_stages(
    session: ReadSession, viewer: Viewer, table: Any, wanted: RecordFilter, most: Mapping[int, int]
) -> list[int]:
    """Ids of the first records of each stage, at most so many of it, one stage behind the other, by one statement."""
    if not most:
        return []
    wanted = wanted if wanted.order.of_rows else replace(wanted, order=Order.NEWEST)
    fields = fields_searched(session, viewer, table, wanted)
    few = few_among(session, table, wanted, fields).ids
    if few is not None and wanted.before is None:
        conditions = _conditions(session, viewer, table, wanted, few, fields, ordered=True)
        return _first_of_few(session, table, conditions, wanted.order, most)
    of_each = [
        chosen_among(
            session, select(table.id), viewer, table, replace(wanted, stage_id=stage_id, limit=limit), few, fields
        )
        for stage_id, limit in most.items()
    ]
    return list(session.execute(union_all(*(select(part.subquery().c.id) for part in of_each))).scalars())


def _first_of_few(
    session: ReadSession, table: Any, conditions: list[ColumnElement[bool]], order: Order, most: Mapping[int, int]
) -> list[int]:
    """All at once: stage by stage, each would look at all of the few again."""
    place = func.row_number().over(partition_by=table.stage_id, order_by=_order(table, order, unindexed)).label("place")
    ranked = (
        select(table.id, table.stage_id, place).where(*conditions, unindexed(table.stage_id).in_(most)).subquery().c
    )
    among = ranked.place <= case(dict(most), value=ranked.stage_id)
    of_each: dict[int, list[int]] = {stage_id: [] for stage_id in most}
    for record_id, stage_id in session.execute(select(ranked.id, ranked.stage_id).where(among).order_by(ranked.place)):
        of_each[stage_id].append(record_id)
    return [record_id for ids in of_each.values() for record_id in ids]


def matching(session: ReadSession, viewer: Viewer, table: Any, wanted: RecordFilter) -> list[ColumnElement[bool]]:
    """The conditions alone, wherever a list of such records begins."""
    fields = fields_searched(session, viewer, table, wanted)
    return _conditions(session, viewer, table, wanted, few_among(session, table, wanted, fields).ids, fields)


def ids_matching(session: ReadSession, viewer: Viewer, kind: RecordType, wanted: RecordFilter) -> list[int]:
    """Ids of all records that match, without regard to where the list begins; `limit` of them at most."""
    table = TABLES[kind]
    statement = select(table.id).where(*matching(session, viewer, table, wanted)).order_by(table.id.desc())
    return list(session.execute(statement.limit(wanted.limit)).scalars())


def fields_searched(session: ReadSession, viewer: Viewer, table: Any, wanted: RecordFilter) -> Fields:
    """The fields into which its words look."""
    kind = RecordType(table.__tablename__)
    return searched_fields(session, viewer, (kind,), wanted.words)[kind]


def conditions_of(
    session: ReadSession, viewer: Viewer, table: Any, wanted: RecordFilter, few: Few | None, fields: Fields
) -> list[ColumnElement[bool]]:
    """The conditions alone, of records that come by the index of a column in their pipeline, or of few."""
    return _conditions(session, viewer, table, wanted, few, fields, ordered=True)


def _conditions(
    session: ReadSession,
    viewer: Viewer,
    table: Any,
    wanted: RecordFilter,
    few: Few | None,
    fields: Fields,
    *,
    ordered: bool = False,
) -> list[ColumnElement[bool]]:
    """`fields`: those into which its words look; `ordered`: for a list, whose order is to come from an index too."""
    leading = [] if few is None else [_is_one_of(session, table, few)]
    shown: Shown = _itself
    if not session.on_postgresql:
        if few is not None or wanted.order.key == "name_key":
            shown = unindexed
        elif not wanted.order.of_rows and not wanted.order.of_groups:
            shown = _in_their_pipeline
        elif ordered:
            shown = _in_order_of_ids
    return [*leading, *_meant(viewer, table, wanted, shown, fields)]


def _is_one_of(session: ReadSession, table: Any, few: Few) -> ColumnElement[bool]:
    """PostgreSQL gets them as an array: of a join it might believe that the other conditions leave a single record, and go
    through the few again for each of thousands."""
    if session.on_postgresql:
        return cast("ColumnElement[bool]", table.id == any_(func.array(few.scalar_subquery())))
    return cast("ColumnElement[bool]", table.id.in_(few))


def _itself(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column


def _in_order_of_ids(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Only columns lead whose indexes go on with the id: of others, SQLite would sort all that it finds."""
    return column if column.key in WITH_INDEX else unindexed(column)


def _in_their_pipeline(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Indexes by what deals are sorted begin with their pipeline."""
    return column if column.key == "pipeline_id" else unindexed(column)


def _meant(
    viewer: Viewer, table: Any, wanted: RecordFilter, shown: Shown, fields: Fields
) -> Iterator[ColumnElement[bool]]:
    """What the filter says, of records that the viewer may know of and by fields that they may see; columns that have an index as
    `shown`."""
    kind = RecordType(table.__tablename__)
    hidden = viewer.hidden_fields(kind)
    yield table.deleted_at.is_(None)
    yield from within(viewer, kind)
    yield from found_by_words(table, wanted.words, hidden, fields)
    for column, value in equalities(table, wanted):
        yield false() if column.key in hidden else shown(column) == value
    yield from _of_clients_seen(viewer, wanted)
    if wanted.unassigned:
        yield shown(table.responsible_id).is_(None)
    if wanted.tag:
        yield false() if "tags" in hidden else has_word(table.tags, literal(wanted.tag, String))
    yield from created_within(unindexed(table.created_at), wanted)
    if wanted.ids is not None:
        yield table.id.in_(wanted.ids)
    for condition in wanted.conditions:
        yield false() if field_key(condition.field_id) in hidden else table.id.in_(with_value(condition))
    for standard in wanted.standard:
        yield from [false()] if standard.key in hidden else holds(table, standard)


def _of_clients_seen(viewer: Viewer, wanted: RecordFilter) -> Iterator[ColumnElement[bool]]:
    """Whoever may not know of a client is not told what is theirs."""
    for kind, number in ((RecordType.CONTACT, wanted.contact_id), (RecordType.COMPANY, wanted.company_id)):
        if number is not None and not viewer.sees_all_records:
            table = TABLES[kind]
            yield select(table.id).where(table.id == number, *within(viewer, kind)).exists()


def _order(table: Any, order: Order, shown: Shown | None = None) -> list[ColumnElement[Any]]:
    columns = (table.name_key, table.id) if order.key == "name_key" else (table.id,)
    return [column.desc() if order.down else column for column in map(shown or _itself, columns)]


def _behind(table: Any, wanted: RecordFilter, last: int) -> ColumnElement[bool]:
    """What comes after the record `last`, where or whether it is by now: nothing is asked of it, for it may be hidden."""
    if wanted.order.key == "name_key":
        here, there = tuple_(table.name_key, table.id), tuple_(literal(wanted.before_key, table.name_key.type), last)
        return here < there if wanted.order.down else here > there
    behind: ColumnElement[bool] = table.id > last if wanted.order is Order.OLDEST else table.id < last
    return behind
