"""The log of states: a row for each change, never one without the other."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from core.clock import utcnow
from storage.models import Mailbox, MailboxEvent, MailboxState
from storage.sessions import ReadSession, WriteSession

KEPT_FOR = timedelta(days=90)


def note_change(
    session: WriteSession,
    mailbox_id: int,
    after: MailboxState,
    reason: str,
    *,
    unless: Collection[MailboxState] = (),
) -> None:
    """Log that the mailbox goes to `after` now, unless it stands so already, or in one of the states of `unless`."""
    query = select(Mailbox.state, Mailbox.state_reason).where(Mailbox.id == mailbox_id)
    before = session.execute(query).one_or_none()
    if before is None or before.state in unless or (before.state, before.state_reason) == (after, reason):
        return
    row = {"mailbox_id": mailbox_id, "at": utcnow(), "before": before.state, "after": after, "reason": reason}
    session.execute(insert(MailboxEvent).values(row))


def put_in_state(session: WriteSession, row: Mailbox, state: MailboxState, reason: str) -> None:
    """Set the state of a mailbox as a person wants it, and log it."""
    note_change(session, row.id, state, reason)
    row.state, row.state_reason, row.retry_at = state, reason, None


def events(session: ReadSession, mailbox_id: int, since: datetime) -> list[MailboxEvent]:
    """The changes of one mailbox from `since` on, oldest first."""
    query = select(MailboxEvent).where(MailboxEvent.mailbox_id == mailbox_id, MailboxEvent.at >= since)
    return list(session.execute(query.order_by(MailboxEvent.at, MailboxEvent.id)).scalars())


def forget_events(session: WriteSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` changes from before; how many there were."""
    old = select(MailboxEvent.id).where(MailboxEvent.at < before).limit(limit)
    gone = delete(MailboxEvent).where(MailboxEvent.id.in_(old.scalar_subquery())).returning(MailboxEvent.id)
    return len(session.execute(gone.execution_options(synchronize_session=False)).all())
