"""Statements are compiled once in a process of the suite, not once in each store.

SQLAlchemy keeps what it compiled with the engine that asked, and each test opens engines of its own: a quarter of what tests
of records took. What is compiled is the same, and so is what the databases are told; the key merely leaves out whose it is.
"""

from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from storage import database

MOST = 20_000


def compile_once() -> None:
    """From now on, in all engines that are opened."""
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__ = _is_alike  # type: ignore[method-assign]
        dialect.__hash__ = _hash  # type: ignore[method-assign]
    database.create_engine = _opened  # type: ignore[attr-defined]


def _is_alike(one: Any, other: object) -> bool:
    return type(one) is type(other)


def _hash(one: Any) -> int:
    return hash(type(one))


@cache
def _compiled(_: type) -> LRUCache[Any, Any]:
    return LRUCache(MOST)


def _opened(*given: Any, **more: Any) -> Engine:
    engine = create_engine(*given, **more)
    engine._compiled_cache = _compiled(type(engine.dialect))
    return engine
