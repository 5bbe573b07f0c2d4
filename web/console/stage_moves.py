"""Moving a deal or lead from stage to stage: from boards, menus and pages; it asks for the fields that a stage requires."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from core.errors import NotFound
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.records import on_behalf
from crm.records.fields.custom import editable_fields
from crm.records.fields.editing import edit_record
from crm.records.fields.standard import Field
from crm.records.leads import put_aside, take_up
from crm.records.paths import PLURALS
from crm.records.repository import reading
from crm.records.repository.fields import Record
from crm.records.repository.lead_stages import lead_stages
from crm.records.required_fields import FieldsMissing, missing
from crm.records.views import DealView, LeadStageView, LeadView, StageView
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession, WriteSession
from storage.writer_lock import Urgency
from web.console.boards import back_to_card
from web.console.record_inputs import inputs_of, looked_up, typed_in, values_of
from web.forms import RowId
from web.notices import moved
from web.refused_forms import typed_again
from web.rendering import render_overlay, render_piece
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
FORM = "records/_move_form.html"


async def sent_form(request: Request) -> FormData:
    """All that was sent: which fields a stage requires is up to the installation."""
    return await request.form()


Sent = Annotated[FormData, Depends(sent_form)]


@router.get("/deals/{deal_id}/move")
def deal_form(request: Request, me: Me, deal_id: RowId, stage: RowId | None = None) -> Response:
    """Where a deal goes, in whichever pipeline; or what is to be filled in before it goes to the stage."""
    return _form(request, me, (RecordType.DEAL, deal_id), stage, typed_again(request))


@router.get("/leads/{lead_id}/move")
def lead_form(request: Request, me: Me, lead_id: RowId, stage: RowId | None = None) -> Response:
    """Where a lead goes, or what is to be filled in before."""
    return _form(request, me, (RecordType.LEAD, lead_id), stage, typed_again(request))


@router.post("/deals/{deal_id}/stage")
def move_deal(request: Request, me: Me, deal_id: RowId, stage: Annotated[RowId, Form()], sent: Sent) -> Response:
    """Put a deal into another stage, with the fields that it requires."""
    return _move(request, me, (RecordType.DEAL, deal_id), stage, sent)


@router.post("/leads/{lead_id}/stage")
def move_lead(request: Request, me: Me, lead_id: RowId, stage: Annotated[RowId, Form()], sent: Sent) -> Response:
    """Put a lead into another stage, with the fields that it requires; where that asks what becomes of it, ask."""
    return _move(request, me, (RecordType.LEAD, lead_id), stage, sent)


@router.post("/leads/{lead_id}/junk")
def call_junk(request: Request, me: Me, lead_id: RowId) -> Response:
    """Put a lead aside that is worth nothing; its page takes it up again."""
    with services_of(request).store.database.reading() as session:
        first = next(each.id for each in lead_stages(session, me.viewer) if each.kind is LeadState.JUNK)
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            on_behalf.change_lead(session, me.viewer, lead_id, put_aside)
    except FieldsMissing:
        return _ask(request, me, (RecordType.LEAD, lead_id), first, {})
    return RedirectResponse(f"/leads/{lead_id}", 303)


@router.post("/leads/{lead_id}/take-up")
def take_up_again(request: Request, me: Me, lead_id: RowId) -> Response:
    """Make a lead active again that was called junk."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        on_behalf.change_lead(session, me.viewer, lead_id, take_up)
    return RedirectResponse(f"/leads/{lead_id}", 303)


def _move(request: Request, me: SignedIn, record: Record, stage_id: int, form: FormData) -> Response:
    me.viewer.require_write()
    database = services_of(request).store.database
    kind, record_id = record
    with database.reading() as session:
        row, target = _row(session, me, record), _stage(session, me, kind, stage_id)
        fields = _asked_for(session, me, kind, target)
        typed, is_open = looked_up(session, me, typed_in(form, fields), fields)
    if is_open:
        return _ask(request, me, record, stage_id, typed)
    page, before = f"/{PLURALS[kind]}/{record_id}", row.stage.id
    try:
        with database.unit_of_work(Urgency.PERSON) as session:
            if typed:
                edit_record(session, me.viewer, record, values_of(me, typed, fields, {"currency": row.currency}))
            asks = _put(session, me, row, target)
    except FieldsMissing as error:
        return _ask(request, me, record, stage_id, typed, str(error) if typed else "")
    if asks:
        return RedirectResponse(f"{page}/convert?into={stage_id}", 303)
    if target.kind == LeadState.CONVERTED:
        return RedirectResponse(page, 303)
    said = moved(kind, record_id, before) if before != stage_id else ""
    return RedirectResponse(back_to_card(request, f"/{PLURALS[kind]}", record_id, said), 303)


