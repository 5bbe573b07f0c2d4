"""Single mails that we send: replies, forwards, new mail, notifications.

    pending → claimed → attempted → sent | failed(reason) | retry(at) | in_doubt        (retry → claimed)

`attempted` is durable before the first byte of the message leaves. After a crash `claimed` goes back to `pending`;
`attempted` becomes `in_doubt` and is settled by the Sent folder, a reply, or by hand: never sent again by itself.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.types import Word


class SendState(StrEnum):
    """The life of a single mail, and of a campaign's recipient."""

    PENDING = "pending"
    CLAIMED = "claimed"
    ATTEMPTED = "attempted"
    SENT = "sent"
    FAILED = "failed"
    RETRY = "retry"
    SKIPPED = "skipped"
    IN_DOUBT = "in_doubt"


class Outgoing(Row):
    """One mail to send through a mailbox; `raw_blob_id` holds what was sent.

    Recipients are `[{"name": …, "address": …}]`. Attachments are `[{"filename": …, "content_type": …, "blob_id": …}]` or,
    taken from a stored mail, `[{"message_id": …, "index": …}]`. `key`: asked for twice under the same one, it is one mail.
    """

    __tablename__ = "outgoing"
    constraints = (Index(None, "state", "due_at"),)

    kind: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id"), index=True)
    in_reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    message_id: Mapped[str | None]
    """The signed Message-ID that we gave it."""
    known_as: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """The Message-IDs that the relay gave it."""
    to: Mapped[list[dict[str, Any]]]
    cc: Mapped[list[dict[str, Any]]]
    bcc: Mapped[list[dict[str, Any]]]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    key: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[SendState] = mapped_column(Word(SendState), default=SendState.PENDING)
    reason: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    fence: Mapped[int] = mapped_column(BigId, default=0)
    raw_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"), index=True)
    smtp_reply: Mapped[str] = mapped_column(default="")
    receipts: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a picture and links in it tell when it is read."""
    links: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """Where its links lead, in order; a click names one by its number."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    stored_in_sent_at: Mapped[datetime | None]
    no_copy_reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why the mail was sent and its copy could not be kept in the mailbox."""
