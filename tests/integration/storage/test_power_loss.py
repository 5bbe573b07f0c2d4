"""What was committed survives power loss, whatever the defaults of the library or the server are."""

import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from core.errors import Transient
from integration.conftest import sqlite_store
from storage.database import SILENT_FOR, Database
from workers.holding import LEASE_FOR

FULL = 2
SECONDS = 10.0


def pragma(database: Database, name: str) -> list[object]:
    """Of the connection that writes, and of one that reads (and copies the log into the file)."""
    with database.unit_of_work() as session:
        writer = session.execute(text(f"PRAGMA {name}")).scalar_one()
    with database.reading() as session:
        return [writer, session.execute(text(f"PRAGMA {name}")).scalar_one()]


def test_every_connection_to_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path)
    for _ in range(2):
        assert pragma(store.database, "journal_mode") == ["wal", "wal"]
        assert pragma(store.database, "synchronous") == [FULL, FULL]
        store.database.engine.dispose()  # So that the next unit has a fresh connection.
    store.close()


@pytest.fixture
def database(postgres_url: str) -> Database:
    with psycopg.connect(postgres_url) as server:
        assert server.execute("SHOW synchronous_commit").fetchone() == ("off",), "or the test proves nothing"
        server.execute("CREATE TABLE note (words TEXT)")
    return Database(postgres_url)


def shown(database: Database, name: str) -> list[object]:
    with database.unit_of_work() as session:
        writer = session.execute(text(f"SHOW {name}")).scalar_one()
    with database.reading() as session:
        return [writer, session.execute(text(f"SHOW {name}")).scalar_one()]


def test_postgresql_waits_for_its_disk_whatever_its_own_setting_is(database: Database) -> None:
    with closing(database):
        assert shown(database, "synchronous_commit") == ["on", "on"]
        with pytest.raises(ZeroDivisionError), database.unit_of_work():
            raise ZeroDivisionError
        assert shown(database, "synchronous_commit") == ["on", "on"], "a rollback takes nothing back"


def test_a_stronger_setting_of_the_server_stays(database: Database, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {server.info.dbname} SET synchronous_commit = remote_apply")
    with closing(database):
        assert shown(database, "synchronous_commit") == ["remote_apply", "remote_apply"]


def test_a_unit_that_fell_silent_is_ended_by_the_server_and_changes_nothing(
    database: Database, postgres_url: str
) -> None:
    """Given a process that was stopped in the middle of a unit, then what it has locked is free before a lease ends."""
    assert SILENT_FOR < LEASE_FOR
    with closing(database):
        assert shown(database, "idle_in_transaction_session_timeout") == ["30s", "30s"]
        with pytest.raises(Transient), database.unit_of_work() as session:
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '50ms'"))
            session.execute(text("INSERT INTO note VALUES ('late')"))
            wait_until_nobody_is_in_the_middle(postgres_url)
        with database.unit_of_work() as session:
            assert session.execute(text("SELECT count(*) FROM note")).scalar_one() == 0


def wait_until_nobody_is_in_the_middle(url: str) -> None:
    deadline = time.monotonic() + SECONDS
    query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
    with psycopg.connect(url, autocommit=True) as server:
        while server.execute(query).fetchone() != (0,):
            assert time.monotonic() < deadline
            time.sleep(0.01)
