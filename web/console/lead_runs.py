"""What is done to many leads at once: converted or called junk as ticked in the list, with progress, what is left, and undo."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.access.repository import people
from crm.records import lead_runs
from crm.records.fields.custom import fields_of
from crm.records.modes import Client
from crm.records.repository import lead_runs as rows
from crm.records.repository import reading
from crm.records.repository.filtering import ids_matching
from crm.records.repository.lead_runs import Choices
from crm.records.repository.teams import teams
from crm.records.views import Named
from storage.models import LeadAct, RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.forms import RowId, row_id
from web.receivers import receiver
from web.record_queries import canonical, filters_of, read_filter, shown_leads
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router(prefix="/leads")
MOST_NAMED = 20


@router.post("/many/convert")
def ask_how(
    request: Request,
    me: Me,
    ids: Annotated[list[str] | None, Form(alias="id")] = None,
    everything: Annotated[bool, Form(alias="all")] = False,
    query: Annotated[str, Form()] = "",
) -> Response:
    """What the ticked leads shall become."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        chosen = _shown(session, me, query) if everything else _ids(ids)
        pipelines = reading.pipelines(session, me.viewer)
        leads = reading.names_of(session, me.viewer, [(RecordType.LEAD, each) for each in chosen])
        who = {"colleagues": people(session, me.viewer), "teams": teams(session, me.viewer)}
    return render_overlay(request, me, "leads/_convert_many.html", leads=leads, pipelines=pipelines, **who)


@router.post("/many")
def begin(
    request: Request,
    me: Me,
    act: Annotated[LeadAct, Form()],
    ids: Annotated[list[str] | None, Form(alias="id")] = None,
    everything: Annotated[bool, Form(alias="all")] = False,
    query: Annotated[str, Form()] = "",
    client: Annotated[Client | None, Form()] = None,
    deal: Annotated[bool, Form()] = False,
    pipeline_id: Annotated[str, Form()] = "",
    activities: Annotated[str, Form()] = "keep",
    responsible: Annotated[str, Form()] = "",
) -> Response:
    """Do it to the first few at once, and have the rest done; then show how far it is."""
    choices = Choices(client, row_id(pipeline_id), activities == "complete", deal, *receiver(responsible))
    store = services_of(request).store
    with store.database.reading() as session:
        chosen = _shown(session, me, query) if everything else _ids(ids)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        number = lead_runs.begin(session, me.viewer, act, chosen, choices)
    lead_runs.do_some(store, number, Urgency.PERSON)
    return RedirectResponse(f"/leads/runs/{number}", 303)


@router.get("/runs/{number}")
def page(request: Request, me: Me, number: RowId) -> Response:
    """How far something is that is done to many leads, and what came of it."""
    with services_of(request).store.database.reading() as session:
        run = rows.run(session, me.viewer, number)
        left = _names(session, me, run)
    return render(request, me, "leads/run.html", part="leads/_run.html", run=run, left=left)


@router.post("/runs/{number}/undo")
def undo(request: Request, me: Me, number: RowId) -> Response:
    """Take up again what was called junk."""
    store = services_of(request).store
    with store.database.unit_of_work(Urgency.PERSON) as session:
        back = lead_runs.undo(session, me.viewer, number)
    lead_runs.do_some(store, back, Urgency.PERSON)
    return RedirectResponse(f"/leads/runs/{back}", 303)


@router.post("/runs/{number}/stop")
def stop(request: Request, me: Me, number: RowId) -> Response:
    """End it where it is."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        lead_runs.stop(session, me.viewer, number)
    return RedirectResponse(f"/leads/runs/{number}", 303)


def _names(session: ReadSession, me: SignedIn, run: rows.Run) -> list[tuple[Named, str]]:
    """The leads to which it could not be done, as far as they are still there, each with the reason."""
    why = {refused.id: refused.why for refused in run.left[:MOST_NAMED]}
    named = reading.names_of(session, me.viewer, [(RecordType.LEAD, lead_id) for lead_id in why])
    return [(each, why[each.id]) for each in named]


def _shown(session: ReadSession, me: SignedIn, query: str) -> list[int]:
    """All that the filter of the list shows, one more than may be chosen at most."""
    filters = filters_of(RecordType.LEAD, fields_of(session, me.viewer, RecordType.LEAD))
    asked = canonical(dict(parse_qsl(query)), filters, me.formats)
    wanted = read_filter(asked, filters, me=me.id, zone=zone_of(me), limit=lead_runs.MOST_CHOSEN + 1)
    return ids_matching(session, me.viewer, RecordType.LEAD, shown_leads(wanted))


def _ids(given: list[str] | None) -> list[int]:
    chosen = [row_id(each) for each in given or ()]
    if None in chosen:
        raise UsageError("That is no lead: choose some from the list.")
    return [each for each in chosen if each is not None]
