"""Rows of custom fields, their values, and the history of records."""

from collections.abc import Mapping, Sequence
from secrets import token_hex
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import ColumnElement, delete, func, select

from core.errors import NotFound
from crm.access.repository import put_setting
from crm.access.rights.repository import on_seen_record, within
from crm.access.viewer import Viewer
from crm.records.fields.standard import ValueKind
from crm.records.fields.values import Value
from crm.records.gone import Record as Record
from crm.records.repository.naming import TABLES, field_key
from crm.records.repository.recycling import why_gone
from storage.among import among
from storage.folding import name_key
from storage.models import (
    Channel,
    Company,
    Contact,
    CustomField,
    Deal,
    FieldKind,
    FieldValue,
    Lead,
    RecordChange,
    RecordType,
    User,
)
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

SETTING = "records.custom_fields"
RecordRow = Contact | Company | Lead | Deal
NAMED: Mapping[ValueKind, type[Contact | Company | User]] = {
    ValueKind.PERSON: User,
    ValueKind.CONTACT: Contact,
    ValueKind.COMPANY: Company,
}
"""Kinds of field that hold an id, and of what."""
_VALUED = SimpleNamespace(record_type=CustomField.record_type, record_id=FieldValue.record_id)
"""The record of a value, as conditions on records name it."""


def record_row(session: ReadSession, viewer: Viewer, record: Record) -> RecordRow:
    """A record as it is stored. Raises `NotFound`, which tells what has become of it."""
    return _found(session, viewer, record, held=False)


def record_for_change(session: WriteSession, viewer: Viewer, record: Record) -> RecordRow:
    """A record that nobody else changes until this unit ends. Raises `NotFound`, which tells what has become of it."""
    return _found(session, viewer, record, held=True)


def _found(session: ReadSession, viewer: Viewer, record: Record, *, held: bool) -> RecordRow:
    table = TABLES[record[0]]
    statement = select(table).where(table.id == record[1], table.deleted_at.is_(None), *within(viewer, record[0]))
    if held:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row: Any = session.execute(statement).scalar()
    if row is None:
        raise why_gone(session, viewer, record)
    return cast(RecordRow, row)


def fields_for_change(session: WriteSession) -> None:
    """Let nobody else make, name or order custom fields until the unit ends."""
    put_setting(session, SETTING, {"version": token_hex(8)})


def is_there(session: ReadSession, viewer: Viewer, table: type[Contact | Company | User], row_id: int) -> bool:
    """Whether a contact or company that the viewer sees, and that was not deleted, or a person who may still sign in, has it."""
    is_it = User.active if issubclass(table, User) else table.deleted_at.is_(None)
    statement = select(table.id).where(table.id == row_id, is_it, *_seen_of(viewer, table))
    return session.execute(statement).scalar() is not None


def _seen_of(viewer: Viewer, table: type[Any]) -> list[ColumnElement[bool]]:
    """Everybody may know who works here."""
    return [] if table is User else within(viewer, RecordType(table.__tablename__))


def custom_fields(
    session: ReadSession, _: Viewer, record_type: RecordType | None = None, *, removed: bool = False
) -> list[CustomField]:
    """Custom fields in order, of one kind of record or of all; those that were removed instead."""
    statement = select(CustomField).where(CustomField.removed_at.is_not(None) == removed)
    if record_type is not None:
        statement = statement.where(CustomField.record_type == record_type)
    return list(session.execute(statement.order_by(CustomField.position, CustomField.id)).scalars())


def custom_field(session: ReadSession, _: Viewer, field_id: int) -> CustomField:
    """One custom field, also one that was removed. Raises `NotFound`."""
    return _custom_field(session, field_id, held=False)


def custom_field_for_change(session: WriteSession, field_id: int) -> CustomField:
    """A custom field that nobody else changes until this unit ends. Raises `NotFound`."""
    return _custom_field(session, field_id, held=True)


def _custom_field(session: ReadSession, field_id: int, *, held: bool) -> CustomField:
    statement = select(CustomField).where(CustomField.id == field_id)
    row = session.execute(statement.with_for_update() if held else statement).scalar()
    if row is None:
        raise NotFound("There is no such field.")
    return row


def last_position(session: ReadSession, record_type: RecordType) -> int:
    """The place of the last field of that kind of record; -1 where there is none."""
    statement = select(func.max(CustomField.position)).where(CustomField.record_type == record_type)
    last = session.execute(statement).scalar()
    return -1 if last is None else last


