"""Writing mail: new, reply, forward; sent after a moment in which it can be taken back; and the outbox."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import Conflict, MailsyncError, NotFound, UsageError
from crm.conversations.repository.messages import message_view
from crm.conversations.repository.reach import reach_of
from crm.conversations.views.reach import OwnMailbox
from crm.outgoing.composing import open_draft, start_forward, start_new, start_reply
from crm.outgoing.queueing import cancel, prepare_files, queue_mail, send_again, settle_as_sent
from crm.outgoing.reopening import reopen
from crm.outgoing.repository import outgoing_mails
from crm.outgoing.templates.filling import placeholders_in
from crm.outgoing.templates.repository import templates
from crm.outgoing.views import MailKind
from mailsync.actions.drafting import discard_draft, mailbox_of_draft, save_draft
from storage.models import SendState
from storage.store import Store
from storage.writer_lock import Urgency
from web.console.mail_form import (
    Fields,
    MailForm,
    fields_again,
    fields_of,
    file_choices,
    recipients,
    ticked_files,
    without_unfinished,
    written_here,
    written_mail,
)
from web.failures import status_of
from web.forms import RowId, moment
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
PAGE = 50
AS_IT_IS = "as_it_is"
HEADINGS = {
    MailKind.NEW: "New mail",
    MailKind.REPLY: "Reply",
    MailKind.REPLY_ALL: "Reply to all",
    MailKind.FORWARD: "Forward",
}
WAITS = (0.25, 0.5, 1.0, 2.0)
"""Seconds between the tries of what has to wait until the mail server has a draft."""
Written = Annotated[MailForm, Depends()]
T = TypeVar("T")


class Unfilled(UsageError):
    """The mail still holds placeholders of a template."""

    def __init__(self, left: Sequence[str]) -> None:
        super().__init__(f"Nothing stands yet for {', '.join(left)}: write it, or send the mail as it is.")


@router.get("/compose")
def compose(request: Request, me: Me, to: str = "", mailbox: RowId | None = None) -> Response:
    """A new mail."""
    boxes = writing_boxes(request, me)
    draft = start_new(services_of(request).store, me.viewer, mailbox or boxes[0].id, to=recipients(to))
    return show_form(request, me, fields_of(draft), boxes)


@router.get("/mail/messages/{message_id}/reply")
def reply(request: Request, me: Me, message_id: RowId, to_all: Annotated[bool, Query(alias="all")] = False) -> Response:
    """An answer, under the conversation."""
    boxes = writing_boxes(request, me, message_id)
    store = services_of(request).store
    draft = start_reply(store, me.viewer, boxes[0].id, message_id, to_all=to_all, time_zone=me.time_zone)
    return show_form(request, me, fields_of(draft), boxes, back=_thread_path(request, me, message_id))


@router.get("/mail/messages/{message_id}/forward")
def forward(request: Request, me: Me, message_id: RowId) -> Response:
    """The message, to somebody else."""
    boxes = writing_boxes(request, me, message_id)
    draft = start_forward(services_of(request).store, me.viewer, boxes[0].id, message_id, time_zone=me.time_zone)
    return show_form(request, me, fields_of(draft), boxes, back=_thread_path(request, me, message_id))


@router.post("/outgoing")
def send(request: Request, me: Me, form: Written) -> Response:
    """Hand a mail over; it leaves after the undo time, or when it was asked to.

    With intent `draft` it is only kept, with `discard` thrown away. What is refused is shown again as it was typed.
    """
    store = services_of(request).store
    if form.intent == "discard":
        return _discard(store, me, form)
    try:
        if form.intent == "draft":
            mail, files = written_mail(store, me.viewer, form)
            once_stored(lambda: save_draft(store, me.viewer, mail, files=files, replaces=form.draft))
            to_drafts = f"{form.back}?did=draft" if form.back.startswith("/mail/") else "/mail?view=drafts&did=draft"
            return RedirectResponse(to_drafts, 303)
        outgoing_id = _hand_over(store, me, form)
    except (UsageError, Conflict, NotFound) as error:
        return _refused(request, me, form, error)
    target = form.back if form.back.startswith("/mail/") else "/outbox"
    return RedirectResponse(f"{target}?{urlencode({'sent': outgoing_id})}", 303)


@router.post("/outgoing/{outgoing_id}/cancel")
def take_back(request: Request, me: Me, outgoing_id: RowId) -> Response:
    """Take a mail back, and open it again to be changed."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        cancel(session, me.viewer, outgoing_id)
    return RedirectResponse(f"/outgoing/{outgoing_id}/edit", 303)


@router.get("/outgoing/{outgoing_id}/edit")
def edit_again(request: Request, me: Me, outgoing_id: RowId) -> Response:
    """A mail that was taken back, as a new one, with its files."""
    mail = reopen(services_of(request).store, me.viewer, outgoing_id)
    return show_form(request, me, fields_of(mail), writing_boxes(request, me), heading="Not sent")


@router.get("/outbox")
def outbox_page(request: Request, me: Me, before: RowId | None = None) -> Response:
    """What was sent from here, what waits, and what did not get through."""
    with services_of(request).store.database.reading() as session:
        rows = outgoing_mails(session, me.viewer, before_id=before, limit=PAGE + 1)
    return render(request, me, "mail/outbox.html", rows=rows[:PAGE], more_there=len(rows) > PAGE, states=SendState)


