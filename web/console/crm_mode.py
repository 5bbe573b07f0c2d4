"""Simple or Classic: what becomes of strangers' mail, and of the leads that there are."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.records.modes import Client, CrmMode, Mode, change_repeat, read_mode
from crm.records.repository import reading
from crm.records.repository.conversion import active_leads
from crm.records.repository.lead_runs import Choices, Run, last_change_of_mode
from crm.records.switching import change_mode
from storage.writer_lock import Urgency
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/settings/crm")


@router.get("")
def mode_page(request: Request, me: Me) -> Response:
    """Both modes in words that say what they mean, what a change would do, and how far the last one is."""
    with services_of(request).store.database.reading() as session:
        mode = read_mode(session)
        active = active_leads(session)
        switch = last_change_of_mode(session)
        pipelines = reading.pipelines(session, me.viewer)
    return render(
        request, me, "settings/crm.html", mode=mode, active=active, pipelines=pipelines, switch=_shown(mode, switch)
    )


@router.get("/progress")
def progress(request: Request, me: Me) -> Response:
    """How far the conversion of leads is; the whole page anew once the mode was changed back."""
    with services_of(request).store.database.reading() as session:
        switch = _shown(read_mode(session), last_change_of_mode(session))
    if switch is None:
        return Response(headers={"HX-Refresh": "true"})
    return render(request, me, "settings/_mode_progress.html", switch=switch)


@router.post("")
def change(
    request: Request,
    me: Me,
    mode: Annotated[Mode, Form()],
    client: Annotated[Client, Form()] = Client.CONTACT,
    pipeline_id: Annotated[RowId | None, Form()] = None,
    activities: Annotated[str, Form()] = "keep",
    convert: Annotated[bool, Form()] = False,
) -> Response:
    """Put another mode in force. Active leads become clients and deals with the change to Simple, which may take a while; those
    that are left in Simple mode only when asked for (`convert`)."""
    choices = Choices(client, pipeline_id, complete_activities=activities == "complete")
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_mode(session, me.viewer, mode, choices, convert=convert)
    return RedirectResponse("/settings/crm", 303)


@router.post("/repeat")
def repeat(request: Request, me: Me, on: Annotated[bool, Form()] = False) -> Response:
    """Whether clients who write again get repeat deals and leads."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_repeat(session, me.viewer, on=on)
    return RedirectResponse("/settings/crm", 303)


def _shown(mode: CrmMode, switch: Run | None) -> Run | None:
    """The last change, while what it did is what is in force."""
    return None if mode.is_classic else switch
