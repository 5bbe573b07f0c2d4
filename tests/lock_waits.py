"""Whether somebody waits for a lock, asked of PostgreSQL itself: silence for a while tells nothing on a busy machine.

SQLite has one writer at a time, so whoever writes there waits in any case: tests of who waits for whom are for PostgreSQL.
"""

import time

import psycopg

from storage.store import Store

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
_SECONDS = 20


def until_somebody_waits(store: Store) -> None:
    """Return as soon as a connection to this database waits for a lock of another; fail when none comes to."""
    deadline = time.monotonic() + _SECONDS
    with psycopg.connect(store.database.url.replace("+psycopg", ""), autocommit=True) as connection:
        while connection.execute(_WAITING).fetchone() == (0,):
            assert time.monotonic() < deadline, "Nobody came to wait for the other."
            time.sleep(0.01)
