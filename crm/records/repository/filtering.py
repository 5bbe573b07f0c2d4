"""The filter of a list of records as SQL, the same for every kind of record."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, literal, or_, select, tuple_

from crm.access.viewer import Viewer
from crm.records.repository.naming import LABELS, TABLES
from crm.records.views import FieldCondition, Order, RecordFilter
from storage.json_lists import has_word
from storage.models import Channel, FieldValue, RecordType
from storage.sessions import ReadSession

MOST_ROWS = 1_000
Rows = Select[*tuple[Any, ...]]


def chosen(statement: Rows, viewer: Viewer, table: Any, label: Any, wanted: RecordFilter) -> Rows:
    """`statement` on `table` with the conditions, the order and the limit of `wanted`."""
    conditions = [*matching(viewer, table, label, wanted)]
    if wanted.before is not None:
        conditions.append(_behind(table, label, wanted.order, wanted.before))
    return (
        statement.where(*conditions).order_by(*_order(table, label, wanted.order)).limit(min(wanted.limit, MOST_ROWS))
    )


def matching(_: Viewer, table: Any, label: Any, wanted: RecordFilter) -> Iterable[ColumnElement[bool]]:
    """The conditions alone. (Everybody with a role reads all records; own roles come with mission C15.)"""
    yield table.deleted_at.is_(None)
    for word in wanted.words.split():
        yield or_(label.icontains(word, autoescape=True), table.id.in_(_reached_by(table, word)))
    equal: dict[str, object] = {
        "responsible_id": wanted.responsible_id,
        "repeat": wanted.repeat,
        "contact_id": wanted.contact_id,
        "company_id": wanted.company_id,
        "pipeline_id": wanted.pipeline_id,
        "stage_kind": wanted.stage_kind,
        "state": wanted.lead_state,
        "stage_id": wanted.stage_id,
        "source": wanted.source or None,
    }
    for name, value in equal.items():
        if value is not None and hasattr(table, name):
            yield getattr(table, name) == value
    if wanted.unassigned:
        yield table.responsible_id.is_(None)
    if wanted.tag:
        yield has_word(table.tags, literal(wanted.tag, String))
    if wanted.created_from is not None:
        yield table.created_at >= wanted.created_from
    if wanted.created_to is not None:
        yield table.created_at < wanted.created_to
    if wanted.ids is not None:
        yield table.id.in_(wanted.ids)
    for condition in wanted.conditions:
        yield table.id.in_(_with_value(condition))


def ids_matching(session: ReadSession, viewer: Viewer, kind: RecordType, wanted: RecordFilter) -> list[int]:
    """Ids of all records that match, without regard to where the list begins; `limit` of them at most."""
    table = TABLES[kind]
    statement = select(table.id).where(*matching(viewer, table, LABELS[kind], wanted)).order_by(table.id.desc())
    return list(session.execute(statement.limit(wanted.limit)).scalars())


def _with_value(condition: FieldCondition) -> Select[int]:
    """Ids of records in whose field that stands."""
    conditions = [FieldValue.field_id == condition.field_id]
    if condition.equals is not None:
        conditions.append(FieldValue.text == condition.equals)
    if condition.contains is not None:
        conditions.append(FieldValue.text.icontains(condition.contains, autoescape=True))
    if condition.least is not None:
        column = FieldValue.text if isinstance(condition.least, str) else FieldValue.number
        conditions.append(column >= condition.least)
    if condition.most is not None:
        column = FieldValue.text if isinstance(condition.most, str) else FieldValue.number
        conditions.append(column <= condition.most)
    return select(FieldValue.record_id).where(and_(*conditions))


def _reached_by(table: Any, word: str) -> Select[int]:
    """Ids of records with a channel that begins with `word`, so that an address finds its people."""
    return select(Channel.record_id).where(
        Channel.record_type == RecordType(table.__tablename__),
        Channel.key.startswith(word.lower(), autoescape=True),
    )


def _order(table: Any, label: Any, order: Order) -> tuple[ColumnElement[Any], ...]:
    if order is Order.NAME:
        return (func.lower(label), table.id)
    return (table.id,) if order is Order.OLDEST else (table.id.desc(),)


def _behind(table: Any, label: Any, order: Order, last: int) -> ColumnElement[bool]:
    """What comes after the record `last`, where or whether it is by now."""
    if order is Order.NAME:
        its_name = select(func.lower(label)).where(table.id == last).scalar_subquery()
        return tuple_(func.lower(label), table.id) > tuple_(its_name, last)
    behind: ColumnElement[bool] = table.id > last if order is Order.OLDEST else table.id < last
    return behind
