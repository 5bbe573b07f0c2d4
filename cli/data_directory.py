"""One process at a time works on a data directory: who holds it, and what its last holder left.

Apart from the roles of a daemon, whose console takes half a second and 50 MB to be loaded.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Conflict
from crm.outgoing.settling import settle_after_crash
from storage import leases, outbox
from storage.database import make_data_dir
from storage.store import Store

LOCK_FILE = "daemon.lock"


class DaemonIsAlive(Conflict):
    """Another process works on this data directory."""


@contextmanager
def only_daemon(data_dir: Path) -> Iterator[None]:
    """Hold the data directory for this process. Raises `DaemonIsAlive` while another holds it, `UsageError` if it is no use."""
    make_data_dir(data_dir)
    with (data_dir / LOCK_FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DaemonIsAlive(
                f"Another Mailsync daemon works on {data_dir}: stop it, or set MAILSYNC_DATA_DIR to another directory."
            ) from None
        yield


def take_over(store: Store) -> None:
    """Free at once what a dead daemon held, for the only process on a data directory: nobody waits for its leases."""
    with store.database.unit_of_work() as session:
        leases.forget_all(session)
        outbox.release_all(session)
        settle_after_crash(session)


def daemon_is_alive(data_dir: Path) -> bool:
    """Whether a daemon holds the data directory now."""
    try:
        with only_daemon(data_dir):
            return False
    except DaemonIsAlive:
        return True
