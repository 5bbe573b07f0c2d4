"""Converting one lead by hand: whom it may be, what it becomes, and who looks after that."""

from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from core.errors import UsageError
from crm.access import repository as people
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.records import on_behalf
from crm.records.fields.editing import edit_record
from crm.records.modes import Client
from crm.records.outcomes import Conversion
from crm.records.repository import reading
from crm.records.repository.proposals import proposal
from crm.records.repository.teams import teams
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.choosing import chooser, settled_or_refused
from web.console.conversion_fields import asked_for, chosen_stage, open_stages, typed_values
from web.console.stage_moves import Sent
from web.forms import RowId, row_id
from web.forms import amount as amount_typed
from web.receivers import receiver
from web.refused_forms import typed_again
from web.rendering import render_overlay, render_piece
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
NEW, NONE, KNOWN = "new", "none", "known"
KNOWN_CLIENTS = {"known_contact": RecordType.CONTACT, "known_company": RecordType.COMPANY}
"""The fields in which clients are chosen whom nothing of the lead tells of."""


@router.get("/leads/{lead_id}/convert")
def form(request: Request, me: Me, lead_id: RowId, into: RowId | None = None) -> Response:
    """What can become of a lead; it asks for what is not known yet."""
    me.viewer.require_write()
    typed = typed_again(request)
    with services_of(request).store.database.reading() as session:
        require(session, me.viewer, Act.EDIT, (RecordType.LEAD, lead_id))
        lead = reading.lead(session, me.viewer, lead_id)
        stages = open_stages(reading.pipelines(session, me.viewer))
        stage = chosen_stage(stages, row_id(typed.get("stage", "")))
        context: dict[str, Any] = {
            "lead": lead,
            "known": proposal(session, me.viewer, lead_id),
            "choosers": {
                kind.value: chooser(session, me, kind, name, f"A {kind.value} you know", typed)
                for name, kind in KNOWN_CLIENTS.items()
            },
            "stages": stages,
            "stage": stage,
            "asked": asked_for(session, me, lead, into, stage, typed),
            "colleagues": people.people(session, me.viewer),
            "teams": teams(session, me.viewer),
        }
    return render_overlay(request, me, "leads/_convert.html", into=into, **context)


@router.get("/leads/{lead_id}/convert/fields")
def fields(request: Request, me: Me, lead_id: RowId, into: RowId | None = None, stage: RowId | None = None) -> Response:
    """What another stage of the deal requires: a part of the form."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        require(session, me.viewer, Act.EDIT, (RecordType.LEAD, lead_id))
        lead = reading.lead(session, me.viewer, lead_id)
        chosen = chosen_stage(open_stages(reading.pipelines(session, me.viewer)), stage)
        asked = asked_for(session, me, lead, into, chosen, request.query_params)
    return HTMLResponse(render_piece(request, me, "leads/_convert_fields.html", asked=asked, stage=chosen, lead=lead))


@router.post("/leads/{lead_id}/convert")
def convert(
    request: Request,
    me: Me,
    lead_id: RowId,
    sent: Sent,
    contact: Annotated[str, Form()] = NONE,
    company: Annotated[str, Form()] = NONE,
    contact_name: Annotated[str, Form()] = "",
    company_name: Annotated[str, Form()] = "",
    deal: Annotated[bool, Form()] = False,
    title: Annotated[str, Form()] = "",
    amount: Annotated[str, Form()] = "",
    stage: Annotated[str, Form()] = "",
    responsible: Annotated[str, Form()] = "",
    into: Annotated[str, Form()] = "",
) -> Response:
    """Turn a lead into client and deal, and show what came of it."""
    person, team = receiver(responsible)
    database = services_of(request).store.database
    with database.reading() as session:
        currency = reading.lead(session, me.viewer, lead_id).currency or me.currency
        kinds = (RecordType.LEAD, RecordType.DEAL)
        contact, company = _named(session, me, sent, contact, company)
        of_lead, of_deal = (typed_values(session, me, kind, sent, currency) for kind in kinds)
    how = Conversion(
        _client(contact, company),
        deal,
        contact_id=_chosen(contact),
        company_id=_chosen(company),
        anew=True,
        contact_name=contact_name,
        company_name=company_name,
        stage_id=row_id(stage),
        title=title.strip(),
        amount=amount_typed(amount, currency, me) if amount.strip() or "amount" not in of_lead else None,
        currency=currency,
        responsible_id=person,
        team=team,
        values={"deal": of_deal} if deal and of_deal else {},
    )
    with database.unit_of_work(Urgency.PERSON) as session:
        if of_lead:
            edit_record(session, me.viewer, (RecordType.LEAD, lead_id), of_lead)
        on_behalf.convert(session, me.viewer, lead_id, how, into=row_id(into))
    return RedirectResponse(f"/leads/{lead_id}", 303)


@router.post("/leads/{lead_id}/client")
def name_client(request: Request, me: Me, lead_id: RowId, contact: Annotated[RowId | None, Form()] = None) -> Response:
    """Say that a lead is a known client's, or without one that it is nobody's who is known."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        on_behalf.name_client(session, me.viewer, lead_id, contact)
    return RedirectResponse(f"/leads/{lead_id}", 303)


def _named(session: ReadSession, me: SignedIn, sent: FormData, contact: str, company: str) -> tuple[str, str]:
    """The clients with the ids of those whose names were typed. Raises `UsageError`."""
    said = dict(zip(KNOWN_CLIENTS, (contact, company), strict=True))
    kinds = {name: kind for name, kind in KNOWN_CLIENTS.items() if said[name] == KNOWN}
    typed = settled_or_refused(session, me, {name: str(sent[name]) for name in sent}, kinds)
    for name, kind in kinds.items():
        if not typed.get(name):
            raise UsageError(f"Which {kind.value} do you know? Type a name, or choose another answer.")
        said[name] = typed[name]
    return said["known_contact"], said["known_company"]


def _client(contact: str, company: str) -> Client | None:
    if contact != NONE and company != NONE:
        return Client.BOTH
    if contact != NONE:
        return Client.CONTACT
    return Client.COMPANY if company != NONE else None


def _chosen(client: str) -> int | None:
    """The known client that was chosen; None for a new one, or none."""
    number = row_id(client)
    if number is None and client not in (NEW, NONE):
        raise UsageError("That is no client: choose one from the list, a new one, or none.")
    return number
