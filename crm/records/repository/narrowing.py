"""What of a filter only few records meet: their index leads then, and the order is made of those few.

Else the way along the order does, for it soon meets enough of many. No database knows which it is: SQLite counts nothing, and
PostgreSQL does not know how many names have a word that begins with `kow`. So it is counted, and no further than necessary.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, select

from crm.records.repository import spans, terms
from crm.records.views import FieldCondition, RecordFilter, StandardCondition
from storage.folding import name_key
from storage.models import FieldValue
from storage.sessions import ReadSession

Few = Select[int] | CompoundSelect[int]
FEW_ENOUGH = 500
"""Counting a further condition would cost more than looking at these."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Ids of few records among which all are that meet a filter (None: each of its conditions leaves many); how many at most."""

    ids: Few | None = None
    most: int | None = None

    @property
    def none(self) -> bool:
        """Whether it is known that there is none."""
        return self.most == 0


def few_among(session: ReadSession, table: Any, wanted: RecordFilter, fields: terms.Fields) -> Narrowed:
    """What meets each condition of the filter that few records meet; `fields`: those into which its words look."""
    met: list[tuple[int, Few]] = []
    for some in _narrowing(table, wanted, fields):
        if (number := _up_to(session, some, terms.FEW + 1)) <= terms.FEW:
            met.append((number, some))
        if number <= FEW_ENOUGH:
            break
    if not met:
        return Narrowed()
    met.sort(key=itemgetter(0))
    return Narrowed(reduce(_both, (some for _, some in met)), met[0][0])


def _both(some: Few, others: Few) -> Few:
    """By the indexes alone, before any of the records is read."""
    [record_id] = some.subquery().c
    return select(record_id).where(record_id.in_(others))


def equalities(table: Any, wanted: RecordFilter) -> Iterator[tuple[ColumnElement[Any], object]]:
    """Columns that must have a certain value, and that value."""
    equal: dict[str, object] = {
        "name_key": name_key(wanted.called) or None,
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
            yield getattr(table, name), value


def created_within(column: ColumnElement[Any], wanted: RecordFilter) -> Iterator[ColumnElement[bool]]:
    """That a record was made in the time."""
    if wanted.created_from is not None:
        yield column >= wanted.created_from
    if wanted.created_to is not None:
        yield column < wanted.created_to


def with_value(condition: FieldCondition) -> Select[int]:
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


def holds(table: Any, condition: StandardCondition) -> Iterator[ColumnElement[bool]]:
    """That a standard field holds that."""
    column = getattr(table, condition.key)
    if condition.equals:
        yield column == condition.equals
    if condition.words:
        yield terms.says(table, condition.key, condition.words)
    yield from spans.within(table, condition)


WITH_INDEX = ("responsible_id", "contact_id", "company_id", "state", "stage_id")
"""Whose indexes give their records in the order of ids: only sorted by name it matters how many these are."""


def _narrowing(table: Any, wanted: RecordFilter, fields: terms.Fields) -> Iterator[Few]:
    """Each by an index of its own."""
    yield from terms.records_by_words(table, wanted.words, fields)
    if wanted.called:
        yield select(table.id).where(table.name_key == name_key(wanted.called))
    if wanted.tag:
        yield terms.records_by_tag(table, wanted.tag)
    if wanted.source:
        yield terms.records_by_source(table, wanted.source)
    yield from map(with_value, wanted.conditions)
    for condition in wanted.standard:
        if said := condition.words or condition.equals:
            yield terms.records_that_say(table, said)
        elif hasattr(table, "pipeline_id"):  # Only of deals these columns have indexes: leads are looked at on the way.
            yield spans.deals_within(wanted.pipeline_id, condition)
    if wanted.order.key != "id":
        for column, value in equalities(table, wanted):
            if column.key in WITH_INDEX:
                yield select(table.id).where(column == value)
        if wanted.unassigned:
            yield select(table.id).where(table.responsible_id.is_(None))
    times = [*created_within(table.created_at, wanted)]
    if times:
        yield select(table.id).where(*times)


def _up_to(session: ReadSession, some: Few, most: int) -> int:
    """How many there are, counted no further than so many."""
    return session.execute(select(func.count()).select_from(some.limit(most).subquery())).scalar_one()
