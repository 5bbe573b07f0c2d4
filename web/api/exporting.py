"""Records as files for programs: CSV, XLSX and PDF of what the lists' filters show. Guests read, and export nothing."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from crm.access.viewer import Viewer
from storage.models import RecordType
from web.api.callers import RecordReader
from web.api.record_filters import BY_FIELDS, OfAny, OfContacts, OfDeals, OfLeads, wanted_of
from web.exports import TYPES, FileForm, export
from web.routers import api_router
from web.signed_in import services_of

FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {kind.partition(";")[0]: {} for kind in TYPES.values()}}
}
router = api_router(tags=["records"], responses=FILES)
Form = Annotated[
    FileForm,
    Path(description="`csv` (UTF-8, formulas defused), `xlsx`, or `pdf` (to be printed: some columns, 2,000 rows)."),
]


@router.get("/contacts.{form}", response_class=Response, openapi_extra=BY_FIELDS)
def contacts(request: Request, viewer: RecordReader, form: Form, asked: Annotated[OfContacts, Depends()]) -> Response:
    """All contacts that the filter shows, as a file that can be imported again."""
    return _export(request, viewer, RecordType.CONTACT, form, asked)


@router.get("/companies.{form}", response_class=Response, openapi_extra=BY_FIELDS)
def companies(request: Request, viewer: RecordReader, form: Form, asked: Annotated[OfAny, Depends()]) -> Response:
    """All companies that the filter shows, as a file."""
    return _export(request, viewer, RecordType.COMPANY, form, asked)


@router.get("/leads.{form}", response_class=Response, openapi_extra=BY_FIELDS)
def leads(request: Request, viewer: RecordReader, form: Form, asked: Annotated[OfLeads, Depends()]) -> Response:
    """All leads that the filter shows, as a file."""
    return _export(request, viewer, RecordType.LEAD, form, asked)


@router.get("/deals.{form}", response_class=Response, openapi_extra=BY_FIELDS)
def deals(request: Request, viewer: RecordReader, form: Form, asked: Annotated[OfDeals, Depends()]) -> Response:
    """All deals that the filter shows, as a file."""
    return _export(request, viewer, RecordType.DEAL, form, asked)


def _export(request: Request, viewer: Viewer, kind: RecordType, form: FileForm, asked: OfAny) -> Response:
    store = services_of(request).store
    with store.database.reading() as session:
        wanted = wanted_of(request, session, viewer, kind, asked, paged=False)
    return export(store, viewer, kind, form, wanted)
