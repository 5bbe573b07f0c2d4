"""The database: how it is opened, read, and (in one place only) written.

On SQLite every writing unit begins with BEGIN IMMEDIATE behind the fair writer lock: the library's default would
read first, lock later, and lose updates without an error. `synchronous=FULL`: what is committed survives power loss.
On PostgreSQL commits wait for its disk too, whatever its own setting is. `hide_parameters`: a statement that fails is
told without its values, for those are addresses and bodies, and errors end up in logs.
"""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool

from core.errors import UsageError
from storage.checkpoints import KEPT_BYTES, LOG_BYTES, LOG_PAGES, Checkpoints, checkpoint
from storage.notify import CHANNEL, Notifier
from storage.plain_errors import NO_RIGHTS, SQLITE_FILE, plain_errors
from storage.sessions import ReadSession, WriteSession
from storage.tsvector import Vector
from storage.writer_lock import Urgency, WriterLock

BUSY_TIMEOUT_MS = 30_000
"""For other processes on the same file; inside this process the writer lock keeps order."""
WRITER_CACHE_KIB, READER_CACHE_KIB = 16_384, 8_192
"""Of each connection, for as long as it lives. There is one writer and up to 32 readers, who share the system's cache."""

APPLICATION_NAME = "mailsync"
"""What our connections are called at PostgreSQL."""
SILENT_FOR = timedelta(seconds=30)
"""A unit of work of which PostgreSQL hears nothing for so long is rolled back by the server: its process was stopped or
its machine lost, and what it has locked is wanted by others. Shorter than any lease."""
LOCK_WAIT = timedelta(seconds=15)
"""A statement that waits for so long for what another unit of work has locked is given up. Else those of a process that was
stopped would be let in one after the other, each for `SILENT_FOR`, and keep out who is to take its place."""
# PostgreSQL compiles what it takes for dear: 0.9 s for statements of 10 ms, of which it guessed too many rows. And unless an
# administrator says otherwise, it takes a page that is looked up for four times as dear as one in a row, as on disks that turn:
# it reads whole tables then for what a few hundred look-ups tell.
_PREPARE_POSTGRESQL = f"""
    SELECT set_config('jit', 'off', false),
           CASE current_setting('random_page_cost') WHEN '4' THEN set_config('random_page_cost', '1.1', false) END,
           set_config('idle_in_transaction_session_timeout', '{SILENT_FOR.total_seconds() * 1000:.0f}', false),
           set_config('lock_timeout', '{LOCK_WAIT.total_seconds() * 1000:.0f}', false),
           CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END
"""


class VectorDumper(BytesBinaryDumper):
    """Sends a `Vector` as what it is."""

    oid = psycopg.adapters.types.get_oid("tsvector")


def make_data_dir(data_dir: Path) -> None:
    """Make the data directory, readable by its owner alone, if it is absent. Raises `UsageError` if it cannot be written."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data_dir / f".writable-{uuid.uuid4().hex}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or "it can not be used"
        raise UsageError(
            f"The data directory {data_dir} cannot be written ({reason}): set MAILSYNC_DATA_DIR to one that can."
        ) from None


class Database:
    """One opened database. Thread-safe; make one per process and pass it down."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.embedded = url.startswith("sqlite")
        self.notifier = Notifier()
        self.writer_lock = WriterLock()
        self._reader, self._writer = _open_sqlite(url) if self.embedded else _open_postgresql(url)
        self._checkpoints = Checkpoints(self._writer.url.database or "", self._reader, self.shorten_log)

    @classmethod
    def in_folder(cls, data_dir: Path) -> "Database":
        """The SQLite database of a data directory, which is made if absent. Raises `UsageError` if it cannot be written."""
        make_data_dir(data_dir)
        file = data_dir / SQLITE_FILE
        if file.exists() and not os.access(file, os.W_OK):
            raise UsageError(NO_RIGHTS)
        return cls(f"sqlite:///{file}")

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations only."""
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """A session over one consistent snapshot that can not write."""
        with plain_errors(), ReadSession(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def unit_of_work(self, urgency: Urgency = Urgency.NORMAL) -> Iterator[WriteSession]:
        """All or nothing: commits when the block ends, rolls back when it raises, then wakes the queues it filled.

        Keep it short (50 ms): nothing inside may wait for network, DNS, parsing or another process. Not reentrant.
        Raises `Transient` when the database is locked by another process, went away, or chose this unit as the victim of
        a deadlock: nothing was changed, the caller may try again.
        """
        with plain_errors(), self._turn(urgency), WriteSession(self._writer, expire_on_commit=False) as session:
            yield session
            session.flush()
            if session.on_postgresql:
                for queue in session.queues_to_wake:
                    session.execute(
                        text("SELECT pg_notify(:channel, :hint)"),
                        {"channel": CHANNEL, "hint": self.notifier.hint(queue)},
                    )
            session.commit_unit()
        if self.embedded:
            self._checkpoints.after_commit()
        for queue in session.queues_to_wake:
            self.notifier.wake(queue)

    def shorten_log(self) -> None:
        """Bring SQLite's write-ahead log back to nothing when it has outgrown `LOG_BYTES`; to be called now and then.

        What is in the log goes into the file first while others write, and then in turn with them.
        """
        if self.embedded and self._checkpoints.log_bytes > LOG_BYTES:
            checkpoint(self._reader, "PASSIVE")
            with self._turn(Urgency.NORMAL):
                checkpoint(self._writer, "TRUNCATE")

    def close(self) -> None:
        """Give all connections back."""
        self._checkpoints.wait()
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
    # The last used is the next: its cache knows the pages, and those of the others stay small.
    reader = create_engine(
        url, poolclass=QueuePool, pool_size=8, max_overflow=24, pool_use_lifo=True, hide_parameters=True
    )
    writer = create_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0, hide_parameters=True)
    for engine, read_only in ((reader, True), (writer, False)):
        event.listen(engine, "connect", _prepare_reader if read_only else _prepare_writer)
        event.listen(engine, "begin", _begin_deferred if read_only else _begin_immediate)
    return reader, writer


def _prepare(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # We say BEGIN ourselves.
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare_writer(connection: sqlite3.Connection, _: Any) -> None:
    _prepare(connection)
    connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA journal_size_limit = {KEPT_BYTES}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    connection.execute("PRAGMA synchronous = FULL")


def _prepare_reader(connection: sqlite3.Connection, _: Any) -> None:
    _prepare(connection)
    connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KIB}")
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _open_postgresql(url: str) -> tuple[Engine, Engine]:
    driver_url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    # libpq's keywords need `hostaddr`-free defaults; `application_name` lets an administrator see who we are.
    arguments = {"application_name": APPLICATION_NAME, "connect_timeout": 10}
    writer = create_engine(
        driver_url, pool_size=8, max_overflow=24, pool_pre_ping=True, connect_args=arguments, hide_parameters=True
    )
    event.listen(writer, "connect", _prepare_postgresql)
    reader = writer.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return reader, writer


def _prepare_postgresql(connection: psycopg.Connection[Any], _: Any) -> None:
    connection.adapters.register_dumper(Vector, VectorDumper)
    connection.autocommit = True  # Else a rollback would take the settings back.
    connection.execute(_PREPARE_POSTGRESQL)
    connection.autocommit = False
