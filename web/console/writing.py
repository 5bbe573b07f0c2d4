"""Writing mail: new, reply, forward; sent after a moment in which it can be taken back; and the outbox."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.conversations.repository.messages import message_view
from crm.conversations.repository.reach import reach_of
from crm.conversations.views import OwnMailbox
from crm.outgoing.composing import start_forward, start_new, start_reply
from crm.outgoing.queueing import cancel, prepare_files, queue_mail, send_again, settle_as_sent
from crm.outgoing.repository import files_of_message, outgoing, outgoing_mails
from crm.outgoing.views import Composition, MailKind, Recipient, StoredFile
from mailsync.actions.drafting import discard_draft, files_of_draft, save_draft
from parsers.fields.address_list import parse_addresses
from storage.models import SendState
from storage.store import Store
from storage.writer_lock import Urgency
from web.forms import moment, zone_of
from web.rendering import render, render_overlay
from web.signed_in import Me, SignedIn, services_of

router = APIRouter()
PAGE = 50
Upload = tuple[str, str, bytes]
LARGEST_UPLOAD = 25 * 1024 * 1024


@router.get("/compose")
def compose(request: Request, me: Me, to: str = "", mailbox: int | None = None) -> Response:
    """A new mail."""
    boxes = _boxes(request, me)
    draft = start_new(services_of(request).store, me.viewer, mailbox or boxes[0].id, to=recipients(to))
    return render_overlay(request, me, "mail/_compose.html", draft=draft, boxes=boxes, heading="New mail", back="")


@router.get("/mail/messages/{message_id}/reply")
def reply(request: Request, me: Me, message_id: int, to_all: Annotated[bool, Query(alias="all")] = False) -> Response:
    """An answer, under the conversation."""
    boxes = _boxes(request, me, message_id)
    store = services_of(request).store
    draft = start_reply(store, me.viewer, boxes[0].id, message_id, to_all=to_all, time_zone=me.time_zone)
    heading = "Reply to all" if to_all else "Reply"
    back = _thread_path(request, me, message_id)
    return render_overlay(request, me, "mail/_compose.html", draft=draft, boxes=boxes, heading=heading, back=back)


@router.get("/mail/messages/{message_id}/forward")
def forward(request: Request, me: Me, message_id: int) -> Response:
    """The message, to somebody else."""
    boxes = _boxes(request, me, message_id)
    draft = start_forward(services_of(request).store, me.viewer, boxes[0].id, message_id, time_zone=me.time_zone)
    back = _thread_path(request, me, message_id)
    return render_overlay(request, me, "mail/_compose.html", draft=draft, boxes=boxes, heading="Forward", back=back)


@router.post("/outgoing")
def send(
    request: Request,
    me: Me,
    mailbox: Annotated[int, Form()],
    to: Annotated[str, Form()] = "",
    cc: Annotated[str, Form()] = "",
    bcc: Annotated[str, Form()] = "",
    subject: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    kind: Annotated[MailKind, Form()] = MailKind.NEW,
    in_reply_to: Annotated[int | None, Form()] = None,
    later: Annotated[str, Form()] = "",
    stored: Annotated[list[str] | None, Form()] = None,
    files: Annotated[list[UploadFile] | None, Form()] = None,
    back: Annotated[str, Form()] = "",
    draft: Annotated[int | None, Form()] = None,
    intent: Annotated[str, Form()] = "send",
) -> Response:
    """Hand a mail over; it leaves after the undo time, or when it was asked to. With intent `draft` it is only kept.

    `draft` is the draft that it was until now.
    """
    store = services_of(request).store
    mail = Composition(
        kind,
        mailbox,
        recipients(to),
        subject,
        text,
        cc=recipients(cc),
        bcc=recipients(bcc),
        in_reply_to_id=in_reply_to,
        stored_files=_stored_files(request, me, stored or []),
    )
    uploads = _uploads(files or [])
    if draft is not None:
        mail, kept = _out_of_draft(store, me, mail, draft)
        uploads = [*kept, *uploads]
    if intent == "draft":
        save_draft(store, me.viewer, mail, files=uploads, replaces=draft)
        return RedirectResponse(
            f"{back}?did=draft" if back.startswith("/mail/") else "/mail?view=drafts&did=draft", 303
        )
    prepared = prepare_files(store.blobs, uploads)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        send_at = moment(later, zone_of(me.time_zone))
        outgoing_id = queue_mail(session, me.viewer, mail, files=prepared, send_at=send_at)
        if draft is not None:
            discard_draft(session, me.viewer, draft)
    target = back if back.startswith("/mail/") else "/outbox"
    return RedirectResponse(f"{target}?{urlencode({'sent': outgoing_id})}", 303)


@router.post("/outgoing/{outgoing_id}/cancel")
def take_back(request: Request, me: Me, outgoing_id: int) -> Response:
    """Take a mail back, and open it again to be changed."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        cancel(session, me.viewer, outgoing_id)
    return RedirectResponse(f"/outgoing/{outgoing_id}/edit", 303)


