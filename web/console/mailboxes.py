"""Mailboxes in Settings: how each fares, in words; pausing one, letting it go on."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from core.errors import UsageError
from crm.conversations.repository.mailboxes import mailboxes
from mailsync.health.looking import loading_of
from mailsync.steering import change_password, pause_mailbox, resume_mailbox
from storage.models import MailboxState
from web import mailbox_words
from web.console.mailbox import LATER, SOON, back, refused
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
LOADING = (MailboxState.CONNECTING, MailboxState.BACKFILLING)
BUSY = (*LOADING, MailboxState.REMOVING)


@router.get("/settings")
def mailbox_list(request: Request, me: Me) -> Response:
    """All mailboxes that are mine to see."""
    with services_of(request).store.database.reading() as session:
        rows = mailboxes(session, me.viewer)
        progress = {box.id: loading_of(session, box.id) for box in rows if box.state in LOADING}
    return render(
        request,
        me,
        "settings/mailboxes.html",
        part="settings/_mailboxes.html",
        rows=rows,
        progress=progress,
        every=SOON if any(box.state in BUSY for box in rows) else LATER,
        says=mailbox_words,
    )


@router.post("/settings/mailboxes/{mailbox_id}/password")
def new_password(request: Request, me: Me, mailbox_id: RowId, password: Annotated[str, Form()]) -> Response:
    """Try another password and go on with it; what is wrong with it is said beside it."""
    me.viewer.require_write()
    services = services_of(request)
    try:
        change_password(services.store, services.settings, me.viewer, mailbox_id, password)
    except UsageError as error:
        return refused(request, me, mailbox_id, "health", error)
    return back(mailbox_id)


@router.post("/settings/mailboxes/{mailbox_id}/pause")
def pause(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """Stop syncing."""
    me.viewer.require_write()
    pause_mailbox(services_of(request).store, me.viewer, mailbox_id)
    return back(mailbox_id)


@router.post("/settings/mailboxes/{mailbox_id}/resume")
def resume(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """Go on where it stopped."""
    me.viewer.require_write()
    resume_mailbox(services_of(request).store, me.viewer, mailbox_id)
    return back(mailbox_id)
