"""A database in trouble tells what to do, keeps what it had, and goes on when the trouble is over."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from core.errors import Permanent, Transient, UsageError
from storage.database import Database
from storage.plain_errors import SQLITE_FILE


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database.in_folder(tmp_path / "data")
    with database.unit_of_work() as session:
        session.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)"))
    return database


def write(database: Database, words: str) -> None:
    with database.unit_of_work() as session:
        session.execute(text("INSERT INTO note (words) VALUES (:words)"), {"words": words})


def notes(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM note")).scalar_one())


def limit_pages(database: Database, pages: int) -> None:
    """SQLite's own way to be full; its error is that of a full disk."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_passes_and_costs_nothing(database: Database) -> None:
    write(database, "kept")
    limit_pages(database, 1)
    with pytest.raises(Transient, match="The disk is full: make room"):
        write(database, "x" * 100_000)
    assert notes(database) == 1
    limit_pages(database, 1_000_000)
    write(database, "x" * 100_000)
    assert notes(database) == 2
    database.close()


def test_another_writer_is_waited_for(database: Database) -> None:
    file = Path(database.url.removeprefix("sqlite:///"))
    other = sqlite3.connect(file, isolation_level=None)
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 10"))
    database.engine.dispose()
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Transient, match="busy with another process"):
        write(database, "mine")
    other.execute("ROLLBACK")
    other.close()
    write(database, "mine")
    assert notes(database) == 1
    database.close()


def test_a_damaged_file_is_permanent(tmp_path: Path) -> None:
    (tmp_path / SQLITE_FILE).write_bytes(b"mail of ten years, but no database " * 200)
    database = Database.in_folder(tmp_path)
    with pytest.raises(Permanent, match="restore it from your backup"), database.reading() as session:
        session.execute(text("SELECT 1 FROM note"))
    database.close()


def test_a_file_that_is_not_ours_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / SQLITE_FILE).touch()
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith(SQLITE_FILE))
    with pytest.raises(UsageError, match="check its owner and rights"):
        Database.in_folder(tmp_path)


def test_mail_is_nobody_elses_to_read(tmp_path: Path) -> None:
    Database.in_folder(tmp_path / "data").close()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_what_is_wrong_in_a_statement_stays_a_bug(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.reading() as session:
        session.execute(text("SELECT * FROM nowhere"))
    with pytest.raises(IntegrityError), database.unit_of_work() as session:
        session.execute(text("INSERT INTO note (id) VALUES (1), (1)"))
    database.close()
