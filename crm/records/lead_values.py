"""What is written on a lead, written on what it becomes too: its tags, its notes, its further and its custom fields.

A custom field goes where the other kind of record has one of the same name that holds the same. A client that was known
keeps what stands on it, and gets what it has not. What somebody may not see of the lead, or not write there, stays behind.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.access.rights import Act
from crm.access.rights.repository import reaches
from crm.access.viewer import Viewer
from crm.records.fields.custom import editable_fields, fields_of
from crm.records.fields.editing import current_values, edit_record
from crm.records.fields.standard import ADDRESS, Field, ValueKind
from crm.records.fields.values import LONGEST_NOTES, MOST_TAGS, Value, is_empty
from crm.records.gone import Record
from storage.models import RecordType
from storage.sessions import ReadSession, WriteSession

Told = Sequence[tuple[Field, Value]]
"""Fields of a lead with what stands in them."""
SYSTEM = Viewer.system()


def fields_along(session: ReadSession, viewer: Viewer) -> list[Field]:
    """The fields of leads that the viewer sees and that go along with them."""
    return [field for field in fields_of(session, viewer, RecordType.LEAD) if _goes_along(field)]


def told_by(session: ReadSession, viewer: Viewer, lead_id: int, along: Sequence[str] | None = None) -> Told:
    """What the viewer sees of a lead that goes along with it (`along`: of these fields alone), without what is empty."""
    values = current_values(session, viewer, (RecordType.LEAD, lead_id))
    fields = (field for field in fields_along(session, viewer) if along is None or field.key in along)
    return [(field, values[field.key]) for field in fields if not is_empty(values[field.key])]


def filled_by_lead(
    session: ReadSession, viewer: Viewer, lead_id: int, kind: RecordType, more: Sequence[Field] = ()
) -> set[str]:
    """Keys of the fields of new records of a kind that a lead fills in by itself, with what is to be filled in of it first."""
    told = [*(field for field, _ in told_by(session, viewer, lead_id)), *more]
    there = editable_fields(session, viewer, kind)
    return {other.key for other in there if any(_same(field, other) for field in told)}


def write_on(session: WriteSession, viewer: Viewer, told: Told, records: Sequence[Record], made: set[Record]) -> None:
    """Write it on the records: on those that were `made` of the lead, and on others that the viewer may change."""
    for record in records if told else ():
        if record not in made and not reaches(session, viewer, Act.EDIT, record):
            continue
        there = [field for field in editable_fields(session, viewer, record[0]) if _goes_along(field)]
        wanted = _wanted(told, there, current_values(session, SYSTEM, record))
        if wanted:
            # Whoever hands over what was made may not reach it any more; each field was asked for above.
            edit_record(session, SYSTEM if record in made else viewer, record, wanted)


def _goes_along(field: Field) -> bool:
    return field.custom_id is not None or field.further or field.key in ("tags", "notes", "position")


def _wanted(told: Told, there: Sequence[Field], values: Mapping[str, Value]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for field, value in _without_second_address(told, values):
        other = next((one for one in there if _same(field, one)), None)
        if other is not None:
            both = _both(other, values[other.key], value)
            if both != values[other.key]:
                wanted[other.key] = both
    return wanted


def _without_second_address(told: Told, values: Mapping[str, Value]) -> Told:
    """Half of each of two addresses is none: where there is any, it stays."""
    is_known = any(values.get(part) for part in ADDRESS)
    return [(field, value) for field, value in told if not (is_known and field.key in ADDRESS)]


def _same(field: Field, other: Field) -> bool:
    """Whether two fields say the same of different kinds of record."""
    custom = (field.custom_id is None) == (other.custom_id is None)
    return (
        custom
        and field.name.casefold() == other.name.casefold()
        and (field.kind, field.currency) == (other.kind, other.currency)
    )


def _both(field: Field, there: Value, value: Value) -> Value:
    """What stands there, and what the lead adds to it, as far as there is room."""
    if isinstance(value, list):
        return list(dict.fromkeys([*(there if isinstance(there, list) else ()), *value]))[:MOST_TAGS]
    if is_empty(there):
        return there if field.choices and value not in field.choices else value
    if field.kind is ValueKind.LONG_TEXT and field.custom_id is None and str(value) not in str(there):
        both = f"{there}\n\n{value}"
        return both if len(both) <= LONGEST_NOTES else there
    return there
