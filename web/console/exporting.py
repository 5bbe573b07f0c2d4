"""What the lists show, as files: each route takes what its list takes."""

from collections.abc import Callable
from dataclasses import replace

from fastapi import Request
from fastapi.responses import Response

from crm.records.views import RecordFilter
from storage.models import RecordType
from web.console.record_lists import list_shown
from web.exports import NAMES, FileForm, Reader, export
from web.forms import RowId
from web.record_queries import shown_leads, shown_pipeline
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()


@router.get("/contacts.{form}")
def contacts(request: Request, me: Me, form: FileForm) -> Response:
    """Contacts."""
    return _export(request, me, RecordType.CONTACT, form)


@router.get("/companies.{form}")
def companies(request: Request, me: Me, form: FileForm) -> Response:
    """Companies."""
    return _export(request, me, RecordType.COMPANY, form)


@router.get("/leads.{form}")
def leads(request: Request, me: Me, form: FileForm, shape: str = "list") -> Response:
    """Leads of one state or stage; all of them from the board."""
    return _export(request, me, RecordType.LEAD, form, lambda wanted: shown_leads(wanted, board=shape == "board"))


@router.get("/deals.{form}")
def deals(request: Request, me: Me, form: FileForm, pipeline: RowId | None = None) -> Response:
    """Deals of one pipeline; of the first one, as the board, where none is named."""
    with services_of(request).store.database.reading() as session:
        shown = shown_pipeline(session, me.viewer, pipeline)
    return _export(request, me, RecordType.DEAL, form, lambda wanted: replace(wanted, pipeline_id=shown))


def _export(
    request: Request,
    me: SignedIn,
    kind: RecordType,
    form: FileForm,
    as_listed: Callable[[RecordFilter], RecordFilter] = lambda wanted: wanted,
) -> Response:
    """The whole list, from wherever its page begins; `as_listed` is what the list makes of its address."""
    store = services_of(request).store
    with store.database.reading() as session:
        shown = list_shown(request, me, session, kind, 1)
    title = f"{NAMES[kind]}: {shown.opened.name}" if shown.opened else ""
    reader = Reader(me.name, zone_of(me), title, me.formats)
    return export(store, me.viewer, kind, form, replace(as_listed(shown.wanted), before=None), reader)
