"""Deals: the board and the list, one deal with its story, and moving it from stage to stage."""

from collections import Counter
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import Response

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.products.lines import deal_lines
from crm.records.repository import reading
from crm.records.repository.boards import LaneSums, deal_sums
from crm.records.views import DealView, PipelineView, RecordFilter, StageView
from storage.models import RecordType, StageKind
from storage.sessions import ReadSession
from web.console.record_lists import list_shown
from web.console.record_page import story
from web.forms import RowId
from web.record_queries import opened_of
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of
from web.words import first_email

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

    @property
    def weighted(self) -> tuple[tuple[str, int], ...]:
        """What may be expected of the sums, where somebody judged how many deals of the stage are won."""
        if self.stage.kind is not StageKind.OPEN or self.stage.probability is None:
            return ()
        return tuple((currency, amount * self.stage.probability // 100) for currency, amount in self.sums)


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
        weighted=_together(lanes),
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
        request,
        me,
        "deals/lane.html",
        part="deals/_cards.html",
        lane=lane,
        pipeline=opened,
        pipelines=pipelines,
        moved=None,
        further=True,
    )


@router.get("/deals/{deal_id}")
def deal_page(request: Request, me: Me, deal_id: RowId) -> Response:
    """One deal with everything that happened."""
    with services_of(request).store.database.reading() as session:
        deal = reading.deal(session, me.viewer, deal_id)
        pipelines = reading.pipelines(session, me.viewer)
        made_of = deal_lines(session, me.viewer, deal_id)
        mail_to = _client_address(session, me.viewer, deal)
    stages = next((one.stages for one in pipelines if one.id == deal.pipeline_id), ())
    told = story(request, me, RecordType.DEAL, deal_id)
    return render(
        request,
        me,
        "deals/deal.html",
        deal=deal,
        made_of=made_of,
        stages=stages,
        pipelines=pipelines,
        mail_to=mail_to,
        **told,
    )


def _client_address(session: ReadSession, viewer: Viewer, deal: DealView) -> str:
    """Where a mail about the deal goes: to its contact, else to its company, as far as the viewer may see their addresses."""
    contacts = reading.contacts(session, viewer, RecordFilter(ids=(deal.contact.id,), limit=1)) if deal.contact else []
    if to := next((first_email(contact.channels) for contact in contacts), ""):
        return to
    companies = (
        reading.companies(session, viewer, RecordFilter(ids=(deal.company.id,), limit=1)) if deal.company else []
    )
    return next((first_email(company.channels) for company in companies), "")


def _together(lanes: list[Lane]) -> list[tuple[str, int]]:
    """What may be expected of the whole board, by currency."""
    sums: Counter[str] = Counter()
    for lane in lanes:
        sums.update(dict(lane.weighted))
    return sorted(sums.items())


def _lanes(session: ReadSession, me: SignedIn, pipeline: PipelineView, wanted: RecordFilter) -> list[Lane]:
    wanted = replace(wanted, stage_id=None, before=None)
    sums = deal_sums(session, me.viewer, wanted)
    most = {
        stage.id: IN_LANE if stage.kind is StageKind.OPEN else IN_END for stage in pipeline.stages if stage.id in sums
    }
    shown = reading.deals_of_stages(session, me.viewer, wanted, most)
    lanes = []
    for stage in pipeline.stages:
        here, rows = sums.get(stage.id, LaneSums(0, ())), shown.get(stage.id, [])
        lanes.append(Lane(stage, tuple(rows), here.count, here.sums, here.count > len(rows)))
    return lanes