@router.post("/outgoing/{outgoing_id}/again")
def try_again(request: Request, me: Me, outgoing_id: RowId) -> Response:
    """Send a mail again that failed or is in doubt."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        send_again(session, me.viewer, outgoing_id)
    return RedirectResponse("/outbox", 303)


@router.post("/outgoing/{outgoing_id}/arrived")
def it_arrived(request: Request, me: Me, outgoing_id: RowId) -> Response:
    """Somebody knows that a mail in doubt arrived."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        settle_as_sent(session, me.viewer, outgoing_id)
    return RedirectResponse("/outbox", 303)


def show_form(
    request: Request,
    me: SignedIn,
    fields: Fields,
    boxes: list[OwnMailbox],
    *,
    heading: str = "",
    back: str = "",
    problem: str = "",
    unfilled: bool = False,
    status: int = 200,
) -> Response:
    """The form; `problem` is why it comes back, `unfilled` whether it may be sent with its placeholders."""
    with services_of(request).store.database.reading() as session:
        usable = templates(session, me.viewer)
    context = {"heading": heading or HEADINGS[fields.kind], "back": back, "problem": problem, "unfilled": unfilled}
    context["templates"] = usable
    return render_overlay(request, me, "mail/_compose.html", status=status, fields=fields, boxes=boxes, **context)


def writing_boxes(request: Request, me: SignedIn, message_id: int | None = None) -> list[OwnMailbox]:
    """Mailboxes to write from, first the one that holds the message. Raises `UsageError` when there is none."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        boxes = [box for box in reach_of(session, me.viewer).mailboxes if box.can_send]
        places = message_view(session, me.viewer, message_id).places if message_id else ()
    if not boxes:
        raise UsageError("You have no mailbox to send from yet: connect one in Settings.")
    holding = {place.mailbox_id for place in places if place.own}
    return sorted(boxes, key=lambda box: (box.id not in holding, box.shared))


def with_its_draft(store: Store, me: SignedIn, form: MailForm) -> MailForm:
    """The form as that of a new draft where its own was sent or thrown away elsewhere: what is typed here is kept."""
    if form.draft is None:
        return form
    try:
        with store.database.reading() as session:
            mailbox_of_draft(session, me.viewer, form.draft)
    except NotFound:
        others = [value for value in form.stored or () if not value.startswith(f"mail-{form.draft}-")]
        return replace(form, draft=None, stored=others)
    return form


def once_stored(act: Callable[[], T]) -> T:
    """What `act` gives, tried again for some seconds while the mail server is storing the draft that it is about.

    `act` changes nothing when it raises. Raises `Conflict` when the server takes longer.
    """
    for wait in WAITS:
        try:
            return act()
        except Conflict:
            time.sleep(wait)
    return act()


def throw_away(store: Store, me: SignedIn, draft_id: int) -> None:
    """Take a draft away, once the mail server has it. Raises `NotFound` when it is gone, `Conflict` as `once_stored`."""

    def discard() -> None:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            discard_draft(session, me.viewer, draft_id)

    once_stored(discard)


def _discard(store: Store, me: SignedIn, form: MailForm) -> Response:
    """A draft that has gone already is as well."""
    if form.draft is not None:
        with suppress(NotFound):
            throw_away(store, me, form.draft)
    target = form.back if form.back.startswith("/mail/") else "/mail"
    return RedirectResponse(f"{target}?did=discarded" if form.draft is not None else target, 303)


def _hand_over(store: Store, me: SignedIn, form: MailForm) -> int:
    left = placeholders_in(form.subject, written_here(form.text))
    if left and form.intent != AS_IT_IS:
        raise Unfilled(left)
    mail, files = written_mail(store, me.viewer, form)
    send_at = moment(form.later, me)
    prepared = prepare_files(store.blobs, files)

    def queue() -> int:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            outgoing_id = queue_mail(session, me.viewer, mail, files=prepared, send_at=send_at)
            if form.draft is not None:
                discard_draft(session, me.viewer, form.draft)
        return outgoing_id

    return once_stored(queue)


def _refused(request: Request, me: SignedIn, form: MailForm, error: MailsyncError) -> Response:
    """The form again, with what is wrong and the files that it had; what could not be kept of them is said."""
    boxes = writing_boxes(request, me)
    store, problem = services_of(request).store, str(error)
    living = with_its_draft(store, me, form)
    fields, lost = _fields_with_files(store, me, living)
    if lost or (living.stored or []) != (form.stored or []):
        problem += " Files that are not listed below are not kept: attach them again."
    unfilled = isinstance(error, Unfilled)
    status = status_of(error)
    return show_form(request, me, fields, boxes, back=form.back, problem=problem, unfilled=unfilled, status=status)


def _fields_with_files(store: Store, me: SignedIn, form: MailForm) -> tuple[Fields, bool]:
    """The form as it was typed, and whether files are lost to it. A browser can not be given those back that came with
    it, so they are kept in a draft; the others are where they were."""
    added = any(file.filename for file in form.files or ())
    with suppress(MailsyncError):
        if added or form.draft is not None:
            mail, files = written_mail(store, me.viewer, form)
            draft_id = save_draft(store, me.viewer, without_unfinished(mail), files=files, replaces=form.draft)
            kept = open_draft(store, me.viewer, form.mailbox, draft_id)
            return fields_again(form, file_choices(kept), draft_id), False
    with suppress(MailsyncError):
        return fields_again(form, ticked_files(store, me.viewer, form), form.draft), added
    return fields_again(form, (), form.draft), True


def _thread_path(request: Request, me: SignedIn, message_id: int) -> str:
    with services_of(request).store.database.reading() as session:
        return f"/mail/threads/{message_view(session, me.viewer, message_id).thread_id}"
