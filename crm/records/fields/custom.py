"""Fields that an installation adds to its records: made, changed, put in order, removed and restored in Settings.

A field that was removed is shown nowhere and keeps its values, until it is restored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.clock import utcnow
from core.errors import Conflict, UsageError
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.office.settings import known_currency
from crm.records.exporting.columns import HEADERS
from crm.records.fields.standard import STANDARD, Field, ValueKind
from crm.records.repository import fields as rows
from crm.records.repository.naming import field_key
from storage.models import CustomField, FieldKind, RecordType
from storage.sessions import ReadSession, WriteSession

LONGEST_NAME = 80
MOST_FIELDS = 100
MOST_CHOICES = 200
NO_RIGHT = "Your role does not let you change the fields of records: ask an administrator."


@dataclass(frozen=True, slots=True)
class NewField:
    """A field to be made; `choices` for a choice, `currency` (three letters) for money."""

    record_type: RecordType
    name: str
    kind: FieldKind
    choices: Sequence[str] = ()
    currency: str = ""


def fields_of(session: ReadSession, viewer: Viewer, record_type: RecordType) -> tuple[Field, ...]:
    """All fields of that kind of record that the viewer may see: the standard ones, then the custom ones in their order."""
    fields = (*STANDARD[record_type], *(as_field(row) for row in rows.custom_fields(session, viewer, record_type)))
    hidden = viewer.hidden_fields(record_type)
    return tuple(field for field in fields if field.key not in hidden) if hidden else fields


def editable_fields(session: ReadSession, viewer: Viewer, record_type: RecordType) -> tuple[Field, ...]:
    """Those of them that the viewer may change on a record that they may change."""
    return tuple(
        field for field in fields_of(session, viewer, record_type) if viewer.may_edit_field(record_type, field.key)
    )


def as_field(row: CustomField) -> Field:
    """A custom field as forms and programs name it."""
    return Field(
        field_key(row.id),
        row.name,
        ValueKind(row.kind.value),
        choices=tuple(row.choices),
        currency=row.currency,
        custom_id=row.id,
    )


def create_field(session: WriteSession, viewer: Viewer, new: NewField) -> int:
    """A new field behind the others; its id. Raises `Forbidden`, `UsageError`, and `Conflict` for a name that is taken."""
    viewer.require_settings(NO_RIGHT)
    rows.fields_for_change(session)
    there = rows.custom_fields(session, viewer, new.record_type)
    if len(there) >= MOST_FIELDS:
        raise UsageError(f"There are {MOST_FIELDS} fields already, and more nobody would fill in.")
    row = CustomField(
        record_type=new.record_type,
        name=_free_name(session, viewer, new.record_type, new.name),
        kind=new.kind,
        choices=_choices(new.kind, new.choices),
        currency=known_currency(session, new.currency) if new.kind is FieldKind.MONEY else "",
        position=rows.last_position(session, new.record_type) + 1,
        created_at=utcnow(),
    )
    session.add(row)
    session.flush()
    record_act(session, viewer, "field.create", field_id=row.id, record_type=new.record_type.value)
    return row.id


def change_field(session: WriteSession, viewer: Viewer, field_id: int, name: str, choices: Sequence[str]) -> None:
    """Give a field another name or other choices; records keep the words that they have. Raises as `create_field`."""
    viewer.require_settings(NO_RIGHT)
    rows.fields_for_change(session)
    row = rows.custom_field_for_change(session, field_id)
    row.name = _free_name(session, viewer, row.record_type, name, but=row)
    row.choices = _choices(row.kind, choices)
    record_act(session, viewer, "field.change", field_id=field_id)


def move_field(session: WriteSession, viewer: Viewer, field_id: int, by: int) -> None:
    """Put a field `by` places further down (or up, where it is negative) among those of its records."""
    viewer.require_settings(NO_RIGHT)
    rows.fields_for_change(session)
    row = rows.custom_field_for_change(session, field_id)
    others = [one for one in rows.custom_fields(session, viewer, row.record_type) if one.id != field_id]
    at = sum((one.position, one.id) < (row.position, row.id) for one in others)
    others.insert(max(0, at + by), row)
    for position, one in enumerate(others):
        one.position = position
    record_act(session, viewer, "field.move", field_id=field_id, by=by)


def remove_field(session: WriteSession, viewer: Viewer, field_id: int) -> None:
    """Show a field no more; what stands in it is kept for `restore_field`."""
    viewer.require_settings(NO_RIGHT)
    rows.fields_for_change(session)
    rows.custom_field_for_change(session, field_id).removed_at = utcnow()
    record_act(session, viewer, "field.remove", field_id=field_id)


def restore_field(session: WriteSession, viewer: Viewer, field_id: int) -> None:
    """Show a field again that was removed. Raises `Conflict` where another has its name by now."""
    viewer.require_settings(NO_RIGHT)
    rows.fields_for_change(session)
    row = rows.custom_field_for_change(session, field_id)
    _free_name(session, viewer, row.record_type, row.name, but=row)
    row.removed_at = None
    record_act(session, viewer, "field.restore", field_id=field_id)


def _free_name(
    session: WriteSession, viewer: Viewer, record_type: RecordType, given: str, *, but: CustomField | None = None
) -> str:
    """The name as it is kept. One that was given before files had a column of that name may stay."""
    name = " ".join(given.split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"A field needs a name of at most {LONGEST_NAME} characters.")
    taken = [field.name for field in STANDARD[record_type]]
    taken += [row.name for row in rows.custom_fields(session, viewer, record_type) if but is None or row.id != but.id]
    taken += HEADERS[record_type] if but is None or but.name != name else ()
    if name.casefold() in {one.casefold() for one in taken}:
        raise Conflict(f"There is a field {name} already: choose another name.")
    return name


def _choices(kind: FieldKind, given: Sequence[str]) -> list[str]:
    choices = list(dict.fromkeys(word for one in given if (word := " ".join(one.split())[:LONGEST_NAME])))
    if kind is not FieldKind.CHOICE:
        return []
    if not choices:
        raise UsageError("A choice needs words to choose from, one a line.")
    if len(choices) > MOST_CHOICES:
        raise UsageError(f"A choice has {MOST_CHOICES} words at most.")
    return choices
