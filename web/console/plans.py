"""Editing, moving and deleting calls and meetings, in an overlay over the page where they stand."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.access.repository import people
from crm.records.paths import record_path
from crm.stream.timeline.plans import change_plan, delete_plan, require_change, restore_plan
from crm.stream.views import PlanChange
from storage.writer_lock import Urgency
from web.console.stream import REMINDERS, came_from
from web.forms import RowId, moment, whole
from web.notices import told
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of, zone_of

router = page_router(prefix="/entries/{activity_id}")


@router.get("/edit")
def edit_form(request: Request, me: Me, activity_id: RowId) -> Response:
    """A call or meeting as it is, to be changed."""
    with services_of(request).store.database.reading() as session:
        shown = require_change(session, me.viewer, activity_id)
        colleagues = people(session, me.viewer)
    at = (shown.deadline if shown.planned and shown.deadline else shown.at).astimezone(zone_of(me))
    form = {"entry": shown, "kind": shown.kind, "at": me.formats.moment(at), "record": "", "about": None}
    return render_overlay(request, me, "stream/_entry_form.html", **form, colleagues=colleagues, reminders=REMINDERS)


@router.post("/edit")
def edit(
    request: Request,
    me: Me,
    activity_id: RowId,
    title: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    deadline: Annotated[str, Form()] = "",
    responsible: Annotated[RowId | None, Form()] = None,
    minutes: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    remind: Annotated[str, Form()] = "",
) -> Response:
    """Save it."""
    at = moment(deadline, me)
    if at is None:
        raise UsageError("Choose when.")
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        who = responsible or me.viewer.user_id or 0
        change = PlanChange(title, text, at, who, whole(minutes), place, whole(remind))
        change_plan(session, me.viewer, activity_id, change)
    return RedirectResponse(came_from(request, f"/entries/{activity_id}"), 303)


@router.post("/delete")
def delete(request: Request, me: Me, activity_id: RowId) -> Response:
    """Take it off its records."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        shown = require_change(session, me.viewer, activity_id)
        delete_plan(session, me.viewer, activity_id)
    path = record_path((shown.records[0].type, shown.records[0].id)) if shown.records else "/stream"
    back = came_from(request, path)
    return RedirectResponse(told(path if back.startswith("/entries/") else back, f"entry-deleted:{activity_id}"), 303)


@router.post("/restore")
def restore(request: Request, me: Me, activity_id: RowId) -> Response:
    """Bring it back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        restore_plan(session, me.viewer, activity_id)
    return RedirectResponse(told(f"/entries/{activity_id}", f"entry-restored:{activity_id}"), 303)
