"""By what posts are found: the words of each, in an index."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, SortedText

LONGEST_WORD = 64
"""Characters of a term; what is longer is cut."""


class PostTerm(Base):
    """A word of a post's title or text, folded (`storage.folding`). Written with the post; deleted ones keep theirs."""

    __tablename__ = "post_term"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[str] = mapped_column(SortedText, primary_key=True)
    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
