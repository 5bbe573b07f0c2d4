"""By what files are found: the words of their names, folded, in an index of their own."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, SortedText


class FileTerm(Row):
    """A word of the name of one file that people put on a record, or that came with a post. Files of mails are found as mails."""

    __tablename__ = "file_term"
    constraints = (
        UniqueConstraint("record_file_id", "term"),
        UniqueConstraint("post_file_id", "term"),
        Index(None, "term", "record_file_id"),
        Index(None, "term", "post_file_id"),
    )

    term: Mapped[str] = mapped_column(SortedText)
    record_file_id: Mapped[int | None] = mapped_column(ForeignKey("record_file.id", ondelete="CASCADE"))
    post_file_id: Mapped[int | None] = mapped_column(ForeignKey("post_file.id", ondelete="CASCADE"))
