"""How a database would go about what a piece of code asks, in its own words: which indexes it uses, what it walks through."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

from storage.sessions import ReadSession
from storage.store import Store

AS_IF_TABLES_WERE_LARGE = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off"
)
"""PostgreSQL rightly walks through small ones, and sorts them."""


def plans_of(store: Store, ask: Callable[[ReadSession], object]) -> str:
    """The plans of all statements that `ask` runs, one below the other."""
    asked: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, given: Any, ___: Any, ____: bool) -> None:
        asked.append((statement, given))

    with store.database.reading() as session:
        event.listen(Engine, "after_cursor_execute", note)
        try:
            ask(session)
        finally:
            event.remove(Engine, "after_cursor_execute", note)
        connection = session.connection()
        if store.database.embedded:
            rows = (connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given) for words, given in asked)
            return "\n".join(row[3] for found in rows for row in found)
        for setting in AS_IF_TABLES_WERE_LARGE.split(";"):
            connection.exec_driver_sql(setting)
        rows = (connection.exec_driver_sql(f"EXPLAIN {words}", given) for words, given in asked)
        return "\n".join(row[0] for found in rows for row in found)


def scans_of(plan: str, table: str, *, along_an_index: bool = False) -> list[str]:
    """The lines of a plan in which a table is walked through from its beginning, in either database's words.

    `along_an_index`: also where it goes along an index, as a list does that ends when its page is full.
    """
    name = rf"{table}(?:_\d+)?\b"
    walked = re.compile(rf"SCAN {name}|Seq Scan on {name}")
    lines = [line.strip() for line in plan.splitlines() if walked.search(line)]
    return [line for line in lines if along_an_index or "USING" not in line or "AUTOMATIC" in line]