@router.get("/outgoing/{outgoing_id}/edit")
def edit_again(request: Request, me: Me, outgoing_id: int) -> Response:
    """A mail that was taken back, as a new draft."""
    with services_of(request).store.database.reading() as session:
        mail = outgoing(session, me.viewer, outgoing_id)
    kinds = {kind.value: kind for kind in MailKind}
    draft = Composition(
        kinds.get(mail.kind, MailKind.NEW),
        mail.mailbox_id,
        mail.to,
        mail.subject,
        mail.text,
        cc=mail.cc,
        bcc=mail.bcc,
        in_reply_to_id=mail.in_reply_to_id,
    )
    boxes = _boxes(request, me)
    return render_overlay(request, me, "mail/_compose.html", draft=draft, boxes=boxes, heading="Not sent", back="")


@router.get("/outbox")
def outbox_page(request: Request, me: Me, before: int | None = None) -> Response:
    """What was sent from here, what waits, and what did not get through."""
    with services_of(request).store.database.reading() as session:
        rows = outgoing_mails(session, me.viewer, before_id=before, limit=PAGE + 1)
    return render(request, me, "mail/outbox.html", rows=rows[:PAGE], more_there=len(rows) > PAGE, states=SendState)


@router.post("/outgoing/{outgoing_id}/again")
def try_again(request: Request, me: Me, outgoing_id: int) -> Response:
    """Send a mail again that failed or is in doubt."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        send_again(session, me.viewer, outgoing_id)
    return RedirectResponse("/outbox", 303)


@router.post("/outgoing/{outgoing_id}/arrived")
def it_arrived(request: Request, me: Me, outgoing_id: int) -> Response:
    """Somebody knows that a mail in doubt arrived."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        settle_as_sent(session, me.viewer, outgoing_id)
    return RedirectResponse("/outbox", 303)


def recipients(line: str) -> tuple[Recipient, ...]:
    """Addresses as people type them: with or without names, between commas or semicolons."""
    found = parse_addresses(line.replace(";", ",").replace("\n", ","))
    return tuple(Recipient(address.address or address.name, address.name) for address in found)


def _out_of_draft(store: Store, me: SignedIn, mail: Composition, draft: int) -> tuple[Composition, list[Upload]]:
    """The mail with the files that came out of its draft as files of its own: the draft is about to go."""
    indexes = [file.index for file in mail.stored_files if file.message_id == draft]
    with store.database.reading() as session:
        kept = files_of_draft(store, session, me.viewer, draft, indexes)
    others = tuple(file for file in mail.stored_files if file.message_id != draft)
    return replace(mail, stored_files=others), kept


def _boxes(request: Request, me: SignedIn, message_id: int | None = None) -> list[OwnMailbox]:
    """Mailboxes to write from, first the one that holds the message. Raises `UsageError` when there is none."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        boxes = [box for box in reach_of(session, me.viewer).mailboxes if box.can_send]
        places = message_view(session, me.viewer, message_id).places if message_id else ()
    if not boxes:
        raise UsageError("You have no mailbox to send from yet: connect one in Settings.")
    holding = {place.mailbox_id for place in places if place.own}
    return sorted(boxes, key=lambda box: (box.id not in holding, box.shared))


def _thread_path(request: Request, me: SignedIn, message_id: int) -> str:
    with services_of(request).store.database.reading() as session:
        return f"/mail/threads/{message_view(session, me.viewer, message_id).thread_id}"


def _stored_files(request: Request, me: SignedIn, names: list[str]) -> tuple[StoredFile, ...]:
    """`message:index` of attachments that go along with a forward; the ones that are there."""
    wanted = [(int(left), int(right)) for left, _, right in (name.partition(":") for name in names)]
    files: list[StoredFile] = []
    with services_of(request).store.database.reading() as session:
        for message_id in dict.fromkeys(message_id for message_id, _ in wanted):
            message_view(session, me.viewer, message_id)
            there = files_of_message(session, me.viewer, message_id)
            files.extend(StoredFile(message_id, *file) for file in there if (message_id, file[0]) in wanted)
    return tuple(files)


def _uploads(files: list[UploadFile]) -> list[Upload]:
    read = [
        (file.filename, file.content_type or "application/octet-stream", file.file.read(LARGEST_UPLOAD + 1))
        for file in files
        if file.filename
    ]
    if sum(len(content) for _, _, content in read) > LARGEST_UPLOAD:
        raise UsageError("The attachments are larger than 25 MB together: no mail server would take them.")
    return read
