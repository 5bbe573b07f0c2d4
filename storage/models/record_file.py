"""Files that people put on records. What stands on which record is said by the entry of the timeline that tells of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row

_DELETED = text("deleted_at IS NOT NULL")


class RecordFile(Row):
    """One file, which stands where its entry stands: so it moves with a merge, a conversion and a removal by itself.

    One that was deleted keeps its row and bytes for undo, until its time is over. One that is still coming, piece by piece,
    has no entry yet and counts as deleted: what a killed process leaves of it goes by itself.
    """

    __tablename__ = "record_file"
    constraints = (Index(None, "deleted_at", sqlite_where=_DELETED, postgresql_where=_DELETED),)

    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigId)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(BigId)


class RecordFilePiece(Row):
    """Some of the bytes of a file, so few that nobody waits while they are stored or deleted."""

    __tablename__ = "record_file_piece"
    constraints = (UniqueConstraint("file_id", "position"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("record_file.id", ondelete="CASCADE"))
    position: Mapped[int]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"), index=True)
