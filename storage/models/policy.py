"""Whose mail makes what: rules for senders, whose turn it is to be responsible, and who is away."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.record import RecordType
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


class SenderTally(Row):
    """What mail of one address or domain has made in two hours. `key` is a hash: a flood leaves no addresses behind."""

    __tablename__ = "sender_tally"
    constraints = (UniqueConstraint("key", "began_at"), Index(None, "began_at"))

    key: Mapped[str]
    began_at: Mapped[datetime]
    made: Mapped[int]
    waiting: Mapped[int]
    limited: Mapped[int]
    """Mails beyond what may be."""


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


class PolicyRun(Row):
    """What a mailbox says, applied to mail that came before it: how far it is, and what it made.

    `at` and `place_id` are of the last place that was looked at. While `undoing_since` is set, what it made is taken back,
    as far as nobody touched it; `undone_at` ends that. `skipped` mails of `done` could not be judged; `stopped` says why what
    it was at did not go on to its end.
    """

    __tablename__ = "policy_run"

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    place_id: Mapped[int] = mapped_column(BigId, default=0)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    undoing_since: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    skipped: Mapped[int] = mapped_column(default=0, server_default="0")
    stopped: Mapped[str] = mapped_column(default="", server_default="")


class PolicyRunRecord(Row):
    """A record that a run made out of a mail; `removed`: undoing took it back (True) or left it (False)."""

    __tablename__ = "policy_run_record"
    constraints = (UniqueConstraint("run_id", "record_type", "record_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("policy_run.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(BigId)
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)
    removed: Mapped[bool | None]
