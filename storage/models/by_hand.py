"""What people have decided about conversations, against or beyond what mail says by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.record import RecordType
from storage.types import Word


class ThreadChange(Row):
    """One change of a conversation by hand, with what is needed to take it back. `kind`: split, merge, records.

    Of a split `other_id` is the part that was taken off, of a merge the conversation that went into `thread_id`. Of records
    `before` tells where entries stood before and after it; those are merged and removed as ever, and looked up by undo.
    """

    __tablename__ = "thread_change"
    constraints = (Index(None, "at"),)

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]


class ThreadCut(Row):
    """Two conversations that no mail joins, whatever it cites."""

    __tablename__ = "thread_cut"
    constraints = (Index(None, "one_id"), Index(None, "other_id"))

    one_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))


class ThreadBinding(Row):
    """A record on which the mail of a conversation stands, or (`bound` false) does not; the newest word about a record counts.

    `change_id` None: a post said so, whose mail began the conversation. A split copies the words to its part, with who said them.
    """

    __tablename__ = "thread_binding"
    constraints = (Index(None, "thread_id"), Index(None, "record_type", "record_id"))

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)
    bound: Mapped[bool]
    change_id: Mapped[int | None] = mapped_column(ForeignKey("thread_change.id", ondelete="CASCADE"), index=True)
