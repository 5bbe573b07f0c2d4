"""Segments: who belongs to an audience, as a tree of rules that people write and programs check.

    {"all": [{"field": "tag", "op": "is", "value": "newsletter"},
             {"not": [{"field": "email", "op": "ends_with", "value": "@example.org"}]}]}

`all` and `any` mean what they say; `not` holds when none of its rules does. Words are compared without regard to case.
What a rule means in the database is `campaigns/repository/rules.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from core.errors import UsageError

DEEPEST = 20


class Op(StrEnum):
    """How a field is compared."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    EMPTY = "empty"
    NOT_EMPTY = "not_empty"
    BEFORE = "before"
    AFTER = "after"
    WITHIN_DAYS = "within_days"
    OLDER_THAN_DAYS = "older_than_days"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison. `value` is a word, a moment, a number of days or yes/no, as the field wants it."""

    field: str
    op: Op
    value: str | int | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """Several rules: `joined` is all, any or not."""

    joined: str
    rules: tuple["Rule", ...]


Rule = Comparison | Group

GROUPS = ("all", "any", "not")
_TEXT = (Op.IS, Op.IS_NOT, Op.CONTAINS, Op.CONTAINS_NOT, Op.STARTS_WITH, Op.ENDS_WITH, Op.EMPTY, Op.NOT_EMPTY)
_TAG = (Op.IS, Op.IS_NOT, Op.EMPTY, Op.NOT_EMPTY)
_MOMENT = (Op.BEFORE, Op.AFTER, Op.WITHIN_DAYS, Op.OLDER_THAN_DAYS)
FIELDS: dict[str, tuple[Op, ...]] = {
    "name": _TEXT,
    "email": _TEXT,
    "company": _TEXT,
    "position": _TEXT,
    "tag": _TAG,
    "created": _MOMENT,
    "open_deal": (Op.IS,),
    "won_deal": (Op.IS,),
}
_FIELD_SPELLINGS = {
    "tags": "tag", "created_at": "created", "has_open_deal": "open_deal", "has_won_deal": "won_deal",
}  # fmt: skip
_OP_SPELLINGS = {
    "=": "is", "==": "is", "eq": "is", "equals": "is", "!=": "is_not", "ne": "is_not", "not_equals": "is_not",
    "not_contains": "contains_not", "begins_with": "starts_with", "<": "before", "lt": "before", ">": "after",
    "gt": "after", "is_empty": "empty", "is_not_empty": "not_empty",
}  # fmt: skip
_TAG_SPELLINGS = {"has": "is", "contains": "is", "in": "is", "has_not": "is_not", "contains_not": "is_not"}


def read_rules(tree: Any) -> Rule:
    """Check a tree of rules as it came from JSON. Raises `UsageError` that says which rule is wrong, and how."""
    return _rule(tree, "The rules", 0)


def _rule(tree: Any, where: str, depth: int) -> Rule:
    if depth > DEEPEST:
        raise UsageError(f"The rules are nested more than {DEEPEST} deep: simplify them.")
    if not isinstance(tree, dict):
        raise UsageError(f'{where} must be an object: {{"all": [...]}} or {{"field": ..., "op": ..., "value": ...}}.')
    joined = [word for word in GROUPS if word in tree]
    if not joined:
        return _test(tree, where)
    if len(tree) != 1:
        raise UsageError(f"{where}: an object with “{joined[0]}” has nothing else in it; nest another one.")
    rules = tree[joined[0]]
    if isinstance(rules, dict):
        rules = [rules]
    if not isinstance(rules, list):
        raise UsageError(f"{where}: “{joined[0]}” needs a list of rules.")
    return Group(
        joined[0], tuple(_rule(rule, _place(where, joined[0], at), depth + 1) for at, rule in enumerate(rules))
    )


def _place(where: str, joined: str, at: int) -> str:
    outer = "" if where == "The rules" else f" ({where})"
    return f"Rule {at + 1} in “{joined}”{outer}"


def _test(tree: dict[str, Any], where: str) -> Comparison:
    unknown = sorted(map(str, tree.keys() - {"field", "op", "value"}))
    if "field" not in tree or unknown:
        wrong = f"does not know “{unknown[0]}”" if unknown else "names no field"
        raise UsageError(f"{where} {wrong}: a rule has “field”, “op” and “value”, or one of all, any, not.")
    field = _spelled(tree["field"], _FIELD_SPELLINGS)
    if field not in FIELDS:
        raise UsageError(f"{where}: there is no field “{tree['field']}”; choose from {', '.join(FIELDS)}.")
    spellings = _OP_SPELLINGS | _TAG_SPELLINGS if field == "tag" else _OP_SPELLINGS
    op = _spelled(tree.get("op", "is"), spellings)
    if op not in FIELDS[field]:
        raise UsageError(f"{where}: “{field}” can not be compared by “{tree.get('op')}”; use {_listed(FIELDS[field])}.")
    return Comparison(field, Op(op), _value(field, Op(op), tree.get("value"), where))


def _spelled(word: Any, spellings: dict[str, str]) -> str:
    plain = str(word).strip().lower().replace(" ", "_").replace("-", "_")
    return spellings.get(plain, plain)


def _listed(ops: Sequence[Op]) -> str:
    return ", ".join(op.value for op in ops)


def _value(field: str, op: Op, value: Any, where: str) -> str | int | bool | datetime | None:
    if op in (Op.EMPTY, Op.NOT_EMPTY):
        return None
    if field in ("open_deal", "won_deal"):
        return _yes_or_no(value, where)
    if field == "created":
        return _days(value, where) if op in (Op.WITHIN_DAYS, Op.OLDER_THAN_DAYS) else _moment(value, where)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}: “{field}” needs a text in “value”; to ask for none use op “empty”.")
    return value.strip()


def _yes_or_no(value: Any, where: str) -> bool:
    if value is None or value is True:
        return True
    if value is False:
        return False
    raise UsageError(f"{where}: “value” is true or false here.")


def _days(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 36_500:
        raise UsageError(f"{where}: “value” is a number of days here.")
    return value


def _moment(value: Any, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise UsageError(f"{where}: “value” is a date here, such as 2026-01-31 or 2026-01-31T09:00+01:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
