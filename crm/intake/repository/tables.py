"""Tables below the models: Core statements over many rows cost a third of the ORM's."""

from typing import Any, cast

from sqlalchemy import Table, bindparam

from storage import bulk
from storage.models import Base
from storage.sessions import WriteSession

Rows = list[dict[str, Any]]


def table_of(model: type[Base]) -> Table:
    """The Core table of a model."""
    return cast(Table, model.__table__)


def insert_rows(session: WriteSession, model: type[Base], rows: Rows) -> None:
    """Insert rows that all have the same keys."""
    bulk.insert_rows(session, model, rows)


def update_rows(session: WriteSession, model: type[Base], rows: Rows) -> None:
    """Update rows by id: each has `key` (the id) and the same columns."""
    if rows:
        table = table_of(model)
        session.connection().execute(table.update().where(table.c.id == bindparam("key")), rows)
