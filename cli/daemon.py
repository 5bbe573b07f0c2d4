"""The daemon: which roles a process plays, put together from web, workers and the store.

On SQLite one daemon owns the data directory; a second one is refused by a lock that the system drops when a process
dies. With PostgreSQL and Redis any number of processes play any roles.
"""

import fcntl
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from campaigns.tracking import TrackingDesk
from cli.web_role import WebRole
from core.config import Settings
from core.errors import Conflict, UsageError
from crm.outgoing.settling import settle_after_crash
from storage import leases, outbox
from storage.database import make_data_dir
from storage.store import Store
from web.app import create_app
from web.services import Services
from web.tracking import Tracker, TrackingInFront
from workers.jobs import JobsRole
from workers.mailbox_errands import mailbox_errands
from workers.process import Role
from workers.scheduler import SchedulerRole
from workers.send import SendRole
from workers.sync import SyncRole

ROLES = ("web", "jobs", "sync", "send", "scheduler")
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


def chosen_roles(only: str | None) -> tuple[str, ...]:
    """The roles named in `--only`, all by default. Raises `UsageError` for an unknown one."""
    if only is None:
        return ROLES
    names = tuple(dict.fromkeys(name.strip() for name in only.split(",")))
    for name in names:
        if name not in ROLES:
            raise UsageError(f"There is no role “{name}”: choose from {', '.join(ROLES)}.")
    return names


def bind(settings: Settings) -> socket.socket:
    """The listening socket of the console, taken before anything else starts. Raises `UsageError` when it is taken."""
    # The protocol is named because asyncio sets TCP_NODELAY only where it sees it; without it answers wait 40 ms.
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()  # Two that have only bound do not disturb each other, and the second would fail later.
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}): "
            "set MAILSYNC_PORT to a free one, MAILSYNC_HOST to an address of this machine."
        ) from None
    return listener


def make_roles(names: Sequence[str], store: Store, settings: Settings, listener: socket.socket | None) -> list[Role]:
    """The roles of a process. `listener` is the console's socket, needed for `web` only."""
    roles: list[Role] = []
    if "web" in names and listener is not None:
        desk, console = TrackingDesk(store, settings), create_app(Services(store, settings))
        app = TrackingInFront(Tracker(desk), console)
        roles.append(
            WebRole(app, listener, settings.trusted_proxies, at_stop=console.state.live.close, at_end=desk.close)
        )
    if "jobs" in names:
        roles.append(JobsRole(store, settings))
    if "sync" in names:
        roles.append(SyncRole(store, settings))
    if "send" in names:
        roles.append(SendRole(store, settings))
    if "scheduler" in names:
        roles.append(SchedulerRole(store, mailbox_errands(settings)))
    return roles
