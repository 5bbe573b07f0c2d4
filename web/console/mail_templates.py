"""Templates of single mails: listed and written in Settings, looked at and put in where a mail is written."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.outgoing.templates.filling import KNOWN, fill
from crm.outgoing.templates.keeping import TemplateText, add_template, change_template, delete_template
from crm.outgoing.templates.repository import template, templates
from storage.writer_lock import Urgency
from web.console.mail_form import recipients
from web.failures import status_of
from web.forms import RowId, row_id
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
NEW = TemplateText("", "", "")
Name = Annotated[str, Form()]
Ticked = Annotated[bool, Form()]


@router.get("/settings/templates")
def template_list(request: Request, me: Me) -> Response:
    """Everybody's and one's own, and a form for the next."""
    return _list(request, me, NEW)


@router.post("/settings/templates")
def new_template(
    request: Request, me: Me, name: Name = "", subject: Name = "", text: Name = "", shared: Ticked = False
) -> Response:
    """Keep another one."""
    written = TemplateText(name, subject, text, shared)
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            add_template(session, me.viewer, written)
    except UsageError as error:
        return _list(request, me, written, failure=str(error), status=status_of(error))
    return RedirectResponse("/settings/templates?did=template", 303)


@router.get("/settings/templates/{template_id}")
def one_template(request: Request, me: Me, template_id: RowId) -> Response:
    """One, to be read or changed."""
    with services_of(request).store.database.reading() as session:
        found = template(session, me.viewer, template_id)
    written = TemplateText(found.name, found.subject, found.text, found.shared)
    return _one(request, me, template_id, written, may_change=found.may_change)


@router.post("/settings/templates/{template_id}")
def save_template(
    request: Request,
    me: Me,
    template_id: RowId,
    name: Name = "",
    subject: Name = "",
    text: Name = "",
    shared: Ticked = False,
) -> Response:
    """Write it anew."""
    written = TemplateText(name, subject, text, shared)
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            change_template(session, me.viewer, template_id, written)
    except UsageError as error:
        return _one(request, me, template_id, written, failure=str(error), status=status_of(error))
    return RedirectResponse("/settings/templates?did=template", 303)


@router.post("/settings/templates/{template_id}/delete")
def forget_template(request: Request, me: Me, template_id: RowId) -> Response:
    """It is not wanted any more."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        delete_template(session, me.viewer, template_id)
    return RedirectResponse("/settings/templates?did=template_gone", 303)


@router.get("/compose/template")
def preview(request: Request, me: Me, template: str = "", to: str = "", mailbox: RowId | None = None) -> Response:
    """The template as it would stand in this mail; nothing when none is chosen."""
    template_id = row_id(template)
    if template_id is None:
        return Response("", media_type="text/html")
    first = next(iter(recipients(to)), None)
    with services_of(request).store.database.reading() as session:
        filled = fill(
            session,
            me.viewer,
            template_id,
            to=first.address if first else "",
            name=first.name if first else "",
            mailbox_id=mailbox,
        )
    return render_overlay(request, me, "mail/_template_preview.html", filled=filled)


def _list(request: Request, me: SignedIn, written: TemplateText, *, failure: str = "", status: int = 200) -> Response:
    with services_of(request).store.database.reading() as session:
        rows = templates(session, me.viewer)
    return render(
        request,
        me,
        "settings/templates.html",
        status=status,
        rows=rows,
        written=written,
        failure=failure,
        known=KNOWN,
    )


def _one(
    request: Request,
    me: SignedIn,
    template_id: int,
    written: TemplateText,
    *,
    may_change: bool = True,
    failure: str = "",
    status: int = 200,
) -> Response:
    return render(
        request,
        me,
        "settings/template.html",
        status=status,
        template_id=template_id,
        written=written,
        may_change=may_change,
        failure=failure,
        known=KNOWN,
    )
