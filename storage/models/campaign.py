"""Campaigns: who is written to, what is written, the ledger of every recipient, and what they did with it.

    campaign    draft → scheduled → preparing → sending ⇄ paused → finished | cancelled | stopped(reason)
    recipient   as a single mail (storage/models/outgoing.py), plus skipped(reason)

The audience is frozen while `preparing`; from then on sent + failed + skipped + in_doubt + still open = audience.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.outgoing import SendState
from storage.types import Word


class CampaignState(StrEnum):
    """The life of a campaign."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PREPARING = "preparing"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class TrackingKind(StrEnum):
    """What a recipient, or a machine in their name, did; complaints and replies came by mail."""

    OPEN = "open"
    CLICK = "click"
    UNSUBSCRIBE = "unsubscribe"
    COMPLAINT = "complaint"
    REPLY = "reply"


class SenderIdentity(Row):
    """An address that campaigns may be sent from, with its SMTP server. Unverified ones send nothing (mission K3).

    With a `mailbox_id` it goes out through that mailbox, as its single mails do, and has no server of its own.
    """

    __tablename__ = "sender_identity"

    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    smtp_url: Mapped[str]
    password_encrypted: Mapped[str | None]
    mailbox_id: Mapped[int | None] = mapped_column(BigId)
    verified_at: Mapped[datetime | None]
    vouched_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]


class Segment(Row):
    """A live rule over contacts: a tree of `{"all" | "any" | "not": […]}` over `{"field", "op", "value"}`."""

    __tablename__ = "segment"

    name: Mapped[str] = mapped_column(unique=True)
    rules: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Campaign(Row):
    """One mailing. Subject, html and text are Liquid templates as the marketer wrote them."""

    __tablename__ = "campaign"

    name: Mapped[str] = mapped_column(unique=True)
    state: Mapped[CampaignState] = mapped_column(Word(CampaignState), default=CampaignState.DRAFT)
    state_reason: Mapped[str] = mapped_column(default="")
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"))
    sender_id: Mapped[int] = mapped_column(ForeignKey("sender_identity.id"))
    subject: Mapped[str]
    html: Mapped[str]
    text: Mapped[str]
    freeze_cursor: Mapped[int] = mapped_column(BigId, default=0)
    """Contacts up to this id are in the audience already; freezing goes on from here after a crash."""
    scheduled_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]


class Recipient(Row):
    """One person of a frozen audience, exactly once per address; also those who were left out, with the reason."""

    __tablename__ = "recipient"
    constraints = (
        UniqueConstraint("campaign_id", "key"),
        Index(None, "campaign_id", "state", "due_at"),
        Index(None, "contact_id"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    """None once the contact was removed for ever."""
    address: Mapped[str]
    key: Mapped[str]
    state: Mapped[SendState] = mapped_column(Word(SendState))
    reason: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    first_tried_at: Mapped[datetime | None]
    """When it was first attempted: what is refused for too long after that is given up."""
    fence: Mapped[int] = mapped_column(BigId, default=0)
    smtp_reply: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]


class Link(Row):
    """A numbered link of a campaign; the mail carries number and token, never the target."""

    __tablename__ = "link"
    constraints = (UniqueConstraint("campaign_id", "number"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    url: Mapped[str]


class TrackingEvent(Row):
    """One open, click, unsubscription, complaint or reply, judged when it came: human, machine or unknown."""

    __tablename__ = "tracking_event"
    constraints = (Index(None, "recipient_id", "kind"), UniqueConstraint("journal_key"))

    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"))
    kind: Mapped[TrackingKind] = mapped_column(Word(TrackingKind))
    verdict: Mapped[str]
    link_number: Mapped[int | None]
    at: Mapped[datetime]
    journal_key: Mapped[str]
    """Where the event stood in the journal, so that reading a journal twice counts once."""


class Suppression(Row):
    """An address that must not be written to in bulk: unsubscribed, bounced, complained, or by hand.

    `key` may be an HMAC (prefix `hmac:`) where the person was erased.
    """

    __tablename__ = "suppression"
    constraints = (UniqueConstraint("key", "reason"),)

    key: Mapped[str]
    reason: Mapped[str]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    created_at: Mapped[datetime]
