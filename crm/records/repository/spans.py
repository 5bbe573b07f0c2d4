"""That a standard field holds something from here to there: a day, or an amount in whole units, whatever its currency.

Stored amounts are in the smallest unit of their record's currency: 1,200 are 120000 cents, 1200 yen, or 1200000 fils.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from operator import ge, le
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, literal, select, union_all

from core.currencies import MINOR_DIGITS, UNUSUAL, USUAL
from crm.records.views import StandardCondition
from storage.models import Deal, Pipeline, Stage
from storage.unindexed import unindexed

AMOUNT: Final = "amount"
LARGEST: Final = 2**63 - 1
Compare = Callable[[Any, Any], ColumnElement[bool]]
End = tuple[Compare, Decimal | date, str]
"""How a value is compared with a bound, and how that is rounded."""


def within(table: Any, condition: StandardCondition) -> Iterator[ColumnElement[bool]]:
    """That a record is meant, by no index."""
    column = getattr(table, condition.key)
    for compare, bound, rounding in _ends(condition):
        yield compare(unindexed(column), _of_each_currency(table, column, bound, rounding))


def deals_within(pipeline_id: int | None, condition: StandardCondition) -> Select[int] | CompoundSelect[int]:
    """Ids of all deals that are meant, by indexes, and perhaps of some more: `within` is asked too.

    Amounts with two decimals stand in one span of their index. Deals in other currencies are found by these: they are rare,
    and a span that holds them too would be a hundred times as wide.
    """
    pipelines = select(Pipeline.id) if pipeline_id is None else [pipeline_id]
    column = getattr(Deal, condition.key)
    spans = (compare(column, _stored(column, bound, USUAL, rounding)) for compare, bound, rounding in _ends(condition))
    usual = select(Deal.id).where(Deal.pipeline_id.in_(pipelines), *spans)
    if condition.key != AMOUNT:
        return usual
    others = select(Deal.id).where(
        Deal.deleted_at.is_(None),
        Deal.pipeline_id.in_(pipelines),
        Deal.stage_id.in_(select(Stage.id).where(Stage.pipeline_id.in_(pipelines))),
        Deal.currency.in_(MINOR_DIGITS),
        *within(Deal, condition),
    )
    return union_all(usual, others)


def _ends(condition: StandardCondition) -> Iterator[End]:
    if condition.least is not None:
        yield ge, condition.least, ROUND_CEILING
    if condition.most is not None:
        yield le, condition.most, ROUND_FLOOR


def _of_each_currency(table: Any, column: Any, bound: Decimal | date, rounding: str) -> ColumnElement[Any]:
    """A bound as the record's currency has it; nothing is nothing in any, so those without one may be taken for usual."""
    usual = _stored(column, bound, USUAL, rounding)
    if isinstance(bound, date):
        return usual
    unusual = (
        (table.currency.in_(sorted(currencies)), _stored(column, bound, digits, rounding))
        for digits, currencies in UNUSUAL.items()
    )
    return case(*unusual, else_=usual)


def _stored(column: Any, bound: Decimal | date, digits: int, rounding: str) -> ColumnElement[Any]:
    """A value as the column has it, and of its type: PostgreSQL would take a number for a smaller one."""
    if isinstance(bound, date):
        return literal(bound, column.type)
    return literal(max(-LARGEST, min(LARGEST, int(bound.scaleb(digits).to_integral_value(rounding)))), column.type)
