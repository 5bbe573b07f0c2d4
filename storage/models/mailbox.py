"""Connected mailboxes: where they are, who sees them, how they fare, and what their mail may create."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row
from storage.models.oauth import OAuthProvider
from storage.types import Word


class MailboxState(StrEnum):
    """`connecting → backfilling → live`; the rest stand beside them with a reason in words (design §4)."""

    CONNECTING = "connecting"
    BACKFILLING = "backfilling"
    LIVE = "live"
    AUTH_FAILED = "auth_failed"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    PAUSED = "paused"
    DISABLED = "disabled"
    REMOVING = "removing"
    REMOVED = "removed"
    """Nothing of it is synced or listed any more; its row stays for mail of it that records keep."""


LEAVING = (MailboxState.REMOVING, MailboxState.REMOVED)
"""Nothing is done to mail of such a mailbox, or written from it."""


class OnUnknown(StrEnum):
    """What mail with a stranger makes: the CRM mode's own choice (deal or lead), only a contact, or nothing."""

    MODE = "mode"
    CONTACT = "contact"
    NOTHING = "nothing"


class QueueMethod(StrEnum):
    """Who of a queue becomes responsible next: each in turn, or who has the fewest open deals and active leads."""

    ROUND_ROBIN = "round_robin"
    LEAST_BUSY = "least_busy"


class ShareLevel(StrEnum):
    """What people who reach a message only through a record may read of this mailbox's mail."""

    EVERYTHING = "everything"
    SUBJECT = "subject"
    METADATA = "metadata"
    PRIVATE = "private"


class Mailbox(Row):
    """One account on an IMAP server, with the SMTP server that sends for it.

    Mail whose INTERNALDATE is at or after `new_since` is *new* and may create records and emit events; older mail is
    history: matched and threaded, nothing else. `depth_since` bounds how far back history is loaded (None: everything).
    """

    __tablename__ = "mailbox"

    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    shared: Mapped[bool] = mapped_column(default=False)
    share_level: Mapped[ShareLevel] = mapped_column(Word(ShareLevel), default=ShareLevel.EVERYTHING)
    imap_host: Mapped[str]
    imap_port: Mapped[int]
    imap_security: Mapped[str]
    username: Mapped[str]
    password_encrypted: Mapped[str]
    oauth_provider: Mapped[OAuthProvider | None] = mapped_column(Word(OAuthProvider))
    """Whose access token logs in, for IMAP and SMTP alike (`OAuthGrant`); None: the passwords."""
    smtp_url: Mapped[str | None]
    smtp_password_encrypted: Mapped[str | None]
    state: Mapped[MailboxState] = mapped_column(Word(MailboxState), default=MailboxState.CONNECTING)
    state_reason: Mapped[str] = mapped_column(default="")
    retry_at: Mapped[datetime | None]
    connected_at: Mapped[datetime]
    new_since: Mapped[datetime]
    depth_since: Mapped[datetime | None]
    last_new_at: Mapped[datetime | None]
    last_pass_at: Mapped[datetime | None]
    """When the last pass that came to its end began."""
    poll_minutes: Mapped[int] = mapped_column(default=1)
    """How often the server is asked about folders that it does not tell of by itself."""
    loaded_per_minute: Mapped[int | None]
    """Messages of history that the last pass with any brought in a minute."""
    pass_wanted_at: Mapped[datetime | None]
    """When somebody last asked for a pass now; whoever watches the mailbox makes one."""
    on_unknown_incoming: Mapped[OnUnknown] = mapped_column(Word(OnUnknown), default=OnUnknown.MODE)
    on_unknown_outgoing: Mapped[OnUnknown] = mapped_column(Word(OnUnknown), default=OnUnknown.NOTHING)
    only_written_to: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether mail of a stranger makes something only where one of us wrote to them first."""
    makes_from_roles: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether mail of `info@` and the like, which is nobody's in particular, makes something."""
    repeat_items: Mapped[bool] = mapped_column(default=True)
    record_source: Mapped[str] = mapped_column(default="", server_default="")
    """The source of what this mailbox creates; empty: email."""
    queue: Mapped[list[int]] = mapped_column(default=list)
    """Users of whom one becomes responsible for what this mailbox creates; empty: the owner."""
    queue_method: Mapped[QueueMethod] = mapped_column(
        Word(QueueMethod), default=QueueMethod.ROUND_ROBIN, server_default=QueueMethod.ROUND_ROBIN.value
    )
    queue_at_work: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether only those are chosen who are at work, or will be first."""
    receives_intake: Mapped[bool] = mapped_column(default=False)
    signed_answers: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Answers go to an address that names what they answer; its server must take mail for `name+anything@`."""
    """Whether mail to `task+token@` and `feed+token@` arrives here."""
    authserv_id: Mapped[str | None]
    """Whose Authentication-Results header (RFC 8601) is believed; None: nobody's."""
    signature: Mapped[str] = mapped_column(default="")
    receipts: Mapped[bool | None]
    """Whether mail from here asks for read receipts; None: as the installation says."""


class MailboxAlias(Row):
    """Another address under which the same mailbox writes and receives."""

    __tablename__ = "mailbox_alias"
    constraints = (UniqueConstraint("mailbox_id", "key"),)

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    address: Mapped[str]
    key: Mapped[str] = mapped_column(index=True)


class MailboxMember(Row):
    """A person who works in a shared mailbox and sees all of it."""

    __tablename__ = "mailbox_member"
    constraints = (UniqueConstraint("mailbox_id", "user_id"),)

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
