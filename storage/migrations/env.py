"""Alembic's entry: runs the migrations on the connection that `storage.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.models import Base
from storage.types import UtcDateTime, Word

# Search is made by hand (FTS5 keeps shadow tables of its own, tsvector is PostgreSQL's): autogenerate must not see it.
SEARCH_TABLE = "message_search"
SEARCH_INDEX = "ix_message_text_search"
SEARCH_COLUMN = "vector"


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain ones, so that an old migration does not depend on today's code."""
    if kind == "type" and isinstance(item, Word):
        return "sa.String(32)"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, kind: str, _: Any) -> bool:
    """Whether autogenerate and `alembic check` should look at it."""
    if name is None:
        return True
    return not name.startswith(SEARCH_TABLE) and (kind, name) not in (
        ("index", SEARCH_INDEX),
        ("column", SEARCH_COLUMN),
    )


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    include_name=include_name,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
