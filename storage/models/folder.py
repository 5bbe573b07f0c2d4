"""Folders of a mailbox with their watermarks, what is missing between them, and where each message lies.

    uid  1 … backfill_floor … oldest_uid ══════ stored ══════ newest_uid … uidnext
             history goes down, newest first ◀──            ──▶ new mail goes up, oldest first

Every UID between `oldest_uid` and `newest_uid` is a place, a gap, or gone from the server: a mark passes a UID only
in the transaction that stores its row or remembers it as a gap.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, BigId, Row
from storage.types import FewLists, Word


class FolderRole(StrEnum):
    """What a folder is for (RFC 6154), whatever its name."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    JUNK = "junk"
    TRASH = "trash"
    ARCHIVE = "archive"
    ALL = "all"
    OTHER = "other"


class FolderState(StrEnum):
    """`initial → live`; `resync` when UIDVALIDITY changed and places are being matched again."""

    INITIAL = "initial"
    LIVE = "live"
    RESYNC = "resync"


class Folder(Row):
    """One folder on the server and how far it is stored; `uid` marks are 0 or None before the first pass."""

    __tablename__ = "folder"
    constraints = (UniqueConstraint("mailbox_id", "name_hash"),)

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    name: Mapped[str]
    name_hash: Mapped[str]
    delimiter: Mapped[str | None]
    role: Mapped[FolderRole] = mapped_column(Word(FolderRole))
    chosen: Mapped[bool] = mapped_column(default=True)
    state: Mapped[FolderState] = mapped_column(Word(FolderState), default=FolderState.INITIAL)
    uidvalidity: Mapped[int | None] = mapped_column(BigId)
    uidnext: Mapped[int | None] = mapped_column(BigId)
    highestmodseq: Mapped[int | None] = mapped_column(BigId)
    server_messages: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int | None]
    """How many messages will be stored when history is loaded as far back as was chosen; None: not known yet."""
    loaded_since: Mapped[datetime | None]
    """How far back the history goes that is loaded, or being loaded; None: everything."""
    newest_uid: Mapped[int] = mapped_column(BigId, default=0)
    oldest_uid: Mapped[int | None] = mapped_column(BigId)
    backfill_floor: Mapped[int] = mapped_column(BigId, default=1)
    last_pass_at: Mapped[datetime | None]
    object_id: Mapped[str | None]
    """MAILBOXID (RFC 8474): stays when the folder is renamed."""
    labels_of_id: Mapped[int | None] = mapped_column(BigId, index=True)
    """Set where this is a label of Gmail: the folder (All Mail) whose UIDs its places carry, and where they are changed."""
    refusals: Mapped[int] = mapped_column(default=0)
    """How often in a row the server would not let us look into it."""
    refusal: Mapped[str] = mapped_column(default="")
    """Why not, in words; empty while all is well."""
    retry_at: Mapped[datetime | None]
    """Until then a folder that was refused is left alone."""


class FolderGap(Row):
    """A UID inside the marks that is not stored yet; asked for again by exact UID, with growing delays."""

    __tablename__ = "folder_gap"
    constraints = (UniqueConstraint("folder_id", "uid"),)

    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id", ondelete="CASCADE"))
    uid: Mapped[int] = mapped_column(BigId)
    since: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime]
    reason: Mapped[str]


UNTOLD = -(2**40)
"""Less the id of an action, the `uid` of a place that the server has not been told of."""
_HAS_OBJECT_ID = text("object_id IS NOT NULL")
_HAS_VARIANT = text("variant_id IS NOT NULL")
_UNREAD = text("NOT seen")
_UNREAD_ON_SQLITE = text("seen = 0")
"""As conditions on `seen` are written there: it takes no other spelling for the same."""


class Place(Row):
    """One message in one folder. Raw bytes = this place's head blob + the body of its message or variant.

    `sha256` is of the whole raw message as the server gave it. `decision` tells step by step why the message stands
    where it does: `[{"step": "match", "outcome": "deal", "detail": …}, …]`. A negative `uid` is none: the server gave
    new UIDs to the whole folder, and this place waits to be found again (`mailsync/matching`); from `UNTOLD` downwards,
    somebody moved or wrote it here and the server does not know yet (`mailsync/actions`). `modseq` is that of the flags
    as the server last told them (CONDSTORE). Places go by `storage.last_copies.remove_places`, which keeps what a message
    needs to be read; only the removal of a mailbox, which decides about the messages too, deletes them itself.
    """

    __tablename__ = "place"
    constraints = (
        UniqueConstraint("folder_id", "uid"),
        Index(None, "message_id", "folder_id"),
        Index("ix_place_unread", "folder_id", "message_id", sqlite_where=_UNREAD_ON_SQLITE, postgresql_where=_UNREAD),
        Index(None, "head_blob_id"),
        Index(None, "variant_id", sqlite_where=_HAS_VARIANT, postgresql_where=_HAS_VARIANT),
        Index(None, "mailbox_id", "internal_date"),
        Index(None, "mailbox_id", "object_id", sqlite_where=_HAS_OBJECT_ID, postgresql_where=_HAS_OBJECT_ID),
    )

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id"))
    uid: Mapped[int] = mapped_column(BigId)
    object_id: Mapped[str | None]
    """EMAILID (RFC 8474) or X-GM-MSGID: the same in every folder of the account that holds these very bytes."""
    seen: Mapped[bool]
    flagged: Mapped[bool]
    answered: Mapped[bool]
    draft: Mapped[bool]
    modseq: Mapped[int | None] = mapped_column(BigId)
    internal_date: Mapped[datetime]
    size: Mapped[int]
    sha256: Mapped[str]
    head_blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    is_new: Mapped[bool]
    decision: Mapped[list[dict[str, Any]]] = mapped_column(FewLists)


class LastCopy(Base):
    """What a message needs to be read while it lies in no folder: the head, variant and mailbox of its last place.

    Made in the transaction that takes that place away, gone in the one that brings another (`storage/last_copies.py`).
    """

    __tablename__ = "last_copy"
    __table_args__ = (
        Index(None, "mailbox_id"),
        Index(None, "head_blob_id"),
        Index(None, "variant_id", sqlite_where=_HAS_VARIANT, postgresql_where=_HAS_VARIANT),
    )

    message_id: Mapped[int] = mapped_column(BigId, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id"))
    """Whose sharing speaks for it, and whose removal takes it away."""
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id"))
    head_blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))


class Quarantine(Row):
    """A message that could not be stored, with its raw bytes and the error; shown, and tried again after an upgrade."""

    __tablename__ = "quarantine"
    constraints = (UniqueConstraint("folder_id", "uid"),)

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"))
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id", ondelete="CASCADE"))
    uid: Mapped[int] = mapped_column(BigId)
    raw_blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"), index=True)
    reason: Mapped[str]
    since: Mapped[datetime]
    version: Mapped[str] = mapped_column(default="")
    """Of the program that could not store it; another one tries again by itself."""