def count_values(session: ReadSession, viewer: Viewer, field_ids: Sequence[int]) -> dict[int, int]:
    """On how many records that the viewer sees each field has a value; none of those that are hidden from them."""
    hidden = {key for kind in RecordType for key in viewer.hidden_fields(kind)}
    shown = [each for each in field_ids if field_key(each) not in hidden]
    statement = select(FieldValue.field_id, func.count()).join(CustomField, CustomField.id == FieldValue.field_id)
    statement = statement.where(FieldValue.field_id.in_(shown), *on_seen_record(viewer, _VALUED))
    return {row[0]: row[1] for row in session.execute(statement.group_by(FieldValue.field_id))}


def custom_values(
    session: ReadSession, record_type: RecordType, record_ids: Sequence[int], *, with_removed: bool = False
) -> dict[int, dict[str, Value]]:
    """What stands in the custom fields of records, by record and key of the field; those that were removed only if asked for."""
    found: dict[int, dict[str, Value]] = {}
    if not record_ids:
        return found
    statement = select(FieldValue, CustomField.kind).join(CustomField, CustomField.id == FieldValue.field_id)
    statement = statement.where(CustomField.record_type == record_type)
    if not with_removed:
        statement = statement.where(CustomField.removed_at.is_(None))
    for row, kind in session.execute(statement.where(among(FieldValue.record_id, record_ids))):
        found.setdefault(row.record_id, {})[field_key(row.field_id)] = _value(kind, row)
    return found


def _value(kind: FieldKind, row: FieldValue) -> Value:
    if row.number is None:
        return row.text
    return int(row.number) if kind is FieldKind.MONEY else row.number


def put_value(session: WriteSession, field_id: int, record_id: int, text: str, number: float | None) -> None:
    """Store or replace the value of a custom field."""
    statement = upsert(session, FieldValue)
    values = {"text": text, "key": name_key(text), "number": number}
    session.execute(
        statement.values(field_id=field_id, record_id=record_id, **values).on_conflict_do_update(
            index_elements=["field_id", "record_id"], set_=values
        )
    )


def remove_value(session: WriteSession, field_id: int, record_id: int) -> None:
    """Empty a custom field of a record."""
    session.execute(delete(FieldValue).where(FieldValue.field_id == field_id, FieldValue.record_id == record_id))


def remove_channels(session: WriteSession, record: Record, kind: str, keys: Sequence[str]) -> None:
    """Take addresses or phones from a record."""
    session.execute(
        delete(Channel).where(
            Channel.record_type == record[0],
            Channel.record_id == record[1],
            Channel.kind == kind,
            Channel.key.in_(keys),
        )
    )


def add_change(session: WriteSession, change: RecordChange) -> None:
    """Keep what was changed."""
    session.add(change)


def changes_of(
    session: ReadSession, viewer: Viewer, record: Record, *, before: int | None, limit: int
) -> list[tuple[RecordChange, str | None]]:
    """The history of a record, newest first, each with the name of who did it."""
    statement = select(RecordChange, User.name).outerjoin(User, User.id == RecordChange.user_id)
    statement = statement.where(RecordChange.record_type == record[0], RecordChange.record_id == record[1])
    statement = statement.where(*on_seen_record(viewer, RecordChange))
    if before is not None:
        statement = statement.where(RecordChange.id < before)
    rows = session.execute(statement.order_by(RecordChange.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def first_change_since(session: ReadSession, record: Record, since: int, key: str) -> Sequence[Any] | None:
    """A field before and after the first edit behind that one which changed it."""
    of_it = (RecordChange.record_type == record[0], RecordChange.record_id == record[1], RecordChange.id > since)
    later = session.execute(select(RecordChange.changes).where(*of_it).order_by(RecordChange.id)).scalars()
    return next((changes[key] for changes in later if key in changes), None)


def currency_until(session: ReadSession, viewer: Viewer, record: Record, edit_id: int | None) -> str:
    """The currency of a deal or lead before that edit was made, or as it is; empty of what has none."""
    table = TABLES[record[0]]
    if not hasattr(table, "currency"):
        return ""
    now = select(table.currency).where(table.id == record[1], *within(viewer, record[0]))
    if edit_id is None:
        return str(session.execute(now).scalar() or "")
    old = RecordChange.changes["currency", 0].as_string()
    of_record = (RecordChange.record_type == record[0], RecordChange.record_id == record[1])
    then = (
        select(old).where(*of_record, RecordChange.id >= edit_id, old.is_not(None)).order_by(RecordChange.id).limit(1)
    )
    return str(session.execute(select(func.coalesce(then.scalar_subquery(), now.scalar_subquery()))).scalar() or "")


def names(session: ReadSession, viewer: Viewer, table: type[Any], ids: Sequence[int]) -> dict[int, str]:
    """Names of people, and of contacts or companies that the viewer sees, by id, those of deleted ones too."""
    statement = select(table.id, table.name).where(table.id.in_(ids), *_seen_of(viewer, table))
    return {row[0]: row[1] for row in session.execute(statement)}
