"""Drafts in the console: opened again to be continued. (Saving is the other button of the form in `writing.py`.)"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from crm.conversations.repository.reach import reach_of
from crm.outgoing.composing import open_draft
from mailsync.actions.drafting import discard_draft, mailbox_of_draft
from storage.writer_lock import Urgency
from web.console.mail_form import fields_of
from web.console.writing import show_form
from web.signed_in import Me, services_of

router = APIRouter()


@router.get("/mail/messages/{message_id}/draft")
def continue_draft(request: Request, me: Me, message_id: int) -> Response:
    """A draft in the form in which it was written."""
    me.viewer.require_write()
    store = services_of(request).store
    with store.database.reading() as session:
        mailbox_id = mailbox_of_draft(session, me.viewer, message_id)
        boxes = [box for box in reach_of(session, me.viewer).mailboxes if box.can_send or box.id == mailbox_id]
    draft = open_draft(store, me.viewer, mailbox_id, message_id)
    return show_form(request, me, fields_of(draft, message_id), boxes, heading="Draft")


@router.post("/mail/messages/{message_id}/draft/discard")
def throw_draft_away(request: Request, me: Me, message_id: int) -> Response:
    """The draft is not wanted any more."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        discard_draft(session, me.viewer, message_id)
    return RedirectResponse("/mail?view=drafts&did=discarded", 303)