def _put(session: WriteSession, me: SignedIn, row: DealView | LeadView, target: StageView | LeadStageView) -> bool:
    """Move it; True where somebody has to say first what becomes of it."""
    if isinstance(row, DealView):
        on_behalf.move_deal(session, me.viewer, row.id, target.id)
        return False
    converts = target.kind == LeadState.CONVERTED and row.state is LeadState.ACTIVE
    if converts and isinstance(target, LeadStageView) and target.on_arrival is None:
        require(session, me.viewer, Act.EDIT, (RecordType.LEAD, row.id))
        if left := missing(session, (RecordType.LEAD, row.id), target.required):
            raise FieldsMissing(target.name, left)
        return True
    on_behalf.move_lead(session, me.viewer, row.id, target.id)
    return False


def _ask(
    request: Request, me: SignedIn, record: Record, stage_id: int, typed: Mapping[str, str], problem: str = ""
) -> Response:
    """Ask for what is missing: over the page that it was moved on, or on a page of its own."""
    if "hx-request" not in request.headers:
        if not typed:
            return RedirectResponse(f"/{PLURALS[record[0]]}/{record[1]}/move?stage={stage_id}", 303)
        return _form(request, me, record, stage_id, typed, problem)
    with services_of(request).store.database.reading() as session:
        context = _context(session, me, record, stage_id, typed)
    piece = render_piece(request, me, FORM, **context, problem=problem)
    over = {"hx-retarget": "#overlay-body", "hx-reswap": "innerHTML", "hx-push-url": "false"}
    return HTMLResponse(piece, 422, over)


def _form(
    request: Request,
    me: SignedIn,
    record: Record,
    stage_id: int | None,
    typed: Mapping[str, str],
    problem: str = "",
) -> Response:
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        require(session, me.viewer, Act.EDIT, record)
        context = _context(session, me, record, stage_id, typed)
    return render_overlay(request, me, FORM, status=422 if problem else 200, problem=problem, **context)


def _context(
    session: ReadSession, me: SignedIn, record: Record, stage_id: int | None, typed: Mapping[str, str]
) -> dict[str, object]:
    kind = record[0]
    row = _row(session, me, record)
    target = _stage(session, me, kind, stage_id) if stage_id is not None else None
    left = missing(session, record, target.required) if target else ()
    may = {field.key for field in editable_fields(session, me.viewer, kind)}
    asked = [field for field in left if field.key in may]
    pipelines = reading.pipelines(session, me.viewer) if kind is RecordType.DEAL else _of_leads(session, me)
    return {
        "row": row,
        "action": f"/{PLURALS[kind]}/{record[1]}/stage",
        "target": target,
        "inputs": inputs_of(session, me, asked, {}, typed),
        "not_theirs": [field for field in left if field.key not in may],
        "pipelines": pipelines,
        "stage_id": target.id if target else row.stage.id,
    }


def _row(session: ReadSession, me: SignedIn, record: Record) -> DealView | LeadView:
    read = reading.deal if record[0] is RecordType.DEAL else reading.lead
    return read(session, me.viewer, record[1])


def _stages(session: ReadSession, me: SignedIn, kind: RecordType) -> list[StageView] | list[LeadStageView]:
    if kind is RecordType.LEAD:
        return lead_stages(session, me.viewer)
    return [stage for pipeline in reading.pipelines(session, me.viewer) for stage in pipeline.stages]


def _stage(session: ReadSession, me: SignedIn, kind: RecordType, stage_id: int) -> StageView | LeadStageView:
    found = next((each for each in _stages(session, me, kind) if each.id == stage_id), None)
    if found is None:
        raise NotFound("There is no such stage (any more): load the page again.")
    return found


def _asked_for(session: ReadSession, me: SignedIn, kind: RecordType, target: StageView | LeadStageView) -> list[Field]:
    return [field for field in editable_fields(session, me.viewer, kind) if field.key in target.required]


def _of_leads(session: ReadSession, me: SignedIn) -> list[dict[str, object]]:
    return [{"name": "Leads", "stages": lead_stages(session, me.viewer)}]
