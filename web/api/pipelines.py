"""Editing pipelines and stages, for programs. They are read by `/pipelines` and `/lead-stages`."""

from typing import Any

from fastapi import Request
from pydantic import BaseModel

from crm.records import pipelines, stage_lists
from crm.records.modes import Client
from crm.records.stage_lists import Way
from crm.records.views import Arrival
from storage.models import LeadState, StageKind
from storage.writer_lock import Urgency
from web.api.callers import SettingsWriter
from web.api.leads import ToTeam
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["settings"])


class PipelineName(BaseModel):
    """What a pipeline is called."""

    name: str


class NewDealStage(BaseModel):
    """A stage of a pipeline."""

    name: str
    kind: StageKind = StageKind.OPEN


class NewLeadStage(BaseModel):
    """A stage of leads."""

    name: str
    kind: LeadState = LeadState.ACTIVE


class DealStage(BaseModel):
    """What can be changed about a stage of deals; `probability` in percent, null where nobody knows. `required` are keys of
    the fields that are filled in before a deal is put there, null leaves them."""

    name: str
    probability: int | None = None
    required: list[str] | None = None


class OnArrival(BaseModel):
    """What a lead becomes as soon as it is moved to a stage: that client (null: none), a deal in that pipeline (null: the first
    one) and stage (null: its first open one).

    That person, or one of that team, is responsible then; both null: whoever was. `along` are keys of the fields of leads that
    are written on it too (tags, notes and custom fields; null: all). `values` are written on each new record, by its kind
    (`deal`, `contact`, `company`) and the key of the field.
    """

    client: Client | None = Client.CONTACT
    deal: bool = True
    pipeline_id: RowId | None = None
    stage_id: RowId | None = None
    responsible_id: RowId | None = None
    team: ToTeam | None = None
    along: list[str] | None = None
    values: dict[str, dict[str, Any]] = {}

    def arrival(self) -> Arrival:
        """The same as a stage keeps it."""
        along = None if self.along is None else tuple(self.along)
        return Arrival(
            self.client,
            self.deal,
            self.pipeline_id,
            self.stage_id,
            self.responsible_id,
            self.team,
            along,
            self.values,
        )


class LeadStage(BaseModel):
    """What can be changed about a stage of leads; `on_arrival` says what a lead becomes that is moved there, null asks.
    `required` are keys of the fields that are filled in before a lead is put there, null leaves them."""

    name: str
    on_arrival: OnArrival | None = None
    required: list[str] | None = None


class Step(BaseModel):
    """One place up or down."""

    way: Way


class MadeId(BaseModel):
    """The id of what was made."""

    id: int


@router.post("/pipelines", status_code=201)
def add_pipeline(request: Request, viewer: SettingsWriter, new: PipelineName) -> MadeId:
    """A new pipeline with the usual stages."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return MadeId(id=pipelines.create_pipeline(session, viewer, new.name))


@router.put("/pipelines/{pipeline_id}", status_code=204)
def rename_pipeline(request: Request, viewer: SettingsWriter, pipeline_id: RowId, new: PipelineName) -> None:
    """Call a pipeline otherwise."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        pipelines.rename_pipeline(session, viewer, pipeline_id, new.name)


@router.post("/pipelines/{pipeline_id}/move", status_code=204)
def move_pipeline(request: Request, viewer: SettingsWriter, pipeline_id: RowId, step: Step) -> None:
    """Before or behind its neighbour; new deals begin in the first one."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        pipelines.move_pipeline(session, viewer, pipeline_id, step.way)


@router.delete("/pipelines/{pipeline_id}", status_code=204)
def remove_pipeline(request: Request, viewer: SettingsWriter, pipeline_id: RowId, move_to: RowId | None = None) -> None:
    """Delete a pipeline; deals in it go to the first stages of the same kind of the pipeline `move_to`."""
    pipelines.remove_pipeline(services_of(request).store, viewer, pipeline_id, move_to=move_to)


@router.post("/pipelines/{pipeline_id}/stages", status_code=201)
def add_deal_stage(request: Request, viewer: SettingsWriter, pipeline_id: RowId, new: NewDealStage) -> MadeId:
    """A new stage behind those of its kind."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return MadeId(id=stage_lists.add_stage(session, viewer, pipeline_id, new.name, new.kind))


@router.put("/deal-stages/{stage_id}", status_code=204)
def change_deal_stage(request: Request, viewer: SettingsWriter, stage_id: RowId, new: DealStage) -> None:
    """Call a stage otherwise, say how likely deals are won there."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        stage_lists.change_deal_stage(session, viewer, stage_id, **new.model_dump())


@router.post("/deal-stages/{stage_id}/move", status_code=204)
def move_deal_stage(request: Request, viewer: SettingsWriter, stage_id: RowId, step: Step) -> None:
    """Before or behind its neighbour."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        stage_lists.move_stage(session, viewer, stage_id, step.way, of_leads=False)


@router.delete("/deal-stages/{stage_id}", status_code=204)
def remove_deal_stage(request: Request, viewer: SettingsWriter, stage_id: RowId, move_to: RowId | None = None) -> None:
    """Delete a stage; deals in it go to `move_to`, a stage of the same kind."""
    stage_lists.remove_stage(services_of(request).store, viewer, stage_id, of_leads=False, move_to=move_to)


@router.post("/lead-stages", status_code=201)
def add_lead_stage(request: Request, viewer: SettingsWriter, new: NewLeadStage) -> MadeId:
    """A new stage behind those of its kind."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return MadeId(id=stage_lists.add_stage(session, viewer, None, new.name, new.kind))


@router.put("/lead-stages/{stage_id}", status_code=204)
def change_lead_stage(request: Request, viewer: SettingsWriter, stage_id: RowId, new: LeadStage) -> None:
    """Call a stage otherwise, say what becomes of leads that arrive there."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        arrival = new.on_arrival.arrival() if new.on_arrival else None
        stage_lists.change_lead_stage(session, viewer, stage_id, name=new.name, arrival=arrival, required=new.required)


@router.post("/lead-stages/{stage_id}/move", status_code=204)
def move_lead_stage(request: Request, viewer: SettingsWriter, stage_id: RowId, step: Step) -> None:
    """Before or behind its neighbour."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        stage_lists.move_stage(session, viewer, stage_id, step.way, of_leads=True)


@router.delete("/lead-stages/{stage_id}", status_code=204)
def remove_lead_stage(request: Request, viewer: SettingsWriter, stage_id: RowId, move_to: RowId | None = None) -> None:
    """Delete a stage; leads in it go to `move_to`, a stage of the same kind."""
    stage_lists.remove_stage(services_of(request).store, viewer, stage_id, of_leads=True, move_to=move_to)
