"""Drafts in the console: kept while somebody writes, and opened again to be continued.

(Saving by hand is another button of the form in `writing.py`.)
"""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from crm.conversations.repository.reach import reach_of
from crm.outgoing.composing import open_draft
from mailsync.actions.drafting import mailbox_of_draft, save_draft
from web.console.mail_form import MailForm, fields_again, fields_of, file_choices, without_unfinished, written_mail
from web.console.writing import show_form, throw_away, with_its_draft
from web.forms import RowId
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()


@router.post("/mail/drafts")
def keep_while_writing(request: Request, me: Me, form: Annotated[MailForm, Depends()]) -> Response:
    """The mail as it stands now, in place of the version before. The answer is the part of the form that knows it.

    Addresses that are not finished yet are left out, the others stay.
    """
    store = services_of(request).store
    form = with_its_draft(store, me, form)
    mail, files = written_mail(store, me.viewer, form)
    draft_id = save_draft(store, me.viewer, without_unfinished(mail), files=files, replaces=form.draft)
    kept = open_draft(store, me.viewer, form.mailbox, draft_id)
    fields = fields_again(form, file_choices(kept), draft_id)
    return render_overlay(request, me, "mail/_draft_state.html", fields=fields)


@router.get("/mail/messages/{message_id}/draft")
def continue_draft(request: Request, me: Me, message_id: RowId) -> Response:
    """A draft in the form in which it was written."""
    me.viewer.require_write()
    store = services_of(request).store
    with store.database.reading() as session:
        mailbox_id = mailbox_of_draft(session, me.viewer, message_id)
        boxes = [box for box in reach_of(session, me.viewer).mailboxes if box.can_send or box.id == mailbox_id]
    draft = open_draft(store, me.viewer, mailbox_id, message_id)
    return show_form(request, me, fields_of(draft, message_id), boxes, heading="Draft")


@router.post("/mail/messages/{message_id}/draft/discard")
def throw_draft_away(request: Request, me: Me, message_id: RowId) -> Response:
    """The draft is not wanted any more."""
    throw_away(services_of(request).store, me, message_id)
    return RedirectResponse("/mail?view=drafts&did=discarded", 303)
