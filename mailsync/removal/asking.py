"""Asking for a removal, with the numbers of what it takes away, and taking it back while there is time."""

from datetime import timedelta

from core.clock import utcnow
from core.errors import Conflict
from crm.access.audit import record_act
from crm.access.steering import require_right
from crm.access.viewer import Viewer
from mailsync import repository as rows
from mailsync.removal.repository import planning
from mailsync.removal.repository.planning import Plan
from mailsync.states.repository import put_in_state
from storage import jobs
from storage.jobs import OfMailbox
from storage.models import MailboxState
from storage.sessions import ReadSession
from storage.store import Store
from storage.writer_lock import Urgency

TIME_TO_THINK = timedelta(minutes=1)


def plan_removal(session: ReadSession, viewer: Viewer, mailbox_id: int) -> Plan:
    """Exact numbers of what would go. Raises `Forbidden` for whoever does not steer the mailbox."""
    require_right(viewer, rows.mailbox(session, mailbox_id))
    return planning.plan(session, mailbox_id)


def ask_to_remove(store: Store, viewer: Viewer, mailbox_id: int, *, keep_mail: bool, at_once: bool = False) -> None:
    """Stop syncing now, and have the mailbox removed in a minute (or `at_once`).

    Raises `Conflict` when it is being removed already.
    """
    now = utcnow()
    begins_at = now if at_once else now + TIME_TO_THINK
    with store.database.unit_of_work(Urgency.PERSON) as session:
        row = rows.mailbox(session, mailbox_id)
        require_right(viewer, row)
        if planning.removal_row(session, mailbox_id) is not None:
            raise Conflict("This mailbox is being removed already.")
        was_paused = row.state in rows.RESTING
        planning.insert_removal(
            session, mailbox_id, viewer.user_id, now, begins_at, keep_mail=keep_mail, was_paused=was_paused
        )
        put_in_state(session, row, MailboxState.REMOVING, "")
        record_act(session, viewer, "mailbox.remove", mailbox_id=mailbox_id, keep_mail=keep_mail)
        jobs.enqueue(session, jobs.REMOVE_MAILBOX, OfMailbox(mailbox_id), due=begins_at)


def take_back(store: Store, viewer: Viewer, mailbox_id: int) -> None:
    """Let the mailbox stay, as it was. Raises `Conflict` when its removal has begun."""
    with store.database.unit_of_work(Urgency.PERSON) as session:
        row = rows.mailbox(session, mailbox_id)
        require_right(viewer, row)
        removal = planning.removal_row(session, mailbox_id)
        if removal is None:
            raise Conflict("This mailbox is not being removed.")
        if removal.began_at is not None:
            raise Conflict(
                "Its removal has begun: its mail is on the server still, connect it again when it has ended."
            )
        state = MailboxState.PAUSED if removal.was_paused else MailboxState.CONNECTING
        session.delete(removal)
        put_in_state(session, row, state, "Paused by hand." if removal.was_paused else "")
        rows.ask_for_pass(session, mailbox_id)
        record_act(session, viewer, "mailbox.keep", mailbox_id=mailbox_id)
