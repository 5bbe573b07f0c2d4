"""Wake-ups between processes: what another process enqueued is heard here within milliseconds (LISTEN/NOTIFY).

One thread and one connection of its own per process. It is a hint only: while the connection is away, work is found at
the next look; when it is back, every queue is looked at, because nobody knows what was said meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from core.logging import get_logger
from storage.database import Database
from storage.models import Queue
from storage.notify import CHANNEL, read_hint

STOP_SECONDS = 0.5
"""How long the thread may take to see that it shall end."""
RETRY_SECONDS = 2.0
NAME = "mailsync wake-ups"
"""For the administrator who looks at connections."""
CONNECT_SECONDS = 10

log = get_logger(__name__)


@contextmanager
def hearing(database: Database) -> Iterator[None]:
    """Inside the block, wake-ups of other processes reach `database.notifier`. On SQLite there are no others."""
    if database.embedded:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_listen, args=(database, stop), name="wake-ups", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _listen(database: Database, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with _connect(database.url) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                for queue in Queue:
                    database.notifier.wake(queue)
                while not stop.is_set():
                    _pass_on(connection, database)
        except psycopg.OperationalError:
            log.warning("wake_ups.waiting", on="database")
            stop.wait(RETRY_SECONDS)


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True, application_name=NAME, connect_timeout=CONNECT_SECONDS)


def _pass_on(connection: psycopg.Connection, database: Database) -> None:
    for notify in connection.notifies(timeout=STOP_SECONDS):
        queue = read_hint(notify.payload, but_from=database.notifier.name)
        if queue is not None:
            database.notifier.wake(queue)
