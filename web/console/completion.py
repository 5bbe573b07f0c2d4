"""What a contact's mail tells about them, beside their fields: put in or declined by a press."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.access.rights import Act
from crm.access.rights.repository import acts_on
from crm.records.completion.settling import Wish
from crm.records.completion.settling import settle as settle_suggestion
from crm.records.completion.suggesting import suggestions_for
from crm.records.fields.standard import labels_of
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.forms import RowId
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
NAMES = {"company": "Company", **labels_of(RecordType.CONTACT)}


@router.get("/contacts/{contact_id}/suggestions")
def suggestions(request: Request, me: Me, contact_id: RowId) -> Response:
    """What the newest mails that the reader may read tell beyond what is known."""
    services = services_of(request)
    with services.store.database.reading() as session:
        found = suggestions_for(services.store, session, me.viewer, contact_id)
        may_edit = Act.EDIT in acts_on(session, me.viewer, (RecordType.CONTACT, contact_id))
    return render_overlay(
        request,
        me,
        "records/_suggestions.html",
        suggestions=found,
        names=NAMES,
        contact_id=contact_id,
        may_edit=may_edit,
    )


@router.post("/contacts/{contact_id}/suggestions")
def settle(
    request: Request,
    me: Me,
    contact_id: RowId,
    field: Annotated[str, Form()],
    value: Annotated[str, Form()],
    wish: Annotated[Wish, Form()],
) -> Response:
    """Put one into the contact, or never ask again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        settle_suggestion(session, me.viewer, contact_id, field, value, wish)
    return RedirectResponse(f"/contacts/{contact_id}", 303)
