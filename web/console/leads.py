"""Leads (Classic mode): who might become a client, and turning them into one."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.records.conversions import Conversion, convert_lead
from crm.records.leads import put_aside, take_up
from crm.records.modes import Client
from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import LeadState, RecordType
from storage.writer_lock import Urgency
from web.console.record_page import story
from web.rendering import render
from web.signed_in import Me, services_of

router = APIRouter()
PAGE = 100


@router.get("/leads")
def lead_list(request: Request, me: Me, state: LeadState = LeadState.ACTIVE, words: str = "") -> Response:
    """Leads of one state, newest first."""
    with services_of(request).store.database.reading() as session:
        rows = reading.leads(session, me.viewer, RecordFilter(words=words, lead_state=state, limit=PAGE))
    return render(request, me, "leads/index.html", rows=rows, state=state, words_asked=words)


@router.get("/leads/{lead_id}")
def lead_page(request: Request, me: Me, lead_id: int) -> Response:
    """One lead with everything that happened."""
    with services_of(request).store.database.reading() as session:
        lead = reading.lead(session, me.viewer, lead_id)
    return render(request, me, "leads/lead.html", lead=lead, **story(request, me, RecordType.LEAD, lead_id))


@router.post("/leads/{lead_id}/convert")
def convert(
    request: Request,
    me: Me,
    lead_id: int,
    client: Annotated[Client, Form()] = Client.CONTACT,
    deal: Annotated[bool, Form()] = False,
) -> Response:
    """Turn a lead into client and deal, and show what came of it."""
    me.viewer.require_write()
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        made = convert_lead(session, lead_id, Conversion(client, deal), user_id=me.id)
    if made.deal_id is not None:
        return RedirectResponse(f"/deals/{made.deal_id}", 303)
    if made.contact_id is not None:
        return RedirectResponse(f"/contacts/{made.contact_id}", 303)
    return RedirectResponse(f"/companies/{made.company_id}", 303)


@router.post("/leads/{lead_id}/junk")
def call_junk(request: Request, me: Me, lead_id: int) -> Response:
    """Put a lead aside that is worth nothing; its page takes it up again."""
    return _changed(request, me, lead_id, put_aside)


@router.post("/leads/{lead_id}/take-up")
def take_up_again(request: Request, me: Me, lead_id: int) -> Response:
    """Make a lead active again that was called junk."""
    return _changed(request, me, lead_id, take_up)


def _changed(request: Request, me: Me, lead_id: int, change: Callable[..., object]) -> Response:
    me.viewer.require_write()
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change(session, lead_id, user_id=me.id)
    return RedirectResponse(f"/leads/{lead_id}", 303)
