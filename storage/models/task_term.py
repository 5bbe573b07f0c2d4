"""By what tasks are found: the words of each, in an index."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, SortedText


class TaskTerm(Base):
    """A word of a task's title, text, tags or sender, folded (`storage.folding`). Written with the task."""

    __tablename__ = "task_term"
    __table_args__ = (Index("ix_task_term_task_id_term", "task_id", "term"), {"sqlite_with_rowid": False})

    term: Mapped[str] = mapped_column(SortedText, primary_key=True)
    task_id: Mapped[int] = mapped_column(
        ForeignKey("task.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
