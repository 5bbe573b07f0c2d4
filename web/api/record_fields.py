"""Changing records over the API, field by field; which fields there are; and what was changed."""

from typing import Annotated, Any

from fastapi import Body, Request

from crm.access.rights import Act
from crm.access.rights.repository import reaches
from crm.records.fields.custom import fields_of
from crm.records.fields.editing import current_values, edit_record
from crm.records.fields.history import Edit, history_of
from crm.records.fields.standard import Field
from crm.records.fields.values import Value
from crm.records.repository.fields import Record
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing, after_id
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])
Changes = Annotated[
    dict[str, Any],
    Body(
        description="New values by key of the field; what is not named stays. Keys and kinds: `GET /fields/{record_type}`.",
        examples=[{"name": "Anna Kowalska", "emails": ["anna@client.example"], "field_12": "2026-12-01"}],
    ),
]


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
    return Listing(items=edits, next=str(edits[-1].id) if len(edits) == limit else None)


@router.patch("/contacts/{record_id}")
def change_contact(request: Request, viewer: RecordWriter, record_id: RowId, changes: Changes) -> dict[str, Value]:
    """Change fields of a contact, all or none; what stands in every field then."""
    return _change(request, viewer, (RecordType.CONTACT, record_id), changes)


@router.patch("/companies/{record_id}")
def change_company(request: Request, viewer: RecordWriter, record_id: RowId, changes: Changes) -> dict[str, Value]:
    """Change fields of a company, all or none; what stands in every field then."""
    return _change(request, viewer, (RecordType.COMPANY, record_id), changes)


@router.patch("/leads/{record_id}")
def change_lead(request: Request, viewer: RecordWriter, record_id: RowId, changes: Changes) -> dict[str, Value]:
    """Change fields of a lead, all or none; what stands in every field then. Its state is changed by convert and junk."""
    return _change(request, viewer, (RecordType.LEAD, record_id), changes)


@router.patch("/deals/{record_id}")
def change_deal(request: Request, viewer: RecordWriter, record_id: RowId, changes: Changes) -> dict[str, Value]:
    """Change fields of a deal, all or none; what stands in every field then. It is moved by `POST …/stage`."""
    return _change(request, viewer, (RecordType.DEAL, record_id), changes)


def _change(request: Request, viewer: RecordWriter, record: Record, changes: dict[str, Any]) -> dict[str, Value]:
    """What stands in every field then; of a record that was given out of the viewer's sight only what was changed."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        made = edit_record(session, viewer, record, changes)
        if reaches(session, viewer, Act.SEE, record):
            return current_values(session, viewer, record)
        return {key: after for key, (_, after) in made.items()}
