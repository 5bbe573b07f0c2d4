"""Drafts: kept in the Drafts folder of a mailbox of the person's own. A version that replaces another is a new message."""

from fastapi import Request

from crm.outgoing.views import Composition
from mailsync.actions.drafting import discard_draft, mailbox_of_draft, save_draft
from storage.writer_lock import Urgency
from web.api.callers import MailSender
from web.api.outgoing import DraftIn, recipients
from web.api.records import Made
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/drafts", tags=["outgoing"])


@router.post("", status_code=201)
def keep(request: Request, viewer: MailSender, mail: DraftIn) -> Made:
    """Keep a mail for later; the id is that of its message."""
    return Made(id=save_draft(services_of(request).store, viewer, _composition(mail)))


@router.put("/{message_id}", status_code=201)
def keep_instead(request: Request, viewer: MailSender, message_id: RowId, mail: DraftIn) -> Made:
    """The next version of a draft. Files of the version before are not taken over."""
    store = services_of(request).store
    with store.database.reading() as session:
        mailbox_of_draft(session, viewer, message_id)
    return Made(id=save_draft(store, viewer, _composition(mail), replaces=message_id))


@router.delete("/{message_id}", status_code=204)
def throw_away(request: Request, viewer: MailSender, message_id: RowId) -> None:
    """Delete a draft."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        discard_draft(session, viewer, message_id)


def _composition(mail: DraftIn) -> Composition:
    return Composition(
        mail.kind,
        mail.mailbox_id,
        recipients(mail.to),
        mail.subject,
        mail.text,
        cc=recipients(mail.cc),
        bcc=recipients(mail.bcc),
        in_reply_to_id=mail.in_reply_to_id,
    )
