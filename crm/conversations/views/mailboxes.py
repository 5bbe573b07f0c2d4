"""The mailboxes, for who looks after them."""

from dataclasses import dataclass
from datetime import datetime

from storage.models import MailboxState, OAuthProvider, ShareLevel

IN_TROUBLE = (MailboxState.AUTH_FAILED, MailboxState.UNREACHABLE, MailboxState.THROTTLED)


@dataclass(frozen=True, slots=True)
class MailboxView:
    """How a mailbox fares. `on_server` and `stored` count messages in the chosen folders.

    `may_steer`: the viewer may pause it, and change its password and what colleagues see of it.
    """

    id: int
    name: str
    email: str
    shared: bool
    owner: str
    state: MailboxState
    state_reason: str
    retry_at: datetime | None
    last_new_at: datetime | None
    last_pass_at: datetime | None
    share_level: ShareLevel
    imap_host: str
    can_send: bool
    on_server: int
    stored: int
    gaps: int
    quarantined: int
    may_steer: bool
    oauth_provider: OAuthProvider | None = None
    """With whom it is signed in to; None: it has a password."""

    @property
    def in_trouble(self) -> bool:
        """Whether a person has to look."""
        return self.state in IN_TROUBLE
