"""Which value of several records stays when they become one, field by field; and which goes back when a change is undone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from core.errors import UsageError
from crm.records.fields.standard import ADDRESS, STANDARD, ValueKind
from storage.models import RecordType

_UNITED = (ValueKind.EMAILS, ValueKind.PHONES, ValueKind.TAGS, ValueKind.LONG_TEXT, ValueKind.CURRENCY)
_BESIDES: Mapping[RecordType, tuple[str, ...]] = {
    RecordType.CONTACT: (),
    RecordType.COMPANY: (),
    RecordType.LEAD: ("stage_id", "contact_id", "company_id"),
}
FIELDS: Mapping[RecordType, tuple[str, ...]] = {
    kind: (*(field.key for field in STANDARD[kind] if field.kind not in _UNITED), *besides)
    for kind, besides in _BESIDES.items()
}
"""What a person chooses, by the names of the columns. A test holds that every column is here or in `FOLLOWS_BY_ITSELF`."""
UNITS = (ADDRESS, ("first_name", "last_name"))
"""Fields that say something together."""
MONEY = ("amount", "currency")
"""One value: the same number in another currency is another amount."""
FOLLOWS_BY_ITSELF = frozenset(
    {
        "id",
        "name_key",
        "field_words",
        "created_at",
        "tags",
        "notes",
        "repeat",
        "state",
        "deal_id",
        "converted_at",
        "currency",
    }
    | {"deleted_at", "deleted_by_id", "merged_into_id"}
)
"""Tags are united, notes stand one below the other, an amount comes with its currency, the oldest counts as known since then,
and the rest is a state that all of them share."""


def values_of_survivor(kind: RecordType, rows: Sequence[Any], chosen: Mapping[str, int]) -> dict[str, Any]:
    """The columns of the survivor, the first of `rows`: each from the record of which `chosen` has the id, else from the first
    that has a value. Raises `UsageError` for a field or a record that is not among them."""
    by_id = {row.id: row for row in rows}
    if not set(chosen) <= set(FIELDS[kind]):
        raise UsageError(f"There is no such field to choose: there are {', '.join(FIELDS[kind])}.")
    if not set(chosen.values()) <= set(by_id):
        raise UsageError("Choose each value from one of the records that are merged.")
    values = {name: getattr(source_of(name, rows, by_id.get(chosen.get(name, 0))), name) for name in FIELDS[kind]}
    values["created_at"] = min(row.created_at for row in rows)
    values["tags"] = list(dict.fromkeys(tag for row in rows for tag in row.tags))
    values["notes"] = "\n\n".join(dict.fromkeys(row.notes for row in rows if row.notes))
    if kind is RecordType.LEAD:
        values["currency"] = source_of("amount", rows, by_id.get(chosen.get("amount", 0))).currency
        values["repeat"] = values["contact_id"] is not None or values["company_id"] is not None
    return values


def source_of(name: str, rows: Sequence[Any], chosen: Any | None, value: Callable[[Any, str], Any] = getattr) -> Any:
    """The one of `rows` whose value stays: the `chosen` one, else the first that has one. Parts of an address, and of a name,
    come from one record: half of each of two addresses is none."""
    together = next((unit for unit in UNITS if name in unit), (name,))
    return chosen or next((row for row in rows if any(value(row, part) for part in together)), rows[0])


def going_back(changed: Iterable[str], stands: Callable[[str], bool]) -> set[str]:
    """The names of those changed fields that are put back: which stand as they were left. Amount and currency go both or
    not at all."""
    names = set(changed)
    back = {name for name in names if stands(name)}
    return back if names.intersection(MONEY) <= back else back.difference(MONEY)
