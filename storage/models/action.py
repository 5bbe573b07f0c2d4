"""What people did to mail here and the mail server is to be told: a queue that survives restarts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.types import Word


class ActionKind(StrEnum):
    """What the server is to do: STORE, MOVE, EXPUNGE, APPEND."""

    FLAG = "flag"
    MOVE = "move"
    REMOVE = "remove"
    APPEND = "append"


class ActionState(StrEnum):
    """`waiting → sent → done | refused | overtaken`; `cancelled` is taken back before it was sent."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"
    CANCELLED = "cancelled"


class MailFlag(StrEnum):
    """Flags that people change (RFC 9051 §2.3.2), by the name of their column in `place`."""

    SEEN = "seen"
    FLAGGED = "flagged"
    ANSWERED = "answered"


class MailAction(Row):
    """One change of one message. `act` is shared by all rows of one press of a button; undo takes it.

    `folder_id`, `uid` and `uidvalidity` tell where the server has the message that is moved or removed (a flag follows
    its place); `folder_id` of an append is where the draft goes. `believed` lists the flags the server had, as far as
    was known, and `known_modseq` the MODSEQ up to which that is true (CONDSTORE). `target_uidnext` is noted before a
    move or append is sent, so that after a crash its result is looked for above it. `left_behind`: the server can not
    remove single messages (no UIDPLUS), so the original stays there, marked as deleted.
    """

    __tablename__ = "mail_action"
    constraints = (
        Index(None, "state", "due_at"),
        Index(None, "place_id"),
        Index(None, "message_id"),
        Index(None, "folder_id", "uid"),
        Index(
            None,
            "blob_id",
            sqlite_where=text("blob_id IS NOT NULL"),
            postgresql_where=text("blob_id IS NOT NULL"),
        ),
    )

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    place_id: Mapped[int | None] = mapped_column(BigId)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    act: Mapped[str] = mapped_column(index=True)
    kind: Mapped[ActionKind] = mapped_column(Word(ActionKind))
    flag: Mapped[MailFlag | None] = mapped_column(Word(MailFlag))
    wanted: Mapped[bool] = mapped_column(default=True)
    believed: Mapped[str] = mapped_column(default="")
    known_modseq: Mapped[int | None] = mapped_column(BigId)
    folder_id: Mapped[int | None] = mapped_column(BigId)
    uid: Mapped[int | None] = mapped_column(BigId)
    uidvalidity: Mapped[int | None] = mapped_column(BigId)
    target_id: Mapped[int | None] = mapped_column(BigId)
    target_uidnext: Mapped[int | None] = mapped_column(BigId)
    after_id: Mapped[int | None] = mapped_column(BigId)
    """An action that has to be done first: a draft is removed only when the one that replaces it is stored."""
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    state: Mapped[ActionState] = mapped_column(Word(ActionState), default=ActionState.WAITING)
    reason: Mapped[str] = mapped_column(default="")
    left_behind: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
