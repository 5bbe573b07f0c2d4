"""SQLite's write-ahead log, brought into the database file behind the writers' backs.

SQLite would do it inside the commit that makes the log long: that commit, and whoever waits for its turn behind it, took
three times as long. Here a thread does it after so many megabytes, and copies beside the writers; only a log that never came
to an end so, because somebody always wrote or read, is ended in turn with them.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

STEP_BYTES = 8 * 1024 * 1024
"""The log grows by so much before it is copied again."""
KEPT_BYTES = STEP_BYTES // 2
"""What is kept of the log's file when it begins anew, so that it need not grow again."""
LOG_BYTES = 64 * 1024 * 1024
"""Beyond that, readers and writers that overlap all the time have kept the log from beginning anew: it is ended."""
LOG_PAGES = 32_768
"""After so many (128 MB) SQLite does it after all, if the thread ever fails."""
READERS_MS = 2_000
"""How long writers may wait for readers, so that the log begins anew."""


class Checkpoints:
    """Looks at the log's length after each commit; at most one thread copies, or ends a long log by `end`. Thread-safe."""

    def __init__(self, database_file: str, reader: Engine, end: Callable[[], None]) -> None:
        self._log = Path(f"{database_file}-wal")
        self._reader = reader
        self._end = end
        self._guard = threading.Lock()
        self._copied_at = 0
        self._thread: threading.Thread | None = None

    @property
    def log_bytes(self) -> int:
        """How long the log's file is now."""
        try:
            return self._log.stat().st_size
        except FileNotFoundError:
            return 0

    def after_commit(self) -> None:
        """Begin to copy if the log has grown enough. Returns at once."""
        size = self.log_bytes
        if size < self._copied_at:  # It has begun anew.
            self._copied_at = 0
        if size < self._copied_at + STEP_BYTES or not self._guard.acquire(blocking=False):
            return
        self._copied_at = size
        self._thread = threading.Thread(target=self._copy, name="checkpoint", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until nothing is being copied."""
        if self._thread is not None:
            self._thread.join()

    def _copy(self) -> None:
        try:
            if self.log_bytes > LOG_BYTES:
                self._end()
            else:
                checkpoint(self._reader, "PASSIVE")
        finally:
            self._guard.release()


def checkpoint(engine: Engine, mode: str) -> None:
    """Run one checkpoint; what readers or writers are in the way of stays in the log."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {READERS_MS}")
        cursor.execute(f"PRAGMA wal_checkpoint({mode})")
        cursor.execute(f"PRAGMA busy_timeout = {usual}")
    finally:
        connection.close()
