"""What the rules of a segment mean in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, true

from campaigns.segments import Comparison, Group, Op, Rule
from core.addresses import address_key
from core.clock import utcnow
from storage.models import Channel, Company, Contact, Deal, RecordType, StageKind

Condition = ColumnElement[bool]
Text = ColumnElement[str]


def condition(rule: Rule, *, on_postgresql: bool) -> Condition:
    """The rule as a condition over `contact`."""
    if isinstance(rule, Comparison):
        return _test(rule, on_postgresql)
    inner = [condition(one, on_postgresql=on_postgresql) for one in rule.rules]
    return _joined(rule, inner)


def _joined(group: Group, inner: list[Condition]) -> Condition:
    if group.joined == "all":
        return and_(true(), *inner)
    either = or_(*inner) if inner else not_(true())
    return not_(either) if group.joined == "not" else either


def _test(test: Comparison, on_postgresql: bool) -> Condition:
    value = test.value
    if test.field in ("open_deal", "won_deal"):
        kind = StageKind.OPEN if test.field == "open_deal" else StageKind.WON
        return _has_deal(kind) if value else not_(_has_deal(kind))
    if isinstance(value, datetime):
        return Contact.created_at < value if test.op is Op.BEFORE else Contact.created_at >= value
    if isinstance(value, int):
        since = utcnow() - timedelta(days=value)
        return Contact.created_at >= since if test.op is Op.WITHIN_DAYS else Contact.created_at < since
    word = value or ""
    if test.field == "tag":
        return _tag(test.op, word, on_postgresql)
    if test.field == "email":
        return _somewhere(_has_email, Channel.key, test.op, address_key(word))
    if test.field == "company":
        return _somewhere(_has_company, Company.name, test.op, word)
    column: Any = {"name": Contact.name, "position": Contact.position}[test.field]
    positive = _compared(column, _POSITIVE.get(test.op, test.op), word)
    return not_(positive) if test.op in _POSITIVE else positive


_POSITIVE = {Op.IS_NOT: Op.IS, Op.CONTAINS_NOT: Op.CONTAINS, Op.NOT_EMPTY: Op.EMPTY}


def _compared(column: Any, op: Op, word: str) -> Condition:
    found: Condition = column == ""
    if op is Op.IS:
        found = func.lower(column) == word.lower()
    elif op is Op.CONTAINS:
        found = column.icontains(word, autoescape=True)
    elif op is Op.STARTS_WITH:
        found = column.istartswith(word, autoescape=True)
    elif op is Op.ENDS_WITH:
        found = column.iendswith(word, autoescape=True)
    return found


def _somewhere(has: Callable[[Condition], Condition], column: Any, op: Op, word: str) -> Condition:
    """For what a contact has elsewhere, or has not: a negation is true also where there is nothing."""
    if op in (Op.EMPTY, Op.NOT_EMPTY):
        anything = has(column != "")
        return anything if op is Op.NOT_EMPTY else not_(anything)
    found = has(_compared(column, _POSITIVE.get(op, op), word))
    return not_(found) if op in _POSITIVE else found


def _has_email(holds: Condition) -> Condition:
    return _of_contact(
        Channel.record_type == RecordType.CONTACT, Channel.record_id == Contact.id, Channel.kind == "email", holds
    )


def _has_company(holds: Condition) -> Condition:
    return _of_contact(Company.id == Contact.company_id, Company.deleted_at.is_(None), holds)


def _has_deal(kind: StageKind) -> Condition:
    return _of_contact(Deal.contact_id == Contact.id, Deal.stage_kind == kind, Deal.deleted_at.is_(None))


def _of_contact(*conditions: Condition) -> Condition:
    """Whether a contact has such a thing; only `contact` is the outer query's, which may hold the same table too."""
    return exists().where(*conditions).correlate(Contact)


def _tag(op: Op, word: str, on_postgresql: bool) -> Condition:
    if op in (Op.EMPTY, Op.NOT_EMPTY):
        length: Any = func.jsonb_array_length if on_postgresql else func.json_array_length
        some: Condition = length(Contact.tags) > 0
        return not_(some) if op is Op.EMPTY else some
    spread: Any = func.jsonb_array_elements_text if on_postgresql else func.json_each
    tags = spread(Contact.tags).table_valued("value")
    holding = select(1).select_from(tags).where(func.lower(tags.c.value) == word.lower())
    found: Condition = holding.correlate(Contact).exists()
    return not_(found) if op is Op.IS_NOT else found
