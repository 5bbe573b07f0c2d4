"""What a database driver complains about, as one sentence that tells a person what to do.

The class decides what happens next: a full disk or a server that went away passes (`Transient`), a damaged file stays
(`Permanent`), wrong rights are mended by whoever set them (`UsageError`). Everything else is a bug and rises as it is.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import MailsyncError, Permanent, Transient, UsageError

SQLITE_FILE = "mailsync.db"
DEADLOCK_SQLSTATE = "40P01"
RETRYABLE_SQLSTATES = (
    "40001",
    DEADLOCK_SQLSTATE,
    "57P01",
    "57P02",
    "57P03",
    "08006",
    "08003",
    "25P03",
    "53200",
    "53300",
)
DISK_FULL_SQLSTATE = "53100"
NO_IO_SQLSTATES = ("58000", "58030")
LOCKED_SQLSTATE = "55P03"

_BUSY = "The database is busy with another process: try again in a moment."
_FULL = "The disk is full: make room on it; what was stored before is safe."
_NO_IO = "The disk does not take or give the database's data: see whether it is full or broken, then try again."
_DAMAGED = f"The database file {SQLITE_FILE} is damaged: restore it from your backup."
NO_RIGHTS = f"The database file {SQLITE_FILE} cannot be written: check its owner and rights, and those of its folder."
_GONE = "The database went away or asked to try again."
_SERVER_FULL = "The disk of the database server is full: make room on it; what was stored before is safe."
_CROWDED = "All connections to the database are in use: try again in a moment."

_SQLITE: dict[str, tuple[type[MailsyncError], str]] = {
    "SQLITE_BUSY": (Transient, _BUSY),
    "SQLITE_LOCKED": (Transient, _BUSY),
    "SQLITE_FULL": (Transient, _FULL),
    "SQLITE_IOERR": (Transient, _NO_IO),
    "SQLITE_CORRUPT": (Permanent, _DAMAGED),
    "SQLITE_NOTADB": (Permanent, _DAMAGED),
    "SQLITE_CANTOPEN": (UsageError, NO_RIGHTS),
}
"""By the beginning of SQLite's own names of its errors; the extended ones (SQLITE_IOERR_WRITE) only tell where."""


@contextmanager
def plain_errors() -> Iterator[None]:
    """Raise our own errors for the driver's errors that a person or another try can mend."""
    try:
        yield
    except DBAPIError as error:
        plain = in_plain_words(error)
        if plain is None:
            raise
        raise plain from error
    except PoolTimeout as error:
        raise Transient(_CROWDED) from error


def in_plain_words(error: DBAPIError) -> MailsyncError | None:
    """Our own error for trouble of the database; None where the statement or its values are what is wrong."""
    if isinstance(error.orig, sqlite3.Error):
        name = str(getattr(error.orig, "sqlite_errorname", ""))
        return next((kind(words) for start, (kind, words) in _SQLITE.items() if name.startswith(start)), None)
    sqlstate = getattr(error.orig, "sqlstate", None)
    if sqlstate == DISK_FULL_SQLSTATE:
        return Transient(_SERVER_FULL)
    if sqlstate in NO_IO_SQLSTATES:
        return Transient(_NO_IO)
    if sqlstate == LOCKED_SQLSTATE:
        return Transient(_BUSY)
    never_connected = isinstance(error, OperationalError) and sqlstate is None and error.statement is None
    if error.connection_invalidated or never_connected or sqlstate in RETRYABLE_SQLSTATES:
        return Transient(_GONE)
    return None
