"""Settings: what becomes of a lead that is moved to a stage which converts."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from core.errors import NotFound, UsageError
from crm.access.repository import people
from crm.records import stage_lists
from crm.records.arrivals import MADE, fixed_fields
from crm.records.lead_values import fields_along
from crm.records.modes import Client
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.repository.teams import teams
from crm.records.views import Arrival, LeadStageView
from storage.models import LeadState, RecordType, StageKind
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.record_inputs import Input, inputs_of, name_of, named, typed_of
from web.console.stage_moves import Sent
from web.forms import RowId, row_id
from web.receivers import receiver, written
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router(prefix="/settings")
OF_PIPELINE = "pipeline:"
LABELS = {
    RecordType.DEAL: "On each deal",
    RecordType.CONTACT: "On each new contact",
    RecordType.COMPANY: "On each new company",
}


@router.get("/lead-stages/{stage_id}/conversion")
def page(request: Request, me: Me, stage_id: RowId) -> Response:
    """What is chosen, or the usual where nothing is."""
    me.viewer.require_settings(stage_lists.NO_RIGHT)
    with services_of(request).store.database.reading() as session:
        stage = _stage(session, me, stage_id)
        chosen = stage.on_arrival or Arrival()
        along = fields_along(session, me.viewer)
        context: dict[str, Any] = {
            "stage": stage,
            "chosen": chosen,
            "begins_in": _begins_in(chosen),
            "pipelines": [
                (each, [step for step in each.stages if step.kind is StageKind.OPEN])
                for each in reading.pipelines(session, me.viewer)
            ],
            "along": [(field, chosen.along is None or field.key in chosen.along) for field in along],
            "people": people(session, me.viewer),
            "teams": teams(session, me.viewer),
            "receiver": written(chosen.responsible_id, chosen.team),
            "fixed": [(LABELS[kind], _inputs(session, me, kind, chosen.values.get(kind.value, {}))) for kind in MADE],
        }
    return render(request, me, "settings/stage_conversion.html", **context)


@router.post("/lead-stages/{stage_id}/conversion")
def choose(request: Request, me: Me, stage_id: RowId, sent: Sent) -> Response:
    """Choose it for leads that arrive from now on."""
    me.viewer.require_settings(stage_lists.NO_RIGHT)
    database = services_of(request).store.database
    with database.reading() as session:
        arrival = _typed(session, me, sent) if sent.get("converts") == "true" else None
    with database.unit_of_work(Urgency.PERSON) as session:
        stage_lists.change_lead_stage(session, me.viewer, stage_id, arrival=arrival)
    return RedirectResponse("/settings/pipelines#leads", 303)


def _stage(session: ReadSession, me: SignedIn, stage_id: int) -> LeadStageView:
    found = next((each for each in lead_stages(session, me.viewer) if each.id == stage_id), None)
    if found is None or found.kind is not LeadState.CONVERTED:
        raise NotFound("There is no such stage for converted leads (any more).")
    return found


def _typed(session: ReadSession, me: SignedIn, form: FormData) -> Arrival:
    person, team = receiver(str(form.get("responsible", "")))
    pipeline_id, stage_id = _beginning(str(form.get("begins_in", "")))
    return Arrival(
        _client(str(form.get("client", ""))),
        form.get("deal") == "true",
        pipeline_id,
        stage_id,
        person,
        team,
        tuple(str(key) for key in form.getlist("along")),
        {kind.value: typed_of(session, me, kind, fixed_fields(session, kind), form, {}) for kind in MADE},
    )


def _client(text: str) -> Client | None:
    if text and text not in set(Client):
        raise UsageError("That is no client: choose one from the list.")
    return Client(text) if text else None


def _begins_in(chosen: Arrival) -> str:
    if chosen.stage_id is not None:
        return str(chosen.stage_id)
    return f"{OF_PIPELINE}{chosen.pipeline_id}" if chosen.pipeline_id is not None else ""


def _beginning(text: str) -> tuple[int | None, int | None]:
    """The pipeline or the stage in which deals begin."""
    number = row_id(text.removeprefix(OF_PIPELINE))
    if text and number is None:
        raise UsageError("That is no stage of deals: choose one from the list.")
    return (number, None) if text.startswith(OF_PIPELINE) else (None, number)


def _inputs(session: ReadSession, me: SignedIn, kind: RecordType, values: Mapping[str, Any]) -> list[Input]:
    """Inputs of the fields of a kind, called `deal.source` and the like."""
    shown = {name_of(kind, key): value for key, value in values.items()}
    asked = named(kind, fixed_fields(session, kind))
    return inputs_of(session, me, asked, shown | {"currency": values.get("currency")}, {})
