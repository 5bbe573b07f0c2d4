"""What happened to single mails that were sent with read receipts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row
from storage.models.campaign import TrackingKind
from storage.types import Word


class MailEvent(Row):
    """A mail with receipts was opened, or a link in it followed; `verdict` as `TrackingEvent` has it."""

    __tablename__ = "mail_event"
    constraints = (Index(None, "outgoing_id", "kind"),)

    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id", ondelete="CASCADE"))
    kind: Mapped[TrackingKind] = mapped_column(Word(TrackingKind))
    verdict: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """The rule that gave the verdict; empty where it was not kept."""
    link_number: Mapped[int | None]
    at: Mapped[datetime]
