"""What a failed pass means for its mailbox: what may pass by itself, and what waits for a person."""

import pytest

from core.errors import MailsyncError, UsageError
from mailsync.imap.errors import AuthenticationFailed, ConnectionLost, Throttled
from mailsync.oauth.errors import SignInLimited, SignInUnavailable
from mailsync.states.failures import state_after
from storage.models import MailboxState


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SignInUnavailable("Google"), MailboxState.UNREACHABLE),  # A provider in trouble is no wrong password.
        (SignInLimited("Google"), MailboxState.THROTTLED),
        (Throttled(), MailboxState.THROTTLED),
        (ConnectionLost(), MailboxState.UNREACHABLE),
        (UsageError("There is no such host."), MailboxState.UNREACHABLE),  # Tomorrow there may be one.
        (AuthenticationFailed(), MailboxState.AUTH_FAILED),
    ],
)
def test_how_a_mailbox_stands_after(error: MailsyncError, state: MailboxState) -> None:
    assert state_after(error) is state
