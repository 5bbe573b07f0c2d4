"""What was changed on a record, by whom and when, in words that people read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.access.viewer import Viewer
from crm.records.fields.custom import as_field
from crm.records.fields.standard import STANDARD, Field, ValueKind
from crm.records.fields.values import Value
from crm.records.repository import fields as rows
from crm.records.repository.fields import Record
from storage.models import RecordChange, RecordType
from storage.sessions import ReadSession

GONE = Field("", "A field that was removed", ValueKind.TEXT)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; ids of people and records stand beside their names as `…_name`, and beside an amount the
    currency in whose smallest unit it is."""

    field: Field
    before: Value
    after: Value
    before_name: str = ""
    after_name: str = ""
    before_currency: str = ""
    after_currency: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a record; `by` is None where it happened by itself."""

    id: int
    at: datetime
    by: str | None
    changes: tuple[FieldChange, ...]


def history_of(
    session: ReadSession, viewer: Viewer, record: Record, *, before: int | None = None, limit: int = 50
) -> list[Edit]:
    """Edits of a record, newest first, from behind the edit `before`."""
    edits = rows.changes_of(session, viewer, record, before=before, limit=limit)
    fields, hidden = _all_fields(session, viewer, record[0]), viewer.hidden_fields(record[0])
    names = _names(session, viewer, fields, [edit for edit, _ in edits])
    currencies = _currencies([edit for edit, _ in edits], rows.currency_until(session, viewer, record, before))
    return [
        Edit(
            edit.id,
            edit.at,
            by,
            tuple(
                _change(fields.get(key, GONE), (old, new), names, currency)
                for key, (old, new) in edit.changes.items()
                if key not in hidden
            ),
        )
        for (edit, by), currency in zip(edits, currencies, strict=True)
    ]


def _currencies(edits: Iterable[RecordChange], currency: str) -> list[tuple[str, str]]:
    """Those of the record before and after each edit, which come newest first; `currency` is that behind the newest."""
    found = []
    for edit in edits:
        before, after = edit.changes.get("currency", (currency, currency))
        found.append((before, after))
        currency = before
    return found


def _all_fields(session: ReadSession, viewer: Viewer, record_type: RecordType) -> dict[str, Field]:
    custom = [*rows.custom_fields(session, viewer, record_type)]
    custom += rows.custom_fields(session, viewer, record_type, removed=True)
    return {field.key: field for field in (*STANDARD[record_type], *map(as_field, custom))}


def _names(
    session: ReadSession, viewer: Viewer, fields: Mapping[str, Field], edits: Sequence[RecordChange]
) -> dict[tuple[ValueKind, Any], str]:
    """Names of everybody and everything that the edits name by id, by one query for each kind."""
    found: dict[tuple[ValueKind, Any], str] = {}
    for kind, table in rows.NAMED.items():
        keys = {key for key, field in fields.items() if field.kind is kind}
        ids = {one for edit in edits for one in _ids(edit.changes, keys)}
        if ids:
            known = rows.names(session, viewer, table, sorted(ids))
            found |= {(kind, one): known.get(one, "") for one in ids}
    return found


def _ids(changes: Mapping[str, Sequence[Any]], keys: set[str]) -> Iterable[int]:
    return (value for key, pair in changes.items() if key in keys for value in pair if isinstance(value, int))


def _change(
    field: Field,
    values: tuple[Value, Value],
    names: Mapping[tuple[ValueKind, Any], str],
    currencies: tuple[str, str],
) -> FieldChange:
    named = (names.get((field.kind, value), "") if isinstance(value, int) else "" for value in values)
    has = (field.currency or currency if field.kind is ValueKind.MONEY else "" for currency in currencies)
    return FieldChange(field, *values, *named, *has)
