"""Many rows into one table at the driver's speed: a third of what a Core insert costs.

What makes the difference: values are turned column by column into what the driver takes, and one statement carries many
rows. On SQLite the driver lets go of Python's lock at every statement otherwise, and waits to get it back; on PostgreSQL
COPY spares both sides a statement a row.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, cast

import psycopg
from sqlalchemy import Boolean, Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from storage.field_words import field_words
from storage.folding import name_key
from storage.models import Base
from storage.sessions import WriteSession
from storage.types import UtcDateTime, Word

ROWS_AT_ONCE = (200, 50, 12, 3)
"""On SQLite. Few sizes of statements keep them in the driver's cache; times 30 columns it is far below 32,766. What is left
over goes row by row, and each row is a moment in which another thread may take Python's lock for 5 ms: so it is two at most."""
WORTH_COPYING = 8
"""Rows on PostgreSQL; COPY has two round trips, so fewer go sooner one by one."""
Processor = Callable[[Any], Any]
Values = Sequence[tuple[Any, ...]]
FEW_VALUES = (Boolean, UtcDateTime, Word)
"""Types of whose values few are different in a batch (a mail's date stands in several rows): what they become is remembered."""


@dataclass(frozen=True, slots=True)
class _Insert:
    """How rows with certain columns go into a table. `processors` are by the position of their column.

    `head` is "INSERT INTO … VALUES", `row` the marks of one row; `copy` and `types` are for PostgreSQL.
    """

    values_of: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    processors: Sequence[tuple[int, Processor]]
    head: str
    row: str
    copy: str
    types: Sequence[str]


def insert_rows(session: WriteSession, into: type[Base] | Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns. Defaults of other columns are the database's, not the model's; only the key
    of a record's name is made here.

    Raises what SQLAlchemy raises of an insert.
    """
    with inserting(session, into, rows):
        pass


@contextmanager
def inserting(session: WriteSession, into: type[Base] | Table, rows: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    """`insert_rows`; many rows PostgreSQL inserts while the block runs, which must ask the database nothing.

    What it raises may come at the end of the block.
    """
    if not rows:
        yield
        return
    connection = session.connection()
    table = into if isinstance(into, Table) else cast(Table, into.__table__)
    if (keyed := _name_keys(table)) is not None:
        key, name = keyed
        rows = [{key: name_key(row[name]), **row} for row in rows]
    if fields := _fields_with_words(table):
        rows = [{"field_words": field_words({field: row.get(field) for field in fields}), **row} for row in rows]
    insert = _insert(table, tuple(rows[0]), connection.dialect)
    columns: list[Any] = list(zip(*map(insert.values_of, rows), strict=True))
    for position, process in insert.processors:
        columns[position] = map(process, columns[position])
    values = list(zip(*columns, strict=True))
    if not session.on_postgresql:
        values = _in_large_statements(connection, insert, values)
    elif len(values) >= WORTH_COPYING:
        with _copying(connection, insert, values):
            yield
        return
    if values:
        connection.exec_driver_sql(insert.head + insert.row, values)
    yield


def run_many(session: WriteSession, statement: str, values: Values) -> None:
    """Run a statement of SQLite once for each tuple of values. Raises what SQLAlchemy raises."""
    connection = session.connection()
    with _on_sqlite(connection, statement) as driver:
        driver.executemany(statement, values)


def _in_large_statements(
    connection: Connection, insert: _Insert, values: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Insert as many as fill statements; returns the rest."""
    at = 0
    for size in ROWS_AT_ONCE:
        for _ in range((len(values) - at) // size):
            flat = tuple(chain.from_iterable(values[at : at + size]))
            statement = _statement(insert.head, insert.row, size)
            with _on_sqlite(connection, statement) as driver:
                driver.execute(statement, flat)
            at += size
    return values[at:]


@contextmanager
def _on_sqlite(connection: Connection, statement: str) -> Iterator[sqlite3.Connection]:
    """The driver itself: what SQLAlchemy does around a statement takes as long as a short statement."""
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    try:
        yield driver
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, None, error, sqlite3.Error, hide_parameters=True) from error


@contextmanager
def _copying(connection: Connection, insert: _Insert, values: Values) -> Iterator[None]:
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(insert.copy) as copy:
            copy.set_types(insert.types)
            for row in values:
                copy.write_row(row)
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance(
            insert.copy, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=driver.closed
        ) from error


@lru_cache(maxsize=512)
def _insert(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Insert:
    quote = dialect.identifier_preparer
    quoted, mark = ", ".join(map(quote.quote, names)), "?" if dialect.paramstyle == "qmark" else "%s"
    place = f"{quote.format_table(table)} ({quoted})"
    kinds = [table.c[name].type for name in names]
    return _Insert(
        values_of=itemgetter(*names),
        processors=[(at, process) for at, kind in enumerate(kinds) if (process := _processor(kind, dialect))],
        head=f"INSERT INTO {place} VALUES ",
        row=f"({', '.join([mark] * len(names))})",
        copy=f"COPY {place} FROM STDIN (FORMAT BINARY)",
        types=[re.split(r"\(| COLLATE", kind.compile(dialect))[0].lower() for kind in kinds],
    )


@lru_cache(maxsize=256)
def _name_keys(table: Table) -> tuple[str, str] | None:
    """The column by which records are sorted and found, and the one that it is made from."""
    made = ((column.name, column.info["name_key_of"]) for column in table.columns if "name_key_of" in column.info)
    return next(made, None)


@lru_cache(maxsize=256)
def _fields_with_words(table: Table) -> tuple[str, ...]:
    """The columns whose words stand in `field_words` too; none where a table has no such column."""
    there = table.columns.get("field_words")
    return () if there is None else there.info["field_words_of"]


@lru_cache(maxsize=512)
def _statement(head: str, row: str, size: int) -> str:
    return head + ", ".join([row] * size)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    """What makes a value the driver's."""
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=4096)(process) if process and isinstance(kind, FEW_VALUES) else process
