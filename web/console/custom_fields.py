"""Settings → Fields: what an installation keeps about its records beyond the standard fields."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.access.viewer import Viewer
from crm.records.fields.custom import (
    NO_RIGHT,
    NewField,
    change_field,
    create_field,
    move_field,
    remove_field,
    restore_field,
)
from crm.records.fields.standard import STANDARD
from crm.records.repository import fields as rows
from storage.models import FieldKind, RecordType
from storage.sessions import WriteSession
from storage.writer_lock import Urgency
from web.forms import RowId
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/settings/fields")
KIND_WORDS = {
    FieldKind.TEXT: "Text",
    FieldKind.NUMBER: "Number",
    FieldKind.DATE: "Date",
    FieldKind.CHOICE: "Choice",
    FieldKind.MONEY: "Money",
    FieldKind.LINK: "Link",
}


class Act(StrEnum):
    """What is done to a field by one press."""

    UP = "up"
    DOWN = "down"
    REMOVE = "remove"
    RESTORE = "restore"


ACTS: Mapping[Act, Callable[[WriteSession, Viewer, int], None]] = {
    Act.UP: partial(move_field, by=-1),
    Act.DOWN: partial(move_field, by=1),
    Act.REMOVE: remove_field,
    Act.RESTORE: restore_field,
}


@router.get("")
def field_list(request: Request, me: Me, kind: RecordType = RecordType.CONTACT) -> Response:
    """The fields of one kind of record: the standard ones, those that were added, and those that were removed."""
    with services_of(request).store.database.reading() as session:
        added = rows.custom_fields(session, me.viewer, kind)
        removed = rows.custom_fields(session, me.viewer, kind, removed=True)
        counts = rows.count_values(session, me.viewer, [row.id for row in (*added, *removed)])
    return render(
        request,
        me,
        "settings/fields.html",
        kind=kind,
        standard=STANDARD[kind],
        added=added,
        removed=removed,
        counts=counts,
        kind_words=KIND_WORDS,
    )


@router.get("/new")
def field_form(request: Request, me: Me, kind: RecordType) -> Response:
    """The form of a new field."""
    me.viewer.require_settings(NO_RIGHT)
    return render_overlay(request, me, "settings/_field_form.html", kind=kind, field=None, kind_words=KIND_WORDS)


@router.post("")
def new_field(
    request: Request,
    me: Me,
    record_type: Annotated[RecordType, Form()],
    name: Annotated[str, Form()],
    kind: Annotated[FieldKind, Form()],
    choices: Annotated[str, Form()] = "",
    currency: Annotated[str | None, Form()] = None,
) -> Response:
    """Add a field."""
    new = NewField(record_type, name, kind, choices.splitlines(), me.currency if currency is None else currency)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        create_field(session, me.viewer, new)
    return _back(record_type)


@router.get("/{field_id}")
def change_form(request: Request, me: Me, field_id: RowId) -> Response:
    """The form of a field that is there."""
    me.viewer.require_settings(NO_RIGHT)
    with services_of(request).store.database.reading() as session:
        field = rows.custom_field(session, me.viewer, field_id)
    return render_overlay(
        request, me, "settings/_field_form.html", kind=field.record_type, field=field, kind_words=KIND_WORDS
    )


@router.post("/{field_id}")
def change(
    request: Request, me: Me, field_id: RowId, name: Annotated[str, Form()], choices: Annotated[str, Form()] = ""
) -> Response:
    """Give a field another name, or other choices."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_field(session, me.viewer, field_id, name, choices.splitlines())
        kind = rows.custom_field(session, me.viewer, field_id).record_type
    return _back(kind)


@router.post("/{field_id}/{act}")
def act_on(request: Request, me: Me, field_id: RowId, act: Act) -> Response:
    """Move a field up or down, remove it, restore it."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ACTS[act](session, me.viewer, field_id)
        kind = rows.custom_field(session, me.viewer, field_id).record_type
    return _back(kind)


def _back(kind: RecordType) -> Response:
    return RedirectResponse(f"/settings/fields?kind={kind.value}", 303)
