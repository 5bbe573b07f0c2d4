"""The same change to many records: choosing what, watching it, taking it back."""

from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from core.errors import UsageError
from crm.access.repository import people
from crm.records.bulk import repository
from crm.records.bulk.editing import ONE_BY_ONE, ask_for_edit
from crm.records.bulk.undoing import ask_for_undo
from crm.records.fields.custom import editable_fields
from crm.records.fields.standard import Field, ValueKind
from crm.records.paths import PLURALS
from storage.models import BulkAct, RecordType
from storage.writer_lock import Urgency
from web.console.ticked import ids_listed, ids_meant
from web.field_inputs import read_input, read_whole_units
from web.forms import RowId, tags
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

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
        ids = ids_meant(session, me, kind, form)
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
            ids_listed(form),
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
        of_fields, of_person = edit.act is BulkAct.EDIT, edit.act is BulkAct.HAND_OVER
        undoable = repository.count_changes(session, edit_id) if edit.undo_asked_at and of_fields else edit.changed
    return render(
        request,
        me,
        "records/bulk.html",
        part="records/_bulk_progress.html",
        edit=edit,
        undoable=undoable,
        back=f"/settings/people/{edit.wanted['from']}" if of_person else f"/{PLURALS[edit.record_type]}",
    )


@router.post("/bulk/{edit_id}/undo")
def undo(request: Request, me: Me, edit_id: RowId) -> Response:
    """Take an edit back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_for_undo(session, me.viewer, edit_id)
    return RedirectResponse(f"/bulk/{edit_id}", 303)


def _may_be_shared(field: Field) -> bool:
    return field.kind not in (*ONE_BY_ONE, *ONE_LIST_EACH) and not field.required


def _typed(me: SignedIn, field: Field, form: FormData) -> Any:
    if form.get(f"do.{field.key}") == "empty":
        return read_input(field, "", me.formats)
    text = str(form.get(field.key, ""))
    if not text.strip():
        raise UsageError(f"{field.name}: write what is to stand there, or choose to empty it.")
    if field.kind is ValueKind.MONEY and not field.currency:
        return read_whole_units(field, text, me.formats)
    return read_input(field, text, me.formats)
