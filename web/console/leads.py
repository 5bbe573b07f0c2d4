"""Leads (Classic mode): the list and the board, one lead with its story, and moving it from stage to stage."""

from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import Response

from crm.records.repository import reading
from crm.records.repository.conversion import known_contact
from crm.records.repository.duplicates import proposed_beside
from crm.records.repository.lead_stages import lead_stages
from crm.records.views import LeadStageView, LeadView, RecordFilter
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession
from web.console.duplicates import proposed_groups
from web.console.record_lists import list_shown
from web.console.record_page import story
from web.forms import RowId
from web.record_queries import shown_leads
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
PAGE = 100
MOST_ALIKE = 5
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
        duplicates = proposed_groups(session, me.viewer, RecordType.LEAD)
    return render(
        request,
        me,
        "leads/list.html",
        shown=shown,
        rows=rows[:PAGE],
        stages=stages,
        state=wanted.lead_state,
        duplicates=duplicates,
        more_there=len(rows) > PAGE,
    )


@router.get("/leads/{lead_id}")
def lead_page(request: Request, me: Me, lead_id: RowId) -> Response:
    """One lead with everything that happened."""
    with services_of(request).store.database.reading() as session:
        lead = reading.lead(session, me.viewer, lead_id)
        stages = lead_stages(session, me.viewer)
        is_open = lead.state is LeadState.ACTIVE
        nobody_yet = is_open and lead.contact is None and lead.company is None
        client = known_contact(session, me.viewer, lead_id) if nobody_yet else None
        alike = proposed_beside(session, me.viewer, (RecordType.LEAD, lead_id), MOST_ALIKE) if is_open else []
    told = story(request, me, RecordType.LEAD, lead_id)
    return render(request, me, "leads/lead.html", lead=lead, stages=stages, client=client, alike=alike, **told)


def _lanes(session: ReadSession, me: SignedIn, stages: list[LeadStageView], wanted: RecordFilter) -> list[Lane]:
    wanted = replace(wanted, stage_id=None, lead_state=None, before=None)
    counts = reading.lead_counts(session, me.viewer, wanted)
    most = {stage.id: IN_LANE if stage.kind is LeadState.ACTIVE else IN_END for stage in stages if stage.id in counts}
    shown = reading.leads_of_stages(session, me.viewer, wanted, most)
    return [Lane(stage, tuple(shown.get(stage.id, ())), counts.get(stage.id, 0)) for stage in stages]
