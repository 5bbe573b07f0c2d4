"""Settings → Read receipts: for everybody, and for each mailbox that one works in."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.outgoing.receipts.repository import mailbox_words
from crm.outgoing.receipts.switching import are_on, switch, switch_mailbox
from storage.writer_lock import Urgency
from web.console.mail_form import RECEIPTS
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/settings/receipts")


@router.get("")
def receipts_page(request: Request, me: Me) -> Response:
    """What they are, and where they are on."""
    with services_of(request).store.database.reading() as session:
        on, mailboxes = are_on(session), mailbox_words(session, me.viewer)
    return render(request, me, "settings/receipts.html", on=on, mailboxes=mailboxes)


@router.post("")
def for_everybody(request: Request, me: Me, on: Annotated[bool, Form()] = False) -> Response:
    """The word for mailboxes that have none of their own."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        switch(session, me.viewer, on=on)
    return RedirectResponse("/settings/receipts", 303)


@router.post("/{mailbox_id}")
def for_mailbox(request: Request, me: Me, mailbox_id: RowId, receipts: Annotated[str, Form()] = "") -> Response:
    """A mailbox's own word."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        switch_mailbox(session, me.viewer, mailbox_id, RECEIPTS.get(receipts))
    return RedirectResponse("/settings/receipts", 303)
