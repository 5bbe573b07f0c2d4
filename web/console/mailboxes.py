"""Mailboxes in Settings: how each fares, in words; connecting one, pausing it, letting it go on."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.addresses import address_key
from core.clock import utcnow
from core.errors import UsageError
from crm.conversations.repository.mailboxes import mailboxes
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.imap.server import Security
from mailsync.presets import preset_for, presets
from mailsync.steering import change_password, pause_mailbox, resume_mailbox, share_mailbox
from storage.models import ShareLevel
from web.rendering import render
from web.signed_in import Me, services_of

router = APIRouter()
DEPTHS = {"week": 7, "month": 30, "quarter": 90, "year": 365}
"""How far back history is loaded, in days; everything else is everything."""


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


@router.get("/settings/mailboxes/new")
def mailbox_form(request: Request, me: Me) -> Response:
    """The form of a new mailbox."""
    me.viewer.require_write()
    return render(request, me, "settings/mailbox_new.html", failure="", given={}, presets=presets())


@router.get("/settings/mailboxes/provider")
def provider_note(request: Request, me: Me, email: str = "") -> Response:
    """What is known about the provider of an address, while it is typed."""
    preset = preset_for(address_key(email)) if "@" in email else None
    return render(
        request,
        me,
        "overlay_page.html",
        part="settings/_provider.html",
        overlay="settings/_provider.html",
        preset=preset,
        email=email,
    )


@router.post("/settings/mailboxes")
def connect(
    request: Request,
    me: Me,
    email: Annotated[str, Form()],
    password: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
    depth: Annotated[str, Form()] = "year",
    shared: Annotated[bool, Form()] = False,
    imap_host: Annotated[str, Form()] = "",
    imap_port: Annotated[str, Form()] = "",
    imap_security: Annotated[Security, Form()] = Security.TLS,
    username: Annotated[str, Form()] = "",
    smtp_url: Annotated[str, Form()] = "",
) -> Response:
    """Test the connection and save the mailbox; what is wrong is said beside the form, which stays as it was."""
    me.viewer.require_write()
    if shared:
        me.viewer.require_administrator()
    services = services_of(request)
    by_hand = bool(imap_host.strip())
    new = NewMailbox(
        email.strip(),
        password,
        name=name.strip(),
        imap_host=imap_host.strip() or None,
        imap_port=int(imap_port) if imap_port.strip().isdigit() else None,
        imap_security=imap_security if by_hand else None,
        username=username.strip() or None,
        smtp_url=smtp_url.strip() or None,
        owner_id=None if shared else me.id,
        shared=shared,
        depth_since=utcnow() - timedelta(days=DEPTHS[depth]) if depth in DEPTHS else None,
    )
    try:
        add_mailbox(services.store, services.settings, new)
    except UsageError as error:
        given = {"email": email, "name": name, "imap_host": imap_host, "imap_port": imap_port, "username": username}
        given |= {"smtp_url": smtp_url}
        return render(
            request, me, "settings/mailbox_new.html", status=422, failure=str(error), given=given, presets=presets()
        )
    return RedirectResponse("/settings", 303)


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
