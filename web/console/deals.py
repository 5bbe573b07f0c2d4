"""Deals: the board and the list, one deal with its story, and moving it from stage to stage."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.conversations.repository.messages import message_view
from crm.records.deals import change_stage, create_deal
from crm.records.products.lines import deal_lines
from crm.records.repository import reading
from crm.records.views import DealView, RecordFilter, StageView
from storage.models import RecordType, StageKind
from storage.writer_lock import Urgency
from web.console.boards import back_to_card
from web.console.record_lists import list_shown
from web.console.record_page import story
from web.forms import RowId, cents, row_id
from web.rendering import render, render_overlay
from web.signed_in import Me, services_of

router = APIRouter()
MOST = 500
CLOSED_SHOWN = 8
"""Won and lost lanes grow for ever; the board shows the newest."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage of the board with its deals; `sums` by currency, over all of them."""

    stage: StageView
    deals: tuple[DealView, ...]
    count: int
    sums: tuple[tuple[str, int], ...]


@router.get("/deals")
def deal_board(
    request: Request,
    me: Me,
    shape: str = "board",
    mine: bool = False,
    pipeline: RowId | None = None,
    moved: RowId | None = None,
) -> Response:
    """Where each deal stands."""
    with services_of(request).store.database.reading() as session:
        pipelines = reading.pipelines(session, me.viewer)
        opened = next((one for one in pipelines if one.id == pipeline), pipelines[0] if pipelines else None)
        shown = list_shown(request, me, session, RecordType.DEAL, MOST)
        deals = reading.deals(session, me.viewer, replace(shown.wanted, pipeline_id=opened.id if opened else None))
    lanes = [_lane(stage, deals) for stage in opened.stages] if opened else []
    return render(
        request,
        me,
        "deals/list.html" if shape == "list" else "deals/board.html",
        lanes=lanes,
        deals=deals,
        pipelines=pipelines,
        pipeline=opened,
        shown=shown,
        chosen={"shape": shape, "mine": mine},
        moved=moved,
        more_there=False,
    )


@router.get("/deals/new")
def deal_form(request: Request, me: Me, message: RowId | None = None, contact: RowId | None = None) -> Response:
    """The form of a new deal, filled in from a mail where there is one."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        title = message_view(session, me.viewer, message).subject if message else ""
        sender = message_view(session, me.viewer, message).from_address if message else ""
        known = [one for one in reading.find_by_address(session, me.viewer, sender) if one.type is RecordType.CONTACT]
        contacts = reading.contacts(session, me.viewer, RecordFilter(limit=1000))
    chosen = contact or (known[0].id if known else None)
    return render_overlay(request, me, "deals/_form.html", title=title, contacts=contacts, chosen=chosen)


@router.post("/deals")
def new_deal(
    request: Request,
    me: Me,
    title: Annotated[str, Form()],
    amount: Annotated[str, Form()] = "",
    contact: Annotated[str, Form()] = "",
) -> Response:
    """Add a deal in the first stage and show it."""
    me.viewer.require_write()
    contact_id = row_id(contact)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        company = reading.contact(session, me.viewer, contact_id).company if contact_id else None
        deal_id = create_deal(
            session,
            title,
            contact_id=contact_id,
            company_id=company.id if company else None,
            amount=cents(amount),
            responsible_id=me.id,
            source="by hand",
        )
    return RedirectResponse(f"/deals/{deal_id}", 303)


@router.get("/deals/{deal_id}")
def deal_page(request: Request, me: Me, deal_id: RowId) -> Response:
    """One deal with everything that happened."""
    with services_of(request).store.database.reading() as session:
        deal = reading.deal(session, me.viewer, deal_id)
        pipelines = reading.pipelines(session, me.viewer)
        made_of = deal_lines(session, me.viewer, deal_id)
    stages = next((one.stages for one in pipelines if one.id == deal.pipeline_id), ())
    told = story(request, me, RecordType.DEAL, deal_id)
    return render(request, me, "deals/deal.html", deal=deal, made_of=made_of, stages=stages, **told)


@router.post("/deals/{deal_id}/stage")
def move_deal(request: Request, me: Me, deal_id: RowId, stage: Annotated[RowId, Form()]) -> Response:
    """Put a deal into another stage."""
    me.viewer.require_write()
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_stage(session, deal_id, stage, user_id=me.id)
    return RedirectResponse(back_to_card(request, "/deals", deal_id), 303)


def _lane(stage: StageView, deals: list[DealView]) -> Lane:
    here = [deal for deal in deals if deal.stage.id == stage.id]
    sums: dict[str, int] = {}
    for deal in here:
        sums[deal.currency] = sums.get(deal.currency, 0) + deal.amount
    shown = here if stage.kind is StageKind.OPEN else here[:CLOSED_SHOWN]
    return Lane(stage, tuple(shown), len(here), tuple(sorted((code, sum_) for code, sum_ in sums.items() if sum_)))
