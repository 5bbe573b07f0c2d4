"""What happens to a connected mailbox over time: its states, its traffic, its last audit, and its removal."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.mailbox import MailboxState
from storage.types import Word


class MailboxEvent(Row):
    """A mailbox went from one state to another; kept for 90 days. `before` is None for the first that is known."""

    __tablename__ = "mailbox_event"
    constraints = (Index(None, "mailbox_id", "at"),)

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(index=True)
    before: Mapped[MailboxState | None] = mapped_column(Word(MailboxState))
    after: Mapped[MailboxState] = mapped_column(Word(MailboxState))
    reason: Mapped[str]


class MailboxAudit(Row):
    """The last completeness audit of a mailbox: under way while `finished_at` is None.

    `folders` are what `mailsync.auditing.FolderAudit.as_json` gives; `failure` says why there is no result.
    """

    __tablename__ = "mailbox_audit"

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"), unique=True)
    asked_at: Mapped[datetime]
    repair: Mapped[bool]
    finished_at: Mapped[datetime | None]
    folders: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    failure: Mapped[str] = mapped_column(default="")


class MailboxRemoval(Row):
    """A mailbox that is to go: it can be taken back until `begins_at`; then its mail goes step by step.

    `keep_mail`: what stands on records stays with them. `total` places were there when it began, `gone` of them are
    looked at by now.
    """

    __tablename__ = "mailbox_removal"

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    keep_mail: Mapped[bool]
    was_paused: Mapped[bool]
    asked_at: Mapped[datetime]
    begins_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)


class MailboxTraffic(Row):
    """Bytes that went between us and a mailbox's server in one hour, where its provider bounds them by the day.

    `hour` is its beginning. Rows go once no day that is counted holds them any more (`mailsync/traffic`).
    """

    __tablename__ = "mailbox_traffic"
    constraints = (UniqueConstraint("mailbox_id", "hour"),)

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    hour: Mapped[datetime]
    downloaded: Mapped[int] = mapped_column(BigId, default=0)
    uploaded: Mapped[int] = mapped_column(BigId, default=0)
    refused: Mapped[bool] = mapped_column(default=False)
    """Whether the provider said in this hour that the day's share is used up, whatever we had counted."""
