"""Mailboxes over the API: how they fare, what is chosen about them, audits, quarantine, removal."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from core.clock import utcnow
from crm.conversations.repository.mailboxes import mailboxes
from crm.conversations.views.mailboxes import MailboxView
from mailsync import repository as rows
from mailsync.choices import repository as choices
from mailsync.choices.changing import Choices, change_mailbox
from mailsync.choices.depth import read_depth
from mailsync.health.auditing import ask_for_audit
from mailsync.health.looking import mailbox_health
from mailsync.health.quarantine import raw_message, try_again
from mailsync.health.views import MailboxHealth
from mailsync.removal.asking import ask_to_remove, plan_removal, take_back
from mailsync.removal.repository.planning import Plan
from mailsync.steering import ask_for_pass, pause_mailbox, resume_mailbox
from storage.models import ShareLevel
from web.api.callers import MailReader, SettingsReader, SettingsWriter
from web.api.paging import Listing
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["mailboxes"])


class Chosen(BaseModel):
    """What is chosen about a mailbox; `folders` are the ids of those that are followed."""

    name: str
    signature: str
    signed_answers: bool
    aliases: list[str]
    share_level: ShareLevel
    folders: list[int]
    depth_since: datetime | None
    poll_minutes: int
    members: list[int]
    queue: list[int]


class Wish(BaseModel):
    """What to change; what is left out stays. `depth`: `7 days`, `30 days`, `90 days`, `year`, `everything` or a day."""

    name: str | None = None
    signature: str | None = None
    signed_answers: bool | None = None
    aliases: list[str] | None = None
    share_level: ShareLevel | None = None
    folders: list[RowId] | None = None
    depth: Annotated[str | None, Field(examples=["90 days", "2026-01-31"])] = None
    poll_minutes: int | None = None
    members: list[RowId] | None = None
    queue: list[RowId] | None = None


class AuditWish(BaseModel):
    """Whether what differs is repaired: missing mail fetched at the next pass, what is gone forgotten."""

    repair: bool = False


@router.get("/mailboxes")
def mailbox_list(request: Request, viewer: SettingsReader) -> Listing[MailboxView]:
    """Mailboxes and how they fare."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=list(mailboxes(session, viewer)))


@router.get("/mailboxes/{mailbox_id}")
def one_mailbox(request: Request, viewer: SettingsReader, mailbox_id: RowId) -> MailboxHealth:
    """One mailbox: its folders, progress, gaps, quarantine, states of the last thirty days, last audit."""
    with services_of(request).store.database.reading() as session:
        return mailbox_health(session, viewer, mailbox_id)


@router.get("/mailboxes/{mailbox_id}/choices")
def chosen(request: Request, viewer: SettingsReader, mailbox_id: RowId) -> Chosen:
    """What is chosen about a mailbox."""
    with services_of(request).store.database.reading() as session:
        health = mailbox_health(session, viewer, mailbox_id)
        row = rows.mailbox(session, mailbox_id)
        return Chosen(
            name=row.name,
            signature=row.signature,
            signed_answers=row.signed_answers,
            aliases=choices.aliases(session, mailbox_id),
            share_level=row.share_level,
            folders=[one.id for one in health.folders if one.chosen],
            depth_since=row.depth_since,
            poll_minutes=row.poll_minutes,
            members=choices.members(session, mailbox_id),
            queue=row.queue,
        )


@router.patch("/mailboxes/{mailbox_id}/choices")
def choose(request: Request, viewer: SettingsWriter, mailbox_id: RowId, wish: Wish) -> Chosen:
    """Change some of it; all or nothing."""
    wanted: dict[str, Any] = wish.model_dump(exclude={"depth"})
    depth = None if wish.depth is None else read_depth(wish.depth, utcnow())
    change_mailbox(services_of(request).store, viewer, mailbox_id, Choices(**wanted, depth=depth))
    return chosen(request, viewer, mailbox_id)


@router.post("/mailboxes/{mailbox_id}/pass", status_code=202)
def look_now(request: Request, viewer: SettingsWriter, mailbox_id: RowId) -> None:
    """Have a pass made now."""
    ask_for_pass(services_of(request).store, viewer, mailbox_id)


@router.post("/mailboxes/{mailbox_id}/pause", status_code=204)
def pause(request: Request, viewer: SettingsWriter, mailbox_id: RowId) -> None:
    """Stop syncing."""
    pause_mailbox(services_of(request).store, viewer, mailbox_id)


@router.post("/mailboxes/{mailbox_id}/resume", status_code=204)
def resume(request: Request, viewer: SettingsWriter, mailbox_id: RowId) -> None:
    """Go on where it stopped."""
    resume_mailbox(services_of(request).store, viewer, mailbox_id)


@router.post("/mailboxes/{mailbox_id}/audit", status_code=202)
def audit(request: Request, viewer: SettingsWriter, mailbox_id: RowId, wish: AuditWish) -> None:
    """Compare with the server; the result stands in the mailbox's `audit` when its `finished_at` is set."""
    ask_for_audit(services_of(request).store, viewer, mailbox_id, repair=wish.repair)


@router.get("/mailboxes/{mailbox_id}/quarantine/{quarantine_id}/raw", response_class=Response)
def quarantined_bytes(request: Request, viewer: MailReader, mailbox_id: RowId, quarantine_id: RowId) -> Response:
    """A message that could not be stored, as the server gave it: for who owns the mailbox or works in it."""
    raw = raw_message(services_of(request).store, viewer, mailbox_id, quarantine_id)
    return Response(raw, media_type="message/rfc822", headers={"content-disposition": "attachment"})


@router.post("/mailboxes/{mailbox_id}/quarantine/retry", status_code=202)
def retry_quarantined(
    request: Request, viewer: SettingsWriter, mailbox_id: RowId, quarantine_id: RowId | None = None
) -> dict[str, int]:
    """Try to store one message again, or all of them; tells how many."""
    return {"asked": try_again(services_of(request).store, viewer, mailbox_id, quarantine_id)}


@router.get("/mailboxes/{mailbox_id}/removal")
def removal_plan(request: Request, viewer: SettingsReader, mailbox_id: RowId) -> Plan:
    """Exact numbers of what a removal would take away."""
    with services_of(request).store.database.reading() as session:
        return plan_removal(session, viewer, mailbox_id)


@router.delete("/mailboxes/{mailbox_id}", status_code=202)
def remove(
    request: Request,
    viewer: SettingsWriter,
    mailbox_id: RowId,
    keep_mail: Annotated[bool, Query(description="Whether mail on records stays with them.")],
) -> None:
    """Stop syncing now and remove the mailbox in a minute; until then `POST …/keep` takes it back."""
    ask_to_remove(services_of(request).store, viewer, mailbox_id, keep_mail=keep_mail)


@router.post("/mailboxes/{mailbox_id}/keep", status_code=204)
def keep(request: Request, viewer: SettingsWriter, mailbox_id: RowId) -> None:
    """Take a removal back that has not begun."""
    take_back(services_of(request).store, viewer, mailbox_id)
