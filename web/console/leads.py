"""Leads (Classic mode): the list and the board, one lead with its story, and moving it from stage to stage."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.records.leads import put_aside, take_up
from crm.records.on_behalf import change_lead, move_lead
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.views import LeadStageView, LeadView, RecordFilter
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.boards import back_to_card
from web.console.record_lists import list_shown
from web.console.record_page import story
from web.forms import RowId
from web.record_queries import shown_leads
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
PAGE = 100
IN_LANE, IN_END = 25, 8
"""Cards of a lane: ends grow for ever, and the list has the rest."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage of the board with its newest leads, and how many there are."""

    stage: LeadStageView
    leads: tuple[LeadView, ...]
    count: int


@router.get("/leads")
def lead_list(request: Request, me: Me, shape: str = "list", moved: RowId | None = None) -> Response:
    """Where each lead stands: those of one state or stage as a list, or all of them as a board."""
    with services_of(request).store.database.reading() as session:
        shown = list_shown(request, me, session, RecordType.LEAD, PAGE + 1)
        stages = lead_stages(session, me.viewer)
        if shape == "board":
            lanes = _lanes(session, me, stages, shown.wanted)
            return render(request, me, "leads/board.html", shown=shown, lanes=lanes, stages=stages, moved=moved)
        wanted = shown_leads(shown.wanted)
        rows = reading.leads(session, me.viewer, wanted)
    return render(
        request,
        me,
        "leads/list.html",
        shown=shown,
        rows=rows[:PAGE],
        stages=stages,
        state=wanted.lead_state,
        more_there=len(rows) > PAGE,
    )


@router.get("/leads/{lead_id}")
def lead_page(request: Request, me: Me, lead_id: RowId) -> Response:
    """One lead with everything that happened."""
    with services_of(request).store.database.reading() as session:
        lead = reading.lead(session, me.viewer, lead_id)
        stages = lead_stages(session, me.viewer)
    told = story(request, me, RecordType.LEAD, lead_id)
    return render(request, me, "leads/lead.html", lead=lead, stages=stages, **told)


@router.post("/leads/{lead_id}/stage")
def move(request: Request, me: Me, lead_id: RowId, stage: Annotated[RowId, Form()]) -> Response:
    """Put a lead into another stage; where that asks what becomes of it, ask."""
    me.viewer.require_write()
    database = services_of(request).store.database
    with database.reading() as session:
        target = next((each for each in lead_stages(session, me.viewer) if each.id == stage), None)
        lead = reading.lead(session, me.viewer, lead_id)
    converts = target is not None and target.kind is LeadState.CONVERTED
    if converts and target is not None and target.on_arrival is None and lead.state is LeadState.ACTIVE:
        return RedirectResponse(f"/leads/{lead_id}/convert?into={stage}", 303)
    with database.unit_of_work(Urgency.PERSON) as session:
        move_lead(session, me.viewer, lead_id, stage)
    return RedirectResponse(f"/leads/{lead_id}" if converts else back_to_card(request, "/leads", lead_id), 303)


@router.post("/leads/{lead_id}/junk")
def call_junk(request: Request, me: Me, lead_id: RowId) -> Response:
    """Put a lead aside that is worth nothing; its page takes it up again."""
    return _changed(request, me, lead_id, put_aside)


@router.post("/leads/{lead_id}/take-up")
def take_up_again(request: Request, me: Me, lead_id: RowId) -> Response:
    """Make a lead active again that was called junk."""
    return _changed(request, me, lead_id, take_up)


def _lanes(session: ReadSession, me: SignedIn, stages: list[LeadStageView], wanted: RecordFilter) -> list[Lane]:
    wanted = replace(wanted, stage_id=None, lead_state=None, before=None)
    counts = reading.lead_counts(session, me.viewer, wanted)
    lanes = []
    for stage in stages:
        limit = IN_LANE if stage.kind is LeadState.ACTIVE else IN_END
        here = replace(wanted, stage_id=stage.id, limit=limit)
        rows = reading.leads(session, me.viewer, here) if counts.get(stage.id) else []
        lanes.append(Lane(stage, tuple(rows), counts.get(stage.id, 0)))
    return lanes


def _changed(request: Request, me: SignedIn, lead_id: int, change: Callable[..., object]) -> Response:
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_lead(session, me.viewer, lead_id, change)
    return RedirectResponse(f"/leads/{lead_id}", 303)
