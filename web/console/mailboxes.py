"""Mailboxes in Settings: how each fares, in words; pausing one, letting it go on."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from core.errors import UsageError
from crm.conversations.repository.mailboxes import mailboxes
from mailsync.steering import change_password, pause_mailbox, resume_mailbox, share_mailbox
from storage.models import ShareLevel
from web.rendering import render
from web.signed_in import Me, services_of

router = APIRouter()


@router.get("/settings")
def mailbox_list(request: Request, me: Me) -> Response:
    """All mailboxes that are mine to see."""
    return _list(request, me)


def _list(request: Request, me: Me, *, failure: str = "", failed_id: int | None = None, status: int = 200) -> Response:
    with services_of(request).store.database.reading() as session:
        rows = mailboxes(session, me.viewer)
    return render(
        request,
        me,
        "settings/mailboxes.html",
        status=status,
        rows=rows,
        now=utcnow(),
        failure=failure,
        failed_id=failed_id,
        levels=list(ShareLevel),
    )


@router.post("/settings/mailboxes/{mailbox_id}/password")
def new_password(request: Request, me: Me, mailbox_id: int, password: Annotated[str, Form()]) -> Response:
    """Try another password and go on with it; what is wrong with it is said on the list."""
    me.viewer.require_write()
    services = services_of(request)
    try:
        change_password(services.store, services.settings, me.viewer, mailbox_id, password)
    except UsageError as error:
        return _list(request, me, failure=str(error), failed_id=mailbox_id, status=422)
    return RedirectResponse("/settings", 303)


@router.post("/settings/mailboxes/{mailbox_id}/sharing")
def share(request: Request, me: Me, mailbox_id: int, level: Annotated[ShareLevel, Form()]) -> Response:
    """Choose what colleagues read of this mailbox on records."""
    me.viewer.require_write()
    share_mailbox(services_of(request).store, me.viewer, mailbox_id, level)
    return RedirectResponse("/settings", 303)


@router.post("/settings/mailboxes/{mailbox_id}/pause")
def pause(request: Request, me: Me, mailbox_id: int) -> Response:
    """Stop syncing."""
    me.viewer.require_write()
    pause_mailbox(services_of(request).store, me.viewer, mailbox_id)
    return RedirectResponse("/settings", 303)


@router.post("/settings/mailboxes/{mailbox_id}/resume")
def resume(request: Request, me: Me, mailbox_id: int) -> Response:
    """Go on where it stopped."""
    me.viewer.require_write()
    resume_mailbox(services_of(request).store, me.viewer, mailbox_id)
    return RedirectResponse("/settings", 303)
