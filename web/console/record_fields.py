"""Editing a record of any kind, and its history."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from core.errors import Conflict, UsageError
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.records import on_behalf
from crm.records.fields.custom import editable_fields, fields_of
from crm.records.fields.editing import current_values, edit_record
from crm.records.fields.history import history_of
from crm.records.paths import PLURALS
from crm.records.repository import reading
from crm.records.repository.fields import Record
from crm.records.repository.recycling import why_gone
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.record_inputs import inputs_of, looked_up, typed_in, values_of
from web.failures import status_of
from web.forms import RowId, row_id
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
PAGE = 50
STAGE, STAGE_WAS = "stage", "stage_was"


@router.get("/edit/{kind}/{record_id}")
def edit_form(request: Request, me: Me, kind: RecordType, record_id: RowId) -> Response:
    """Every field of a record, with what stands in it."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        require(session, me.viewer, Act.EDIT, (kind, record_id))
        values = current_values(session, me.viewer, (kind, record_id))
    return _form(request, me, (kind, record_id), values)


@router.post("/edit/{kind}/{record_id}")
async def save(request: Request, me: Me, kind: RecordType, record_id: RowId) -> Response:
    """Change what was changed in the form; where that does not work, the form again with all that was typed."""
    return await run_in_threadpool(_save, request, me, (kind, record_id), await request.form())


def _save(request: Request, me: SignedIn, record: Record, form: FormData) -> Response:
    was = _was(form)
    with services_of(request).store.database.reading() as session:
        fields = fields_of(session, me.viewer, record[0])
        typed, is_open = looked_up(session, me, typed_in(form, fields), fields)
    stage_id = row_id(str(form.get(STAGE, "")))
    if is_open:
        return _form(request, me, record, was, typed=typed, stage_id=stage_id)
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            edit_record(session, me.viewer, record, values_of(me, typed, fields, was), was=was)
            if record[0] is RecordType.DEAL and stage_id is not None and str(stage_id) != str(form.get(STAGE_WAS, "")):
                on_behalf.move_deal(session, me.viewer, record[1], stage_id)
    except (UsageError, Conflict) as error:
        if "hx-request" in request.headers:
            raise  # The form stands over its page, and there it stays: only the sentence comes into it.
        problem, status = str(error), status_of(error)
        return _form(request, me, record, was, typed=typed, problem=problem, status=status, stage_id=stage_id)
    return RedirectResponse(f"/{PLURALS[record[0]]}/{record[1]}", 303)


@router.get("/history/{kind}/{record_id}")
def history(request: Request, me: Me, kind: RecordType, record_id: RowId, before: RowId | None = None) -> Response:
    """Who changed what, newest first."""
    with services_of(request).store.database.reading() as session:
        name = _name(session, me, (kind, record_id))
        edits = history_of(session, me.viewer, (kind, record_id), before=before, limit=PAGE + 1)
    return render_overlay(
        request,
        me,
        "records/_history.html",
        name=name,
        edits=edits[:PAGE],
        more_there=len(edits) > PAGE,
    )


def _was(form: FormData) -> dict[str, Any]:
    try:
        was = json.loads(str(form.get("was", "")))
    except ValueError:
        was = None
    if not isinstance(was, dict):
        raise UsageError("The form was sent without what stood in it: open it again.")
    return was


def _form(
    request: Request,
    me: SignedIn,
    record: Record,
    was: Mapping[str, Any],
    *,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
    stage_id: int | None = None,
) -> Response:
    with services_of(request).store.database.reading() as session:
        name = _name(session, me, record)
        fields = editable_fields(session, me.viewer, record[0])
        inputs = inputs_of(session, me, fields, was, typed or {})
        standing = reading.deal(session, me.viewer, record[1]).stage.id if record[0] is RecordType.DEAL else None
        pipelines = reading.pipelines(session, me.viewer) if standing is not None else []
    return render_overlay(
        request,
        me,
        "records/_edit_form.html",
        status=status,
        name=name,
        action=f"/edit/{record[0].value}/{record[1]}",
        inputs=inputs,
        was=json.dumps(dict(was)),
        problem=problem,
        pipelines=pipelines,
        stage_id=stage_id or standing,
        stage_was=standing,
    )


def _name(session: ReadSession, me: SignedIn, record: Record) -> str:
    """Raises `NotFound`."""
    named = reading.names_of(session, me.viewer, [record])
    if not named:
        raise why_gone(session, me.viewer, record)
    return named[0].name
