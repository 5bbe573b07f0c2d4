"""Changing records over the API, field by field; which fields there are; and what was changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Body, Request

from core.errors import UsageError
from core.versions import version_of
from crm.access.rights import Act
from crm.access.rights.repository import reaches
from crm.access.viewer import Viewer
from crm.records.fields.custom import fields_of
from crm.records.fields.editing import current_values, edit_record
from crm.records.fields.history import Edit, FieldChange, history_of
from crm.records.fields.standard import STANDARD, Field, ValueKind
from crm.records.fields.values import Value
from crm.records.repository.fields import NAMED, Record, names
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing, after_id, id_behind
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])
Changes = Annotated[
    dict[str, Any],
    Body(
        description="New values by key of the field; what is not named stays. Keys and kinds: `GET /fields/{record_type}`. "
        "With the `version` that was read they are refused (409) where somebody else changed the record meanwhile.",
        examples=[{"name": "Anna Kowalska", "emails": ["anna@client.example"], "field_12": "2026-12-01"}],
    ),
]
VERSION = "version"
OTHER_RECORDS = (ValueKind.CONTACT, ValueKind.COMPANY)


@dataclass(frozen=True, slots=True)
class NamedValue:
    """Another record, as the value of a field."""

    id: int
    name: str


Told = dict[str, Value | NamedValue]


@router.get("/fields/{record_type}")
def fields(request: Request, viewer: RecordReader, record_type: RecordType) -> list[Field]:
    """The fields of one kind of record, standard ones first."""
    with services_of(request).store.database.reading() as session:
        return list(fields_of(session, viewer, record_type))


@router.get("/history/{record_type}/{record_id}")
def history(
    request: Request,
    viewer: RecordReader,
    record_type: RecordType,
    record_id: RowId,
    after: After = None,
    limit: Limit = 50,
) -> Listing[Edit]:
    """Who changed what on a record, newest first."""
    with services_of(request).store.database.reading() as session:
        current_values(session, viewer, (record_type, record_id))
        edits = history_of(session, viewer, (record_type, record_id), before=after_id(after), limit=limit)
    told = [replace(edit, changes=tuple(map(_change_told, edit.changes))) for edit in edits]
    return Listing(items=told, next=id_behind(edits, limit))


@router.patch("/contacts/{record_id}")
def change_contact(request: Request, viewer: RecordWriter, record_id: RowId, changes: Changes) -> Told:
    """Change fields of a contact, all or none; what stands in every field then."""
    return _change(request, viewer, (RecordType.CONTACT, record_id), changes)


@router.patch("/companies/{record_id}")
def change_company(request: Request, viewer: RecordWriter, record_id: RowId, changes: Changes) -> Told:
    """Change fields of a company, all or none; what stands in every field then."""
    return _change(request, viewer, (RecordType.COMPANY, record_id), changes)


@router.patch("/leads/{record_id}")
def change_lead(request: Request, viewer: RecordWriter, record_id: RowId, changes: Changes) -> Told:
    """Change fields of a lead, all or none; what stands in every field then. Its state is changed by convert and junk."""
    return _change(request, viewer, (RecordType.LEAD, record_id), changes)


@router.patch("/deals/{record_id}")
def change_deal(request: Request, viewer: RecordWriter, record_id: RowId, changes: Changes) -> Told:
    """Change fields of a deal, all or none; what stands in every field then. It is moved by `POST …/stage`."""
    return _change(request, viewer, (RecordType.DEAL, record_id), changes)


def _change(request: Request, viewer: RecordWriter, record: Record, changes: dict[str, Any]) -> Told:
    """What stands in every field then, and the new version; of a record that was given out of the viewer's sight only what was
    changed."""
    wanted = {key: value for key, value in changes.items() if key != VERSION}
    version = changes.get(VERSION)
    if not isinstance(version, str | None):
        raise UsageError("The version is the text that reading the record told.")
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        made = edit_record(session, viewer, record, wanted, version=version)
        if reaches(session, viewer, Act.SEE, record):
            values = current_values(session, viewer, record)
            return _told(session, viewer, record[0], values) | {VERSION: version_of(values)}
        return _told(session, viewer, record[0], {key: after for key, (_, after) in made.items()})


def _change_told(change: FieldChange) -> FieldChange:
    """The same without the number of a record whose name the viewer may not know."""
    if change.field.kind not in OTHER_RECORDS:
        return change
    return replace(
        change, before=change.before if change.before_name else None, after=change.after if change.after_name else None
    )


def _told(session: ReadSession, viewer: Viewer, kind: RecordType, values: Mapping[str, Value]) -> Told:
    """The values with records by id and name; of one that the viewer may not know of, nothing."""
    told: Told = dict(values)
    for field in STANDARD[kind]:
        number = values.get(field.key)
        if field.kind in OTHER_RECORDS and isinstance(number, int):
            named = names(session, viewer, NAMED[field.kind], [number])
            told[field.key] = NamedValue(number, named[number]) if number in named else None
    return told
