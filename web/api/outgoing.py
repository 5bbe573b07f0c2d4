"""Single mails: sent through a mailbox of the person's own, at most once for each Idempotency-Key."""

from datetime import datetime
from typing import Annotated

from fastapi import Header, Request
from pydantic import BaseModel, Field

from crm.access.receipts import Happening
from crm.outgoing.composing import start_forward, start_reply
from crm.outgoing.queueing import cancel, queue_mail
from crm.outgoing.receipts.telling import events, told
from crm.outgoing.repository import outgoing, outgoing_mails
from crm.outgoing.views import Composition, MailKind, OutgoingView, Recipient
from storage.writer_lock import Urgency
from web.api.callers import MailReader, MailSender
from web.api.paging import After, Limit, Listing, after_id, id_behind
from web.api.records import Made
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/outgoing", tags=["outgoing"])
IdempotencyKey = Annotated[str | None, Header(max_length=200, description="The same key twice is one mail.")]


class To(BaseModel):
    """Somebody to write to."""

    address: str
    name: str = ""


class DraftIn(BaseModel):
    """A mail as far as it is written. With `in_reply_to_id` it belongs to the conversation of that message."""

    mailbox_id: RowId
    kind: MailKind = MailKind.NEW
    in_reply_to_id: RowId | None = None
    to: list[To] = Field(default_factory=list)
    cc: list[To] = Field(default_factory=list)
    bcc: list[To] = Field(default_factory=list)
    subject: str = ""
    text: str


class MailIn(DraftIn):
    """A mail. With `in_reply_to_id` an answer: recipients and subject that are left out are those of the answer.

    `kind` may then be `reply`, `reply_all` or `forward`; the quoted original is put below `text`.
    """

    send_at: datetime | None = None


@router.get("")
def mails(request: Request, viewer: MailReader, after: After = None, limit: Limit = 50) -> Listing[OutgoingView]:
    """Mails that were handed over, newest first, and how they fare."""
    with services_of(request).store.database.reading() as session:
        rows = told(session, viewer, outgoing_mails(session, viewer, before_id=after_id(after), limit=limit))
    return Listing(items=rows, next=id_behind(rows, limit))


@router.post("", status_code=202)
def send(request: Request, viewer: MailSender, mail: MailIn, idempotency_key: IdempotencyKey = None) -> Made:
    """Hand a mail over to be sent."""
    store = services_of(request).store
    draft = Composition(mail.kind, mail.mailbox_id, (), "", "")
    if mail.in_reply_to_id is not None and mail.kind is MailKind.FORWARD:
        draft = start_forward(store, viewer, mail.mailbox_id, mail.in_reply_to_id)
    elif mail.in_reply_to_id is not None:
        to_all = mail.kind is MailKind.REPLY_ALL
        draft = start_reply(store, viewer, mail.mailbox_id, mail.in_reply_to_id, to_all=to_all)
    filled = Composition(
        draft.kind,
        mail.mailbox_id,
        recipients(mail.to) or draft.to,
        mail.subject or draft.subject,
        f"{mail.text.rstrip()}\n{draft.text}" if draft.text else mail.text,
        cc=recipients(mail.cc) or draft.cc,
        bcc=recipients(mail.bcc),
        in_reply_to_id=draft.in_reply_to_id,
        stored_files=draft.stored_files,
    )
    with store.database.unit_of_work(Urgency.PERSON) as session:
        made = queue_mail(session, viewer, filled, undo_seconds=0, send_at=mail.send_at, key=idempotency_key)
    return Made(id=made)


@router.get("/{outgoing_id}")
def one_mail(request: Request, viewer: MailReader, outgoing_id: RowId) -> OutgoingView:
    """How one mail fares, and what its readers did, if it has receipts."""
    with services_of(request).store.database.reading() as session:
        return told(session, viewer, [outgoing(session, viewer, outgoing_id)])[0]


@router.get("/{outgoing_id}/events")
def mail_events(
    request: Request, viewer: MailReader, outgoing_id: RowId, after: After = None, limit: Limit = 50
) -> Listing[Happening]:
    """When a mail with receipts was opened and which links were followed, by people and machines, newest first."""
    with services_of(request).store.database.reading() as session:
        found = events(session, viewer, outgoing_id, before_id=after_id(after), limit=limit)
    return Listing(items=found, next=id_behind(found, limit))


@router.post("/{outgoing_id}/cancel", status_code=204)
def take_back(request: Request, viewer: MailSender, outgoing_id: RowId) -> None:
    """Take a mail back that has not left."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        cancel(session, viewer, outgoing_id)


def recipients(given: list[To]) -> tuple[Recipient, ...]:
    """People as a program names them."""
    return tuple(Recipient(one.address, one.name) for one in given)
