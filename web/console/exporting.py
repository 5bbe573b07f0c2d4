"""What the lists show, as files: each route takes what its list takes."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import LeadState, RecordType
from web.exports import FileForm, export
from web.signed_in import Me, services_of

router = APIRouter()


@router.get("/contacts.{form}")
def contacts(request: Request, me: Me, form: FileForm, words: str = "", mine: bool = False) -> Response:
    """Contacts."""
    wanted = RecordFilter(words=words, responsible_id=me.id if mine else None)
    return export(services_of(request).store, me.viewer, RecordType.CONTACT, form, wanted)


@router.get("/companies.{form}")
def companies(request: Request, me: Me, form: FileForm, words: str = "", mine: bool = False) -> Response:
    """Companies."""
    wanted = RecordFilter(words=words, responsible_id=me.id if mine else None)
    return export(services_of(request).store, me.viewer, RecordType.COMPANY, form, wanted)


@router.get("/leads.{form}")
def leads(request: Request, me: Me, form: FileForm, state: LeadState = LeadState.ACTIVE, words: str = "") -> Response:
    """Leads of one state."""
    wanted = RecordFilter(words=words, lead_state=state)
    return export(services_of(request).store, me.viewer, RecordType.LEAD, form, wanted)


@router.get("/deals.{form}")
def deals(
    request: Request, me: Me, form: FileForm, words: str = "", mine: bool = False, pipeline: int | None = None
) -> Response:
    """Deals of one pipeline; of the first one, as the board, where none is named."""
    store = services_of(request).store
    with store.database.reading() as session:
        known = [one.id for one in reading.pipelines(session, me.viewer)]
    shown = pipeline if pipeline in known else next(iter(known), None)
    wanted = RecordFilter(words=words, responsible_id=me.id if mine else None, pipeline_id=shown)
    return export(store, me.viewer, RecordType.DEAL, form, wanted)
