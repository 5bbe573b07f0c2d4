"""Whose mail makes what: rules for senders, whose turn it is to be responsible, and who is away."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.types import Word


class SenderKind(StrEnum):
    """What a rule names: one address, all of a domain and the domains below it, or a phone number."""

    ADDRESS = "address"
    DOMAIN = "domain"
    PHONE = "phone"


class Treatment(StrEnum):
    """What a rule says: mail of these senders makes no record, or each one makes a new lead (a deal in Simple mode)."""

    NEVER = "never"
    ALWAYS_NEW = "always_new"


class SenderRule(Row):
    """A rule for mail of some senders, in one mailbox or (None) in all. `value` is as it was given, `key` as it is looked up."""

    __tablename__ = "sender_rule"
    constraints = (UniqueConstraint("mailbox_id", "kind", "key"),)

    mailbox_id: Mapped[int | None] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    kind: Mapped[SenderKind] = mapped_column(Word(SenderKind))
    key: Mapped[str]
    value: Mapped[str]
    treatment: Mapped[Treatment] = mapped_column(Word(Treatment))
    note: Mapped[str]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]


class QueueTurn(Row):
    """Who became responsible last for what a mailbox made. Whoever gives out a turn holds the row."""

    __tablename__ = "queue_turn"

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"), unique=True)
    last_user_id: Mapped[int | None] = mapped_column(BigId)


class Absence(Row):
    """A person is away from the first day to the last, both included."""

    __tablename__ = "absence"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[str]
    created_at: Mapped[datetime]
