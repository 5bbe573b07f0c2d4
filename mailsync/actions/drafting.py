"""Drafts: saved in the Drafts folder of the mailbox, replaced by their next version, taken away when they were sent.

A draft is taken in at once like any mail of that folder, so it is listed, searched and opened before the server has it.
Each version is a message of its own. The one before leaves the list in the transaction in which its successor comes,
and the server only when that is stored there.
"""

import secrets
from collections.abc import Sequence

from core.addresses import domain_of
from core.clock import utcnow
from core.errors import Conflict, NotFound, Permanent
from crm.access.mail import read_message
from crm.access.viewer import Viewer
from crm.conversations.contents import read_part
from crm.intake.arrival import Arrival, Flags
from crm.intake.preparing import prepare
from crm.intake.taking import Taken, take_in_safely
from crm.outgoing import repository as outgoing
from crm.outgoing.views import Composition, Recipient
from delivery.compose import Attachment, Draft, compose
from delivery.header_text import Mailbox
from delivery.replying import Original, reply_headers
from mailsync.actions.repository import choosing, drafts
from mailsync.actions.repository.choosing import Choice
from mailsync.actions.repository.open_actions import Act
from mailsync.actions.repository.wishes import want_removed
from parsers.message import parse_message
from storage.blobs import record
from storage.models import FolderRole, Place, Queue
from storage.sessions import ReadSession, WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

BEING_STORED = "This draft is being stored on the mail server right now: try again in a moment."
NOT_UNDERSTOOD = "This draft can not be kept as it is: copy its text, and begin a new mail."
DRAFTS = (FolderRole.DRAFTS,)
File = tuple[str, str, bytes]
"""Name, type and content."""


def save_draft(
    store: Store, viewer: Viewer, mail: Composition, *, files: Sequence[File] = (), replaces: int | None = None
) -> int:
    """Keep a mail that is not to be sent yet; the id of its message. `replaces`: the message of its earlier version.

    Raises `UsageError` for an address that is none, `NotFound` for a mailbox that the viewer does not work in, `Conflict`
    while the earlier version is being stored, `Forbidden` for guests. The earlier version stays whenever this one is not kept.
    """
    viewer.require_write()
    with store.database.reading() as session:
        written = _written(store, session, viewer, mail, files)
    raw = compose(written)
    (blob,) = store.blobs.prepare([raw])
    act = Act(secrets.token_hex(8), viewer.user_id, written.date)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        folder_id = choosing.folder_for(session, mail.mailbox_id, FolderRole.DRAFTS).id
    arrival = Arrival(folder_id, drafts.passing_uid(), Flags(seen=True, draft=True), act.now, raw)

    def also(session: WriteSession, taken: Taken) -> None:
        choosing.require_staying(session, mail.mailbox_id)
        place_id = taken.places.get((folder_id, arrival.uid))
        if place_id is None:
            raise Permanent(NOT_UNDERSTOOD)  # Nothing is lost: the version before stays, and the text is in the form.
        (blob_id,) = record(session, [blob])
        action_id = drafts.want_stored(session, act, place_id, blob_id)
        if replaces is not None:
            _remove(session, viewer, act, replaces, after_id=action_id)
        session.queues_to_wake.add(Queue.NOW)

    taken = take_in_safely(store, mail.mailbox_id, prepare(store, [arrival]), also, urgency=Urgency.PERSON)
    with store.database.reading() as session:
        return session.get_one(Place, taken.places[folder_id, arrival.uid]).message_id


def discard_draft(session: WriteSession, viewer: Viewer, message_id: int) -> None:
    """Take a draft away for ever: it was sent, or is not wanted any more. Raises as `save_draft`, and `NotFound`."""
    viewer.require_write()
    session.queues_to_wake.add(Queue.NOW)
    act = Act(secrets.token_hex(8), viewer.user_id, utcnow())
    if not _remove(session, viewer, act, message_id, after_id=None):
        raise NotFound("There is no such draft.")


def files_of_draft(
    store: Store, session: ReadSession, viewer: Viewer, message_id: int, indexes: Sequence[int]
) -> list[File]:
    """Attachments of a draft, by index, with their bytes: the draft itself will be gone when they are wanted."""
    parts = [read_part(store, session, viewer, message_id, index) for index in indexes]
    return [(part.filename, part.content_type, part.data) for part in parts]


def mailbox_of_draft(session: ReadSession, viewer: Viewer, message_id: int) -> int:
    """The mailbox that holds a draft. Raises `NotFound` when it is no draft in a mailbox of the viewer's own."""
    places = choosing.places_of(session, viewer, Choice(message_ids=(message_id,), roles=DRAFTS))
    if not places:
        raise NotFound("There is no such draft.")
    return places[-1].mailbox_id


def _remove(session: WriteSession, viewer: Viewer, act: Act, message_id: int, *, after_id: int | None) -> int:
    places = choosing.held_places(session, viewer, Choice(message_ids=(message_id,), roles=DRAFTS))
    stored = [place for place in places if place.uid > 0]
    untold = [place for place in places if place.uid < 0]
    want_removed(session, act, stored, due_at=act.now, after_id=after_id)
    if not all(drafts.never_mind(session, place, after_id) for place in untold):
        raise Conflict(BEING_STORED)
    return len(places)


def _written(store: Store, session: ReadSession, viewer: Viewer, mail: Composition, files: Sequence[File]) -> Draft:
    mailbox = outgoing.mailbox(session, viewer, mail.mailbox_id)
    stored = [
        (file.filename, file.content_type, read_part(store, session, viewer, file.message_id, file.index).data)
        for file in mail.stored_files
    ]
    in_reply_to, references = _thread(store, session, viewer, mail.in_reply_to_id)
    return Draft(
        from_=Mailbox(mailbox.email, mailbox.name),
        to=_mailboxes(mail.to),
        cc=_mailboxes(mail.cc),
        bcc=_mailboxes(mail.bcc),
        subject=mail.subject,
        text=mail.text,
        message_id=f"{secrets.token_hex(16)}@{domain_of(mailbox.email.lower()) or 'localhost'}",
        date=utcnow().replace(microsecond=0),  # It becomes the INTERNALDATE, which counts seconds.
        attachments=tuple(Attachment(name, content, kind) for name, kind, content in (*stored, *files)),
        in_reply_to=in_reply_to,
        references=references,
        shows_bcc=True,
    )


def _thread(
    store: Store, session: ReadSession, viewer: Viewer, message_id: int | None
) -> tuple[str | None, tuple[str, ...]]:
    if message_id is None:
        return None, ()
    parsed = parse_message(read_message(session, store.blobs, viewer, message_id).raw, limits=store.limits)
    original = Original(parsed.message_id, from_=(), in_reply_to=parsed.in_reply_to, references=parsed.references)
    headers = reply_headers(original, (), to_all=False)
    return headers.in_reply_to, headers.references


def _mailboxes(people: Sequence[Recipient]) -> tuple[Mailbox, ...]:
    return tuple(Mailbox(each.address.strip(), each.name) for each in people if each.address.strip())
