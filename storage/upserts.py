"""INSERT … ON CONFLICT, which both databases have, and SQLAlchemy for each of them alone."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from storage.sessions import WriteSession


def upsert(session: WriteSession, table: type[Any]) -> postgresql.Insert | sqlite.Insert:
    """An insert that may go on with `on_conflict_do_nothing` or `on_conflict_do_update`."""
    return postgresql.insert(table) if session.on_postgresql else sqlite.insert(table)
