"""A store whose every change can be taken back at once, so that each request of the walk meets the company as it was.

All reads and writes go over one connection, on which a savepoint stands around everything: a unit of work is a savepoint
inside of it. That is the same SQLite, the same statements and the same file; only the last commit never comes.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import StaticPool

from storage import database as opening
from storage.store import Store


class Inside(sqlite3.Connection):
    """The connection: commits and rolls back to where its unit of work began, never further."""

    in_unit = False

    def begin_unit(self) -> None:
        """A unit of work begins."""
        self.execute("SAVEPOINT unit")
        self.in_unit = True

    def commit(self) -> None:
        """Keep what the unit did, as far as the walk goes."""
        if self.in_unit:
            self.execute("RELEASE unit")
            self.in_unit = False

    def rollback(self) -> None:
        """Take back what the unit did."""
        if self.in_unit:
            self.execute("ROLLBACK TO unit")
            self.commit()


class Looking:
    """The same connection as readers have it: what ends a reading ends nothing."""

    def __init__(self, connection: Inside) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Nothing was written."""

    def rollback(self) -> None:
        """Nothing was written."""


class Undoing:
    """What the walk does with the store's rows: see them, count changes, take all back."""

    def __init__(self, connection: Inside) -> None:
        self._connection = connection
        self._point = ""
        self.mark()

    def mark(self) -> None:
        """From here on everything can be taken back."""
        self._connection.execute("RELEASE walk" if self._point else "SELECT 1")
        self._connection.execute("SAVEPOINT walk")
        self._point = "walk"
        self._rows = self._connection.total_changes

    @property
    def changed(self) -> bool:
        """Whether any row was written since the last undo."""
        return self._connection.total_changes != self._rows

    def undo(self) -> None:
        """Make everything as it was at the (innermost) mark."""
        self._connection.execute(f"ROLLBACK TO {self._point}")
        self._rows = self._connection.total_changes

    @contextmanager
    def inside(self) -> Iterator[None]:
        """A mark within the mark: what happened before the block stays until it has ended, and is taken back with it."""
        self._connection.execute("SAVEPOINT inside")
        self._point = "inside"
        self._rows = self._connection.total_changes
        yield
        self._point = "walk"
        self.undo()

    def rows(self, statement: str, values: Mapping[str, Any]) -> list[Any]:
        """What a statement finds."""
        return self._connection.execute(statement, values).fetchall()


@contextmanager
def undoing(store: Store) -> Iterator[Undoing]:
    """Put the store on one connection until the block ends; nothing of what happens in it stays."""
    database = store.database
    file = database._writer.url.database
    assert file
    connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None, factory=Inside)
    connection.execute("PRAGMA foreign_keys = ON")
    before = database._reader, database._writer
    looking: Any = Looking(connection)
    database._reader = opening.create_engine(str(database._writer.url), creator=lambda: looking, poolclass=StaticPool)
    database._writer = opening.create_engine(
        str(database._writer.url), creator=lambda: connection, poolclass=StaticPool
    )
    event.listen(database._writer, "begin", lambda _: connection.begin_unit())
    try:
        yield Undoing(connection)
    finally:
        connection.execute("ROLLBACK")
        database._reader, database._writer = before
        connection.close()
