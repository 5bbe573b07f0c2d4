"""Ids given out while steps decide, so that rows can point at each other before any of them is written."""

from collections import deque

from storage.ids import reserve_ids
from storage.models import Row
from storage.sessions import WriteSession

CHUNK = 50


class SessionIds:
    """Ids for one unit of work. On SQLite unused ones are free again; on PostgreSQL some numbers are skipped."""

    def __init__(self, session: WriteSession) -> None:
        self._session = session
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
            pool.extend(reserve_ids(self._session, table, CHUNK))
        return pool.popleft()
