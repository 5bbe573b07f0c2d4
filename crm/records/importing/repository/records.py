"""The rows of records that an import makes and changes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update

from crm.records.fields.values import Value, canonical, is_empty
from crm.records.repository.fields import put_value, remove_value
from crm.records.repository.naming import LABELS, TABLES
from storage.bulk import insert_rows
from storage.field_words import field_words
from storage.folding import name_key
from storage.models import Channel, Company, Contact, FieldValue, RecordChange, RecordType
from storage.sessions import WriteSession
from storage.upserts import upsert


def insert_records(session: WriteSession, kind: RecordType, rows: list[dict[str, Any]]) -> None:
    """Rows of records of one kind, with their ids."""
    insert_rows(session, TABLES[kind], rows)


def insert_companies(session: WriteSession, companies: list[dict[str, Any]]) -> None:
    """Rows of companies that records name, with their ids."""
    insert_rows(session, Company, companies)


def insert_contacts(session: WriteSession, contacts: list[dict[str, Any]]) -> None:
    """Rows of contacts that records name, with their ids."""
    insert_rows(session, Contact, contacts)


def insert_channels(session: WriteSession, rows: list[dict[str, Any]]) -> None:
    """Channels of records; one that somebody else has given meanwhile stays."""
    if rows:
        session.execute(upsert(session, Channel).on_conflict_do_nothing(), rows)


def add_history(session: WriteSession, rows: list[dict[str, Any]]) -> None:
    """What was changed on records, for those who ask later."""
    insert_rows(session, RecordChange, rows)


def change_record(session: WriteSession, kind: RecordType, record_id: int, values: Mapping[str, Any]) -> None:
    """Put values into a record, also into its custom fields."""
    custom = {key: value for key, value in values.items() if field_id_of(key) is not None}
    for key, value in custom.items():
        put_custom(session, record_id, key, value)
    values = {name: value for name, value in values.items() if name not in custom}
    table = TABLES[kind]
    if LABELS[kind].key in values:
        values["name_key"] = name_key(values[LABELS[kind].key])
    if values:
        values["field_words"] = _words_with(session, table, record_id, values)
        statement = update(table).where(table.id == record_id).values(**values)
        session.execute(statement.execution_options(synchronize_session=False))


def _words_with(session: WriteSession, table: Any, record_id: int, values: Mapping[str, Any]) -> str:
    """By what a record is found once it has these values."""
    columns = table.__table__.c
    fields = columns.field_words.info["field_words_of"]
    there = session.execute(select(*(columns[field] for field in fields)).where(table.id == record_id)).one()
    return field_words({field: values.get(field, old) for field, old in zip(fields, there, strict=True)})


def as_column(name: str, value: Any) -> Any:
    """A value as its column takes it."""
    if name == "closes_on" and isinstance(value, str):
        return date.fromisoformat(value)
    if name == "domain":
        return value or None
    return list(value) if isinstance(value, tuple) else value


def field_id_of(key: str) -> int | None:
    """Of a custom field's key; None for the name of a column."""
    number = key.removeprefix("field_")
    return int(number) if number != key and number.isdigit() else None


def put_custom(session: WriteSession, record_id: int, key: str, value: Value) -> None:
    """Fill in a custom field of a record, or empty it."""
    field_id = field_id_of(key)
    if field_id is None:
        return
    if is_empty(value):
        remove_value(session, field_id, record_id)
    else:
        put_value(session, field_id, record_id, canonical(value), _number(value))


def insert_custom(session: WriteSession, values: Mapping[int, Mapping[str, Value]]) -> None:
    """Fill in custom fields of new records."""
    rows = [
        {"field_id": field_id_of(key), "record_id": record_id, "text": canonical(value), "number": _number(value)}
        for record_id, custom in values.items()
        for key, value in custom.items()
    ]
    insert_rows(session, FieldValue, rows)


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None
