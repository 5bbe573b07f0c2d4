"""The demo's one answer: whoever has mail waiting on a record replies to the first of it, through their own mailbox."""

from dataclasses import replace

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.outgoing.composing import start_reply
from crm.outgoing.queueing import queue_mail
from crm.stream.timeline.repository import upcoming
from mailsync.repository import mailboxes
from storage.models import Direction, Role
from storage.store import Store

ANSWER = "Thank you for your mail! I have looked it up and will come back to you with the details today.\n\n"


def answer_first_waiting(store: Store, user_id: int) -> int:
    """Queue a reply of this person to the first customer mail that waits. Raises `NotFound` when none does."""
    viewer = Viewer(user_id, Role.MANAGER)
    with store.database.reading() as session:
        own = next(box for box in mailboxes(session, viewer) if box.owner_id == user_id)
        waiting = [
            entry.mail for entry in upcoming(session, viewer) if entry.direction is Direction.INCOMING and entry.mail
        ]
    for mail in waiting:
        composition = start_reply(store, viewer, own.id, mail.message_id)
        with store.database.unit_of_work() as session:
            return queue_mail(session, viewer, replace(composition, text=ANSWER + composition.text), undo_seconds=0)
    raise NotFound("No customer's mail waits for an answer.")
