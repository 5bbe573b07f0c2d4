"""One mailbox in Settings: how it fares, live; what the server refuses or we could not store; audits; a pass now."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import MailsyncError, NotFound
from crm.access import repository as people
from crm.conversations.repository.reach import reach_of
from mailsync import repository as rows
from mailsync.choices import repository as choices
from mailsync.choices.changing import POLL_MINUTES
from mailsync.choices.depth import DAYS, EVERYTHING
from mailsync.health.auditing import ask_for_audit
from mailsync.health.looking import mailbox_health
from mailsync.health.quarantine import raw_message, try_again
from mailsync.health.views import MailboxHealth
from mailsync.steering import ask_for_pass
from storage.models import Mailbox, MailboxState, ShareLevel
from web import mailbox_words
from web.forms import RowId
from web.rendering import render, wants_part
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router(prefix="/settings/mailboxes/{mailbox_id:int}")
SOON, LATER = "every 2s", "every 20s"


@router.get("")
def mailbox_page(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """Everything about one mailbox; for htmx the part that changes by itself, and the way out when it was removed."""
    try:
        return show_mailbox(request, me, mailbox_id)
    except NotFound:
        if not wants_part(request):
            raise
        return Response(status_code=204, headers={"hx-redirect": "/settings"})


def show_mailbox(
    request: Request,
    me: SignedIn,
    mailbox_id: int,
    failures: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Response:
    """The page; with `failures` (words by the name of the card) where something could not be done.

    `typed` are the fields of the form that failed, as they were sent: they are shown in the place of what is stored.
    """
    store = services_of(request).store
    with store.database.reading() as session:
        health = mailbox_health(session, me.viewer, mailbox_id)
        row = rows.mailbox(session, mailbox_id)
        aliases = choices.aliases(session, mailbox_id)
        members = choices.members(session, mailbox_id)
        colleagues = people.people(session, me.viewer, with_inactive=False)
        works_here = mailbox_id in reach_of(session, me.viewer).mailbox_ids
    return render(
        request,
        me,
        "settings/mailbox.html",
        part="settings/_mailbox_health.html",
        status=422 if failures else 200,
        health=health,
        box=health.box,
        every=_pace(health),
        failures=failures or {},
        says=mailbox_words,
        levels=list(ShareLevel),
        depths=(*DAYS, EVERYTHING),
        paces=POLL_MINUTES,
        row=row,
        works_here=works_here,
        colleagues=colleagues,
        fields={**_stored(row, health, aliases, members), **(typed or {})},
    )


def _stored(row: Mailbox, health: MailboxHealth, aliases: Sequence[str], members: Sequence[int]) -> dict[str, Any]:
    """The fields of the cards, by their names in the forms, as they are now."""
    return {
        "folders": [folder.id for folder in health.folders if folder.followed],
        "depth": "",
        "day": "",
        "poll_minutes": row.poll_minutes,
        "name": row.name,
        "aliases": "\n".join(aliases),
        "signature": row.signature,
        "signed_answers": row.signed_answers,
        "level": row.share_level,
        "members": members,
    }


def _pace(health: MailboxHealth) -> str:
    """How often the page looks again by itself."""
    under_way = health.audit is not None and health.audit.under_way
    if health.loading or under_way or health.removal or health.box.state is MailboxState.CONNECTING:
        return SOON
    return LATER


def back(mailbox_id: int, card: str = "") -> Response:
    """To the page of the mailbox, at one of its cards."""
    return RedirectResponse(f"/settings/mailboxes/{mailbox_id}{'#' + card if card else ''}", 303)


@router.post("/pass")
def look_now(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """Have a pass made now, also over folders that were refused."""
    me.viewer.require_write()
    ask_for_pass(services_of(request).store, me.viewer, mailbox_id)
    return back(mailbox_id)


@router.post("/audit")
def audit(request: Request, me: Me, mailbox_id: RowId, repair: Annotated[bool, Form()] = False) -> Response:
    """Compare with the server; `repair` fetches what is missing and forgets what is gone."""
    me.viewer.require_write()
    ask_for_audit(services_of(request).store, me.viewer, mailbox_id, repair=repair)
    return back(mailbox_id, "audit")


@router.get("/quarantine/{quarantine_id:int}")
def quarantined_bytes(request: Request, me: Me, mailbox_id: RowId, quarantine_id: RowId) -> Response:
    """A message that could not be stored, as the server gave it: for who owns the mailbox or works in it."""
    raw = raw_message(services_of(request).store, me.viewer, mailbox_id, quarantine_id)
    headers = {"content-disposition": f'attachment; filename="message-{quarantine_id}.eml"'}
    return Response(raw, media_type="message/rfc822", headers=headers)


@router.post("/quarantine")
def retry_quarantined(
    request: Request, me: Me, mailbox_id: RowId, quarantine_id: Annotated[RowId | None, Form()] = None
) -> Response:
    """Try to store one message again, or all of them."""
    me.viewer.require_write()
    try_again(services_of(request).store, me.viewer, mailbox_id, quarantine_id)
    return back(mailbox_id, "quarantine")


def refused(
    request: Request,
    me: SignedIn,
    mailbox_id: int,
    card: str,
    error: MailsyncError,
    typed: Mapping[str, Any] | None = None,
) -> Response:
    """The page again, with what is wrong beside the card it came from, and in that card what was `typed`."""
    return show_mailbox(request, me, mailbox_id, {card: str(error)}, typed)
