"""Which value of several records stays when they become one, field by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import UsageError
from storage.models import RecordType

FIELDS: Mapping[RecordType, tuple[str, ...]] = {
    RecordType.CONTACT: ("name", "position", "company_id", "responsible_id", "source"),
    RecordType.COMPANY: ("name", "domain", "responsible_id", "source"),
    RecordType.LEAD: ("title", "name", "stage_id", "contact_id", "company_id", "responsible_id", "source"),
}
"""What a person chooses, by the names of the columns. A test holds that every column is here or in `FOLLOWS_BY_ITSELF`."""
FOLLOWS_BY_ITSELF = frozenset(
    {"id", "name_key", "field_words", "created_at", "tags", "notes", "repeat", "state", "deal_id", "converted_at"}
    | {"deleted_at", "deleted_by_id", "merged_into_id"}
)
"""Tags are united, notes stand one below the other, the oldest counts as known since then, and the rest is a state that all
of them share."""


def values_of_survivor(kind: RecordType, rows: Sequence[Any], chosen: Mapping[str, int]) -> dict[str, Any]:
    """The columns of the survivor, the first of `rows`: each from the record of which `chosen` has the id, else from the first
    that has a value. Raises `UsageError` for a field or a record that is not among them."""
    by_id = {row.id: row for row in rows}
    if not set(chosen) <= set(FIELDS[kind]):
        raise UsageError(f"There is no such field to choose: there are {', '.join(FIELDS[kind])}.")
    if not set(chosen.values()) <= set(by_id):
        raise UsageError("Choose each value from one of the records that are merged.")
    values = {name: _value(name, rows, by_id.get(chosen.get(name, 0))) for name in FIELDS[kind]}
    values["created_at"] = min(row.created_at for row in rows)
    values["tags"] = list(dict.fromkeys(tag for row in rows for tag in row.tags))
    values["notes"] = "\n\n".join(dict.fromkeys(row.notes for row in rows if row.notes))
    if kind is RecordType.LEAD:
        values["repeat"] = values["contact_id"] is not None or values["company_id"] is not None
    return values


def _value(name: str, rows: Sequence[Any], source: Any | None) -> Any:
    if source is not None:
        return getattr(source, name)
    mine = getattr(rows[0], name)
    return next((value for row in rows if (value := getattr(row, name)) not in (None, "")), mine)
