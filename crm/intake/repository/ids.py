"""Ids given out while steps decide, so that rows can point at each other before any of them is written."""

from collections import deque

from storage.ids import reserve_ids
from storage.models import Row
from storage.sessions import WriteSession


class SessionIds:
    """Ids for one unit of work; PostgreSQL is asked for `at_once` of a table.

    On SQLite unused ones are free again; on PostgreSQL some numbers are skipped.
    """

    def __init__(self, session: WriteSession, at_once: int) -> None:
        self._session = session
        self._at_once = at_once
        self._pools: dict[type[Row], deque[int]] = {}
        self._last: dict[type[Row], int] = {}

    def next(self, table: type[Row]) -> int:
        """A fresh id of `table`."""
        if not self._session.on_postgresql:
            last = self._last.get(table)
            self._last[table] = reserve_ids(self._session, table, 1)[0] if last is None else last + 1
            return self._last[table]
        pool = self._pools.setdefault(table, deque())
        if not pool:
            pool.extend(reserve_ids(self._session, table, self._at_once))
        return pool.popleft()
