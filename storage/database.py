"""The database: how it is opened, read, and (in one place only) written.

On SQLite every writing unit begins with BEGIN IMMEDIATE behind the fair writer lock: the library's default would
read first, lock later, and lose updates without an error. `synchronous=FULL`: what is committed survives power loss.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from core.errors import Transient, UsageError
from storage.notify import Notifier
from storage.sessions import ReadSession, WriteSession
from storage.writer_lock import Urgency, WriterLock

SQLITE_FILE = "mailsync.db"
BUSY_TIMEOUT_MS = 30_000
"""For other processes on the same file; inside this process the writer lock keeps order."""
CACHE_KIB = 65_536
NOTIFY_CHANNEL = "mailsync_outbox"
RETRYABLE_SQLSTATES = ("40001", "40P01", "57P01", "57P02", "57P03", "08006", "08003")


class Database:
    """One opened database. Thread-safe; make one per process and pass it down."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.embedded = url.startswith("sqlite")
        self.notifier = Notifier()
        self.writer_lock = WriterLock()
        self._reader, self._writer = _open_sqlite(url) if self.embedded else _open_postgresql(url)

    @classmethod
    def in_folder(cls, data_dir: Path) -> "Database":
        """The SQLite database of a data directory, which is made if absent. Raises `UsageError` if it cannot be written."""
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            probe = data_dir / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            reason = error.strerror or "it can not be used"
            raise UsageError(
                f"The data directory {data_dir} cannot be written ({reason}): set MAILSYNC_DATA_DIR to one that can."
            ) from None
        return cls(f"sqlite:///{data_dir / SQLITE_FILE}")

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations only."""
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """A session over one consistent snapshot that can not write."""
        with _plain_errors(), ReadSession(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def unit_of_work(self, urgency: Urgency = Urgency.NORMAL) -> Iterator[WriteSession]:
        """All or nothing: commits when the block ends, rolls back when it raises, then wakes the queues it filled.

        Keep it short (50 ms): nothing inside may wait for network, DNS, parsing or another process. Not reentrant.
        Raises `Transient` when the database is locked by another process, went away, or chose this unit as the victim of
        a deadlock: nothing was changed, the caller may try again.
        """
        with _plain_errors(), self._turn(urgency), WriteSession(self._writer, expire_on_commit=False) as session:
            yield session
            session.flush()
            if session.on_postgresql:
                for queue in session.queues_to_wake:
                    session.execute(
                        text("SELECT pg_notify(:channel, :queue)"), {"channel": NOTIFY_CHANNEL, "queue": queue}
                    )
            session.commit_unit()
        for queue in session.queues_to_wake:
            self.notifier.wake(queue)

    def close(self) -> None:
        """Give all connections back."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _turn(self, urgency: Urgency) -> Iterator[None]:
        if self.embedded:
            with self.writer_lock.hold(urgency):
                yield
        else:
            yield


def _open_sqlite(url: str) -> tuple[Engine, Engine]:
    reader = create_engine(url, poolclass=QueuePool, pool_size=8, max_overflow=24)
    writer = create_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0)
    for engine, read_only in ((reader, True), (writer, False)):
        event.listen(engine, "connect", _prepare_reader if read_only else _prepare_writer)
        event.listen(engine, "begin", _begin_deferred if read_only else _begin_immediate)
    return reader, writer


def _prepare(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # We say BEGIN ourselves.
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _prepare_writer(connection: sqlite3.Connection, _: Any) -> None:
    _prepare(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _prepare_reader(connection: sqlite3.Connection, _: Any) -> None:
    _prepare(connection)
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _open_postgresql(url: str) -> tuple[Engine, Engine]:
    driver_url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    # libpq's keywords need `hostaddr`-free defaults; `application_name` lets an administrator see who we are.
    arguments = {"application_name": "mailsync", "connect_timeout": 10}
    writer = create_engine(driver_url, pool_size=8, max_overflow=24, pool_pre_ping=True, connect_args=arguments)
    reader = writer.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return reader, writer


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what passes by itself into `Transient`; let every other database error rise as it is."""
    try:
        yield
    except DBAPIError as error:
        sqlstate = getattr(error.orig, "sqlstate", None)
        locked = isinstance(error, OperationalError) and "locked" in str(error.orig)
        if locked:
            raise Transient("The database is busy with another process: try again in a moment.") from error
        if error.connection_invalidated or sqlstate in RETRYABLE_SQLSTATES:
            raise Transient("The database went away or asked to try again.") from error
        raise
