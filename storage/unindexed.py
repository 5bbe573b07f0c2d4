"""A column that no index is wanted for, where the database can not know that another one is better.

SQLite has no statistics of ours, and takes any equality for rare; PostgreSQL's do not tell how many words begin alike.
"""

from typing import Any

from sqlalchemy import ColumnElement, func


def unindexed(column: Any) -> ColumnElement[Any]:
    """The same value, by which no rows are looked up and none come in order."""
    return func.coalesce(column, column)
