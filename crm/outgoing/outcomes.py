"""What the outcome of a try does to the row, and what follows from it: the Sent copy, the next try, a bell."""

from datetime import datetime, timedelta

from core.clock import utcnow
from crm.access.notifications import Bell, ring
from crm.outgoing import repository
from crm.outgoing.queueing import enqueue_sending
from crm.outgoing.transmission import InDoubt, NotNow, Outcome, Refused, Sent
from storage.jobs import STORE_IN_SENT, OfOutgoing, enqueue
from storage.models import Outgoing, SendState
from storage.sessions import WriteSession

CLAIMABLE = (SendState.PENDING, SendState.RETRY, SendState.CLAIMED)
TRIED = (SendState.ATTEMPTED, SendState.IN_DOUBT)
"""Somebody may have put a mail in doubt while its answer was on the way: the answer knows better."""
DELAYS = (60, 300, 900, 3600)
"""Seconds until the next try; later ones are four hours apart."""
LATER_DELAY = 4 * 3600
MOST_TRIES = 22
"""With these delays, 72 hours."""
LOST = "We stopped while it was being sent; it may have arrived."
EXPIRED = "The server did not take it for three days. Its last answer: "


def settle_attempted(session: WriteSession, row: Outgoing) -> SendState:
    """Whoever held it died between the attempt and its outcome: sent where its copy was seen, else in doubt."""
    if repository.has_copy(session, row.id):
        keep(session, row, row.fence, Sent("", ""))
        return SendState.SENT
    keep(session, row, row.fence, InDoubt(LOST))
    return SendState.IN_DOUBT


def keep(session: WriteSession, row: Outgoing, fence: int | None, outcome: Outcome) -> None:
    """Move the row to the state that the outcome means, and ask for what follows. Changes nothing after the fence moved."""
    now = utcnow()
    if isinstance(outcome, NotNow) and row.tries + 1 >= MOST_TRIES:
        outcome = Refused(EXPIRED + outcome.reason, outcome.reply)
    match outcome:
        case Sent():
            _keep_sent(session, row, fence, outcome, now)
        case NotNow():
            _keep_retry(session, row, fence, outcome, now)
        case Refused():
            values = {"reason": outcome.reason, "smtp_reply": outcome.reply}
            held = (*CLAIMABLE, *TRIED)
            if repository.move(session, row.id, held, SendState.FAILED, fence=fence, values=values) is not None:
                _tell(session, row, f"Not sent: {row.subject}")
        case InDoubt():
            values = {"reason": outcome.reason}
            if repository.move(session, row.id, TRIED, SendState.IN_DOUBT, fence=fence, values=values) is not None:
                _tell(session, row, f"Perhaps not sent: {row.subject}")


def _keep_sent(session: WriteSession, row: Outgoing, fence: int | None, outcome: Sent, now: datetime) -> None:
    values = {"reason": outcome.reason, "smtp_reply": outcome.reply, "sent_at": now}
    if repository.move(session, row.id, TRIED, SendState.SENT, fence=fence, values=values) is None:
        return
    known_as = [name for name in outcome.known_as if name != row.message_id]
    if known_as:
        repository.learn_names(session, row.id, known_as)
    enqueue(session, STORE_IN_SENT, OfOutgoing(row.id), key=f"{STORE_IN_SENT.name}:{row.id}")
    if row.in_reply_to_id is not None:
        repository.complete_answered(session, row.in_reply_to_id, now)
    if outcome.reason:
        _tell(session, row, f"Not sent to everybody: {row.subject}")


def _keep_retry(session: WriteSession, row: Outgoing, fence: int | None, outcome: NotNow, now: datetime) -> None:
    tries = row.tries + 1
    seconds = max(delay_after(row.tries), outcome.after or 0)
    due = now + timedelta(seconds=seconds)
    values = {"reason": outcome.reason, "smtp_reply": outcome.reply, "tries": tries, "due_at": due}
    if repository.move(session, row.id, TRIED, SendState.RETRY, fence=fence, values=values) is not None:
        enqueue_sending(session, row.id, tries, due)


def delay_after(tries: int) -> int:
    """Seconds to wait after the try with this number, counted from 0."""
    return DELAYS[tries] if tries < len(DELAYS) else LATER_DELAY


def _tell(session: WriteSession, row: Outgoing, title: str) -> None:
    if row.user_id is None:
        return
    thread = repository.thread_of(session, row.in_reply_to_id) if row.in_reply_to_id is not None else None
    link = f"/mail/threads/{thread}" if thread else "/mail"
    ring(session, [Bell(row.user_id, f"outgoing:{row.id}:{row.tries}", title, link)])
