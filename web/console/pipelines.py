"""Settings: the pipelines of deals, and the stages that deals and leads go through."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.records import pipelines, stage_lists
from crm.records.fields.custom import fields_of
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.repository.stage_lists import counts
from crm.records.stage_lists import Way
from storage.models import LeadState, RecordType, StageKind
from storage.sessions import WriteSession
from storage.writer_lock import Urgency
from web.forms import RowId, row_id
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/settings")
PAGE = "/settings/pipelines"
ALWAYS_THERE = ("title", "currency")
Required = Annotated[list[str] | None, Form()]
"""Keys of the fields that are ticked."""


@router.get("/pipelines")
def page(request: Request, me: Me, at: str = "") -> Response:
    """All lists of stages, with how many stand in each; roles with settings edit them. `at` is the button to go on with."""
    with services_of(request).store.database.reading() as session:
        shown = reading.pipelines(session, me.viewer)
        stages = lead_stages(session, me.viewer)
        deals = counts(session, me.viewer, RecordType.DEAL)
        leads = counts(session, me.viewer, RecordType.LEAD)
        fields = {
            kind.value: [field for field in fields_of(session, me.viewer, kind) if field.key not in ALWAYS_THERE]
            for kind in (RecordType.DEAL, RecordType.LEAD)
        }
    return render(
        request,
        me,
        "settings/pipelines.html",
        at=at,
        pipelines=shown,
        lead_stages=stages,
        in_deal_stages=deals,
        in_lead_stages=leads,
        fields=fields,
    )


@router.post("/pipelines")
def add_pipeline(request: Request, me: Me, name: Annotated[str, Form()]) -> Response:
    """A new pipeline with the usual stages."""
    return _done(request, lambda session: pipelines.create_pipeline(session, me.viewer, name))


@router.post("/pipelines/{pipeline_id}/rename")
def rename_pipeline(request: Request, me: Me, pipeline_id: RowId, name: Annotated[str, Form()]) -> Response:
    """Call a pipeline otherwise."""
    return _done(request, lambda session: pipelines.rename_pipeline(session, me.viewer, pipeline_id, name))


@router.post("/pipelines/{pipeline_id}/move")
def move_pipeline(request: Request, me: Me, pipeline_id: RowId, way: Annotated[Way, Form()]) -> Response:
    """Before or behind its neighbour."""
    return _done(
        request,
        lambda session: pipelines.move_pipeline(session, me.viewer, pipeline_id, way),
        f"pipeline-{pipeline_id}-{way.value}",
    )


@router.post("/pipelines/{pipeline_id}/remove")
def remove_pipeline(request: Request, me: Me, pipeline_id: RowId, move_to: Annotated[str, Form()] = "") -> Response:
    """Delete a pipeline; its deals go to another."""
    pipelines.remove_pipeline(services_of(request).store, me.viewer, pipeline_id, move_to=row_id(move_to))
    return RedirectResponse(PAGE, 303)


@router.post("/pipelines/{pipeline_id}/stages")
def add_deal_stage(
    request: Request, me: Me, pipeline_id: RowId, name: Annotated[str, Form()], kind: Annotated[StageKind, Form()]
) -> Response:
    """A new stage of a pipeline."""
    return _done(request, lambda session: stage_lists.add_stage(session, me.viewer, pipeline_id, name, kind))


@router.post("/lead-stages")
def add_lead_stage(
    request: Request, me: Me, name: Annotated[str, Form()], kind: Annotated[LeadState, Form()]
) -> Response:
    """A new stage of leads."""
    return _done(request, lambda session: stage_lists.add_stage(session, me.viewer, None, name, kind))


@router.post("/deal-stages/{stage_id}")
def change_deal_stage(
    request: Request,
    me: Me,
    stage_id: RowId,
    name: Annotated[str, Form()],
    probability: Annotated[str, Form()] = "",
    required: Required = None,
) -> Response:
    """Call a stage of deals otherwise, say how likely they are won there, and what is filled in first."""
    chance = _probability(probability)
    return _done(
        request,
        lambda session: stage_lists.change_deal_stage(
            session, me.viewer, stage_id, name=name, probability=chance, required=required or []
        ),
    )


@router.post("/lead-stages/{stage_id}")
def change_lead_stage(
    request: Request,
    me: Me,
    stage_id: RowId,
    name: Annotated[str, Form()],
    required: Required = None,
) -> Response:
    """Call a stage of leads otherwise, and say what is filled in first."""
    return _done(
        request,
        lambda session: stage_lists.change_lead_stage(session, me.viewer, stage_id, name=name, required=required or []),
    )


@router.post("/deal-stages/{stage_id}/move")
def move_deal_stage(request: Request, me: Me, stage_id: RowId, way: Annotated[Way, Form()]) -> Response:
    """Before or behind its neighbour."""
    return _move(request, me, stage_id, way, of_leads=False)


@router.post("/lead-stages/{stage_id}/move")
def move_lead_stage(request: Request, me: Me, stage_id: RowId, way: Annotated[Way, Form()]) -> Response:
    """Before or behind its neighbour."""
    return _move(request, me, stage_id, way, of_leads=True)


@router.post("/deal-stages/{stage_id}/remove")
def remove_deal_stage(request: Request, me: Me, stage_id: RowId, move_to: Annotated[str, Form()] = "") -> Response:
    """Delete a stage; its deals go to another."""
    return _remove(request, me, stage_id, move_to, of_leads=False)


@router.post("/lead-stages/{stage_id}/remove")
def remove_lead_stage(request: Request, me: Me, stage_id: RowId, move_to: Annotated[str, Form()] = "") -> Response:
    """Delete a stage; its leads go to another."""
    return _remove(request, me, stage_id, move_to, of_leads=True)


def _move(request: Request, me: Me, stage_id: int, way: Way, *, of_leads: bool) -> Response:
    return _done(
        request,
        lambda session: stage_lists.move_stage(session, me.viewer, stage_id, way, of_leads=of_leads),
        f"{'lead' if of_leads else 'deal'}-{stage_id}-{way.value}",
    )


def _remove(request: Request, me: Me, stage_id: int, move_to: str, *, of_leads: bool) -> Response:
    store = services_of(request).store
    stage_lists.remove_stage(store, me.viewer, stage_id, of_leads=of_leads, move_to=row_id(move_to))
    return RedirectResponse(PAGE, 303)


def _done(request: Request, change: Callable[[WriteSession], object], at: str = "") -> Response:
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change(session)
    return RedirectResponse(f"{PAGE}?at={at}" if at else PAGE, 303)


def _probability(text: str) -> int | None:
    if not text.strip():
        return None
    number = row_id(text.strip().removesuffix("%").strip())
    if number is None:
        raise UsageError("A probability is a number from 0 to 100, or empty.")
    return number
