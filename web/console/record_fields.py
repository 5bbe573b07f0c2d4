"""Editing a record of any kind, and its history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from core.errors import Conflict, UsageError
from crm.access.repository import people
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.records.fields.custom import editable_fields, fields_of
from crm.records.fields.editing import current_values, edit_record
from crm.records.fields.history import history_of
from crm.records.fields.standard import Field, ValueKind
from crm.records.paths import PLURALS
from crm.records.repository import fields as rows
from crm.records.repository import reading
from crm.records.repository.fields import Record
from crm.records.repository.recycling import why_gone
from storage.models import RecordType, User
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.choosing import FIND, Chooser, chooser, is_question
from web.failures import status_of
from web.field_inputs import read_input, write_input
from web.forms import RowId, row_id
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
PAGE = 50
RECORDS = {ValueKind.CONTACT: RecordType.CONTACT, ValueKind.COMPANY: RecordType.COMPANY}
"""Fields that name a record, which is found by typing."""


@dataclass(frozen=True, slots=True)
class Input:
    """A field of the form, with what is typed in it; `options` are people to choose from, by id; records have a chooser."""

    field: Field
    text: str
    options: tuple[tuple[int, str], ...] = ()
    chooser: Chooser | None = None


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
    typed = {field.key: str(form[field.key]) for field in fields if field.key in form}
    asked = {name: str(form[name]) for name in form if name.endswith(("_words", "_asked")) or name == FIND}
    if is_question(asked, *(field.key for field in fields if field.kind in RECORDS)):
        return _form(request, me, record, was, typed=typed | asked)
    try:
        wanted = {field.key: read_input(field, typed[field.key]) for field in fields if field.key in typed}
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            edit_record(session, me.viewer, record, wanted, was=was)
    except (UsageError, Conflict) as error:
        return _form(request, me, record, was, typed=typed | asked, problem=str(error), status=status_of(error))
    return RedirectResponse(f"/{PLURALS[record[0]]}/{record[1]}", 303)


@router.get("/history/{kind}/{record_id}")
def history(request: Request, me: Me, kind: RecordType, record_id: RowId, before: RowId | None = None) -> Response:
    """Who changed what, newest first."""
    with services_of(request).store.database.reading() as session:
        name = _name(session, me, (kind, record_id))
        edits = history_of(session, me.viewer, (kind, record_id), before=before, limit=PAGE + 1)
    return render_overlay(
        request, me, "records/_history.html", name=name, edits=edits[:PAGE], more_there=len(edits) > PAGE
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
) -> Response:
    with services_of(request).store.database.reading() as session:
        name = _name(session, me, record)
        fields = editable_fields(session, me.viewer, record[0])
        inputs = [_with_options(session, me, _input(field, was, typed or {}), typed or {}) for field in fields]
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
    )


def _input(field: Field, was: Mapping[str, Any], typed: Mapping[str, str]) -> Input:
    return Input(field, typed[field.key] if field.key in typed else write_input(field, was.get(field.key)))


def _with_options(session: ReadSession, me: SignedIn, shown: Input, typed: Mapping[str, str]) -> Input:
    field = shown.field
    if field.kind is ValueKind.PERSON:
        options = [(person.id, person.name) for person in people(session, me.viewer)]
        return replace(shown, options=_kept(session, me, shown.text, options))
    if field.kind in RECORDS:
        said = {**typed, field.key: shown.text}
        return replace(shown, chooser=chooser(session, me, RECORDS[field.kind], field.key, field.name, said))
    return shown


def _kept(
    session: ReadSession, me: SignedIn, chosen: str, options: Sequence[tuple[int, str]]
) -> tuple[tuple[int, str], ...]:
    """People by name, with the one that is chosen even where they have left."""
    chosen_id = row_id(chosen)
    there = dict(options)
    if chosen_id is not None and chosen_id not in there:
        there |= rows.names(session, me.viewer, User, [chosen_id])
    return tuple(sorted(there.items(), key=lambda option: option[1].casefold()))


def _name(session: ReadSession, me: SignedIn, record: Record) -> str:
    """Raises `NotFound`."""
    named = reading.names_of(session, me.viewer, [record])
    if not named:
        raise why_gone(session, me.viewer, record)
    return named[0].name
