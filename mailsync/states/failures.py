"""A pass that failed: how its mailbox stands after it, and what is written of that."""

from datetime import datetime

from core.errors import MailsyncError, Transient, UsageError
from mailsync import repository
from mailsync.imap.errors import Throttled
from mailsync.oauth.errors import SignInLimited
from mailsync.traffic.day import DayUsedUp
from mailsync.traffic.metering import note_refusal
from storage.models import Mailbox, MailboxState
from storage.sessions import WriteSession


def note_failure(
    session: WriteSession, mailbox_id: int, error: MailsyncError, *, retry_at: datetime | None = None
) -> None:
    """Write down how the mailbox stands after `error`, its sentence, and when it is tried again (None: it is not said)."""
    repository.set_state(session, mailbox_id, state_after(error), str(error), retry_at=retry_at)
    if (mailbox := session.get(Mailbox, mailbox_id)) is not None:
        note_refusal(session, mailbox, error)


def state_after(error: MailsyncError) -> MailboxState:
    """How a mailbox stands after a failed pass: what may pass by itself, and what waits for a person."""
    if isinstance(error, Throttled | SignInLimited | DayUsedUp):
        return MailboxState.THROTTLED
    if isinstance(error, Transient | UsageError):
        return MailboxState.UNREACHABLE
    return MailboxState.AUTH_FAILED
