"""Removing a mailbox: the numbers first, then a minute to take it back."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from crm.conversations.repository.mailboxes import mailbox_view
from mailsync import repository as rows
from mailsync.oauth.providers import GIVEN_BACK
from mailsync.removal.asking import ask_to_remove, plan_removal, take_back
from web.console.mailbox import back
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/settings/mailboxes/{mailbox_id:int}")


@router.get("/remove")
def what_would_go(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """Exact numbers of what goes, and the choice."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        box = mailbox_view(session, me.viewer, mailbox_id)
        plan = plan_removal(session, me.viewer, mailbox_id)
        provider = rows.mailbox(session, mailbox_id).oauth_provider
    given_back = GIVEN_BACK[provider] if provider else ""
    return render(request, me, "settings/mailbox_remove.html", box=box, plan=plan, given_back=given_back)


@router.post("/remove")
def remove(request: Request, me: Me, mailbox_id: RowId, mail: Annotated[str, Form()] = "keep") -> Response:
    """Stop syncing, and remove it in a minute."""
    me.viewer.require_write()
    ask_to_remove(services_of(request).store, me.viewer, mailbox_id, keep_mail=mail != "remove")
    return back(mailbox_id)


@router.post("/keep")
def keep(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """Take the removal back."""
    me.viewer.require_write()
    take_back(services_of(request).store, me.viewer, mailbox_id)
    return back(mailbox_id)
