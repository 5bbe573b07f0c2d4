"""Records as files for programs: CSV, XLSX and PDF of what the lists' filters show. Guests read, and export nothing."""

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import Response

from crm.records.views import RecordFilter
from storage.models import LeadState, RecordType
from web.api.callers import RecordReader
from web.exports import TYPES, FileForm, export
from web.forms import RowId
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


@router.get("/contacts.{form}", response_class=Response)
def contacts(request: Request, viewer: RecordReader, form: Form, words: str = "") -> Response:
    """All contacts that `words` find, as a file that can be imported again."""
    return export(services_of(request).store, viewer, RecordType.CONTACT, form, RecordFilter(words=words))


@router.get("/companies.{form}", response_class=Response)
def companies(request: Request, viewer: RecordReader, form: Form, words: str = "") -> Response:
    """All companies that `words` find, as a file."""
    return export(services_of(request).store, viewer, RecordType.COMPANY, form, RecordFilter(words=words))


@router.get("/leads.{form}", response_class=Response)
def leads(
    request: Request, viewer: RecordReader, form: Form, state: LeadState | None = None, words: str = ""
) -> Response:
    """All leads of a state that `words` find, as a file."""
    wanted = RecordFilter(words=words, lead_state=state)
    return export(services_of(request).store, viewer, RecordType.LEAD, form, wanted)


@router.get("/deals.{form}", response_class=Response)
def deals(
    request: Request, viewer: RecordReader, form: Form, words: str = "", contact_id: RowId | None = None
) -> Response:
    """All deals that `words` find, or those of a contact, as a file."""
    wanted = RecordFilter(words=words, contact_id=contact_id)
    return export(services_of(request).store, viewer, RecordType.DEAL, form, wanted)
