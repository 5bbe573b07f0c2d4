"""Two kinds of database session, distinct for the type checker: what only reads, and what may write.

A repository function that takes a `ReadSession` works with both; one that takes a `WriteSession` can only be called
inside `Database.unit_of_work()`. Neither can commit by itself: there is one commit point.
"""

from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session
from typing_extensions import override

from storage.models import Queue


class CommitOutsideUnitOfWork(RuntimeError):
    """Somebody called `commit()` on a session: let `unit_of_work()` do it, so that jobs leave with the rows."""


class ReadSession(Session):
    """A session that sees committed rows and can not change any (`query_only` on SQLite, READ ONLY on PostgreSQL)."""

    @cached_property
    def on_postgresql(self) -> bool:
        """Whether statements and functions that only PostgreSQL has apply."""
        return self.get_bind().dialect.name == "postgresql"

    @override
    def commit(self) -> None:
        raise CommitOutsideUnitOfWork


class WriteSession(ReadSession):
    """The session of one unit of work. Remembers which queues must be woken when it has committed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queues_to_wake: set[Queue] = set()

    def commit_unit(self) -> None:
        """The one commit; called by `unit_of_work()` alone."""
        Session.commit(self)
