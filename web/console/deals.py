"""Deals: the board and the list, one deal with its story, and moving it from stage to stage."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import NotFound
from crm.access.rights import Act
from crm.conversations.repository.messages import message_view
from crm.records import on_behalf
from crm.records.deals import create_deal
from crm.records.products.lines import deal_lines
from crm.records.repository import reading
from crm.records.repository.boards import LaneSums, deal_sums
from crm.records.views import DealView, PipelineView, RecordFilter, StageView
from storage.models import RecordType, StageKind
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.boards import back_to_card, opened_of
from web.console.choosing import FIND, chooser, is_question
from web.console.record_lists import list_shown
from web.console.record_page import story
from web.forms import RowId, cents, row_id
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
PAGE = 100
IN_LANE, IN_END = 25, 8
"""Cards of a lane at first: won and lost ones grow for ever. Each shows more when asked."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage of the board with some of its deals; `count` and `sums` (by currency) are of all of them."""

    stage: StageView
    deals: tuple[DealView, ...]
    count: int
    sums: tuple[tuple[str, int], ...]
    more_there: bool


@router.get("/deals")
def deal_board(
    request: Request,
    me: Me,
    shape: str = "board",
    mine: bool = False,
    pipeline: RowId | None = None,
    moved: RowId | None = None,
) -> Response:
    """Where each deal stands: all of a pipeline as a board, or as a list."""
    with services_of(request).store.database.reading() as session:
        pipelines = reading.pipelines(session, me.viewer)
        opened = opened_of(pipelines, pipeline)
        shown = list_shown(request, me, session, RecordType.DEAL, PAGE + 1)
        wanted = replace(shown.wanted, pipeline_id=opened.id if opened else None)
        as_list = shape == "list"
        deals = reading.deals(session, me.viewer, wanted) if as_list else []
        lanes = _lanes(session, me, opened, wanted) if opened and not as_list else []
    return render(
        request,
        me,
        "deals/list.html" if as_list else "deals/board.html",
        lanes=lanes,
        deals=deals[:PAGE],
        more_there=len(deals) > PAGE,
        pipelines=pipelines,
        pipeline=opened,
        shown=shown,
        chosen={"shape": shape, "mine": mine},
        moved=moved,
    )


@router.get("/deals/lane")
def more_of_lane(request: Request, me: Me, stage: RowId) -> Response:
    """The next cards of one stage, behind the deal `before`: to be put below the others, or on a page of their own."""
    with services_of(request).store.database.reading() as session:
        pipelines = reading.pipelines(session, me.viewer)
        opened = next((one for one in pipelines if any(each.id == stage for each in one.stages)), None)
        if opened is None:
            raise NotFound("There is no such stage (any more): load the board again.")
        shown = list_shown(request, me, session, RecordType.DEAL, IN_LANE + 1)
        deals = reading.deals(session, me.viewer, shown.wanted)
    at = next(each for each in opened.stages if each.id == stage)
    lane = Lane(at, tuple(deals[:IN_LANE]), 0, (), len(deals) > IN_LANE)
    return render(
        request, me, "deals/lane.html", part="deals/_cards.html", lane=lane, pipeline=opened, moved=None, further=True
    )


@router.get("/deals/new")
def deal_form(request: Request, me: Me, message: RowId | None = None, contact: RowId | None = None) -> Response:
    """The form of a new deal, filled in from a mail where there is one."""
    me.viewer.require(Act.CREATE, RecordType.DEAL)
    with services_of(request).store.database.reading() as session:
        title = message_view(session, me.viewer, message).subject if message else ""
        sender = message_view(session, me.viewer, message).from_address if message else ""
        known = [one for one in reading.find_by_address(session, me.viewer, sender) if one.type is RecordType.CONTACT]
    chosen = contact or (known[0].id if known else "")
    return _form(request, me, {"title": title, "contact": chosen})


@router.post("/deals")
def new_deal(
    request: Request,
    me: Me,
    title: Annotated[str, Form()] = "",
    amount: Annotated[str, Form()] = "",
    contact: Annotated[str, Form()] = "",
    contact_words: Annotated[str, Form()] = "",
    contact_asked: Annotated[str, Form()] = "",
    find: Annotated[str | None, Form()] = None,
) -> Response:
    """Add a deal in the first stage and show it; or look for its contact first."""
    me.viewer.require(Act.CREATE, RecordType.DEAL)
    typed = {"title": title, "amount": amount, "contact": contact, "contact_words": contact_words}
    if is_question({**typed, "contact_asked": contact_asked, **({} if find is None else {FIND: find})}, "contact"):
        return _form(request, me, typed)
    contact_id = row_id(contact)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        company = reading.contact(session, me.viewer, contact_id).company if contact_id else None
        deal_id = on_behalf.add(
            session,
            me.viewer,
            RecordType.DEAL,
            create_deal,
            title=title,
            contact_id=contact_id,
            company_id=company.id if company else None,
            amount=cents(amount),
            responsible_id=me.id,
            source="by hand",
        )
    return RedirectResponse(f"/deals/{deal_id}", 303)


def _form(request: Request, me: SignedIn, typed: Mapping[str, Any]) -> Response:
    with services_of(request).store.database.reading() as session:
        one = chooser(session, me, RecordType.CONTACT, "contact", "Contact", typed)
    return render_overlay(request, me, "deals/_form.html", typed=typed, one=one)


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
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        on_behalf.move_deal(session, me.viewer, deal_id, stage)
    return RedirectResponse(back_to_card(request, "/deals", deal_id), 303)


def _lanes(session: ReadSession, me: SignedIn, pipeline: PipelineView, wanted: RecordFilter) -> list[Lane]:
    wanted = replace(wanted, stage_id=None, before=None)
    sums = deal_sums(session, me.viewer, wanted)
    lanes = []
    for stage in pipeline.stages:
        here = sums.get(stage.id, LaneSums(0, ()))
        most = IN_LANE if stage.kind is StageKind.OPEN else IN_END
        rows = reading.deals(session, me.viewer, replace(wanted, stage_id=stage.id, limit=most)) if here.count else []
        lanes.append(Lane(stage, tuple(rows), here.count, here.sums, here.count > len(rows)))
    return lanes
