"""The same change to many records: choosing what, watching it, taking it back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from core.errors import UsageError
from crm.access.repository import people
from crm.records.bulk import repository
from crm.records.bulk.editing import MOST_RECORDS, ONE_BY_ONE, ask_for_edit
from crm.records.bulk.undoing import ask_for_undo
from crm.records.fields.custom import editable_fields, fields_of
from crm.records.fields.standard import Field, ValueKind
from crm.records.paths import PLURALS
from crm.records.repository.filtering import ids_matching
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.field_inputs import read_input
from web.forms import RowId, row_id, tags
from web.record_queries import canonical, filters_of, read_filter, shown_leads, shown_pipeline
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()
ONE_LIST_EACH = (ValueKind.TAGS, ValueKind.LONG_TEXT, ValueKind.CONTACT, ValueKind.COMPANY)
"""Kinds that this form does not ask for: tags are given and taken, the others are chosen one by one."""


@router.post("/bulk/{kind}")
async def choose(request: Request, me: Me, kind: RecordType) -> Response:
    """Which fields of the ticked records are to be changed, or of all that the filter shows."""
    return await run_in_threadpool(_choose, request, me, kind, await request.form())


def _choose(request: Request, me: SignedIn, kind: RecordType, form: FormData) -> Response:
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        ids = _ids(session, me, kind, form)
        fields = [field for field in editable_fields(session, me.viewer, kind) if _may_be_shared(field)]
        colleagues = people(session, me.viewer)
    return render_overlay(
        request, me, "records/_bulk_form.html", kind=kind, ids=ids, fields=fields, colleagues=colleagues
    )


@router.post("/bulk/{kind}/edit")
async def begin(request: Request, me: Me, kind: RecordType) -> Response:
    """Have it done, and show how far it is."""
    return await run_in_threadpool(_begin, request, me, kind, await request.form())


def _begin(request: Request, me: SignedIn, kind: RecordType, form: FormData) -> Response:
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        fields = editable_fields(session, me.viewer, kind)
        wanted = {
            field.key: _typed(me, field, form) for field in fields if form.get(f"do.{field.key}") in ("set", "empty")
        }
        edit_id = ask_for_edit(
            session,
            me.viewer,
            kind,
            _listed(form),
            wanted,
            add_tags=tags(str(form.get("add_tags", ""))),
            remove_tags=tags(str(form.get("remove_tags", ""))),
        )
    return RedirectResponse(f"/bulk/{edit_id}", 303)


@router.get("/bulk/{edit_id}")
def progress(request: Request, me: Me, edit_id: RowId) -> Response:
    """How far an edit is, what it could not change, and the way back."""
    with services_of(request).store.database.reading() as session:
        edit = repository.bulk_edit(session, me.viewer, edit_id)
        undoable = repository.count_changes(session, edit_id) if edit.undo_asked_at else 0
    return render(
        request,
        me,
        "records/bulk.html",
        part="records/_bulk_progress.html",
        edit=edit,
        undoable=undoable,
        back=f"/{PLURALS[edit.record_type]}",
    )


@router.post("/bulk/{edit_id}/undo")
def undo(request: Request, me: Me, edit_id: RowId) -> Response:
    """Take an edit back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_for_undo(session, me.viewer, edit_id)
    return RedirectResponse(f"/bulk/{edit_id}", 303)


def _ids(session: ReadSession, me: SignedIn, kind: RecordType, form: FormData) -> list[int]:
    """The ticked records, or all that the filter of the list shows. Raises `UsageError` where there is none."""
    ids = _listed(form)
    if form.get("all"):
        query: Mapping[str, str] = dict(parse_qsl(str(form.get("query", ""))))
        filters = filters_of(kind, fields_of(session, me.viewer, kind))
        query = canonical(query, filters, me.formats)
        wanted = read_filter(query, filters, me=me.id, zone=zone_of(me), limit=MOST_RECORDS + 1)
        if kind is RecordType.DEAL:
            wanted = replace(wanted, pipeline_id=shown_pipeline(session, me.viewer, row_id(query.get("pipeline", ""))))
        ids = ids_matching(session, me.viewer, kind, shown_leads(wanted) if kind is RecordType.LEAD else wanted)
    if not ids:
        raise UsageError("Tick the records that are to be changed first.")
    return ids


def _listed(form: FormData) -> list[int]:
    """Ids that were ticked one by one, or that the form of the first step carries in one field."""
    given = [*form.getlist("id"), *str(form.get("ids", "")).split(",")]
    return [number for one in given if (number := row_id(str(one).strip())) is not None]


def _may_be_shared(field: Field) -> bool:
    return field.kind not in (*ONE_BY_ONE, *ONE_LIST_EACH) and not field.required


def _typed(me: SignedIn, field: Field, form: FormData) -> Any:
    if form.get(f"do.{field.key}") == "empty":
        return read_input(field, "", me.formats)
    text = str(form.get(field.key, ""))
    if not text.strip():
        raise UsageError(f"{field.name}: write what is to stand there, or choose to empty it.")
    return read_input(field, text, me.formats, me.currency)
