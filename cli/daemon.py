"""The daemon: which roles a process plays, put together from web, workers and the store.

On SQLite one daemon owns the data directory; a second one is refused by a lock that the system drops when a process
dies. With PostgreSQL and Redis any number of processes play any roles. The console is loaded where it is served: a process
without it starts in two thirds of the time, and needs 37 MB less.
"""

import socket
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from core.config import Settings
from core.errors import UsageError
from core.garbage import collect_rarely, not_collecting
from storage.store import Store
from workers.jobs import JobsRole
from workers.mailbox_errands import mailbox_errands
from workers.process import Role
from workers.scheduler import SchedulerRole
from workers.send import SendRole
from workers.sync import SyncRole

ROLES = ("web", "jobs", "sync", "send", "scheduler")


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
        roles.append(_loaded("cli.web_role").make_web_role(store, settings, listener))
    if "jobs" in names:
        roles.append(JobsRole(store, settings))
    if "sync" in names:
        roles.append(SyncRole(store, settings))
    if "send" in names:
        roles.append(SendRole(store, settings))
    if "scheduler" in names:
        roles.append(SchedulerRole(store, mailbox_errands(settings)))
    return roles


def _loaded(name: str) -> ModuleType:
    with not_collecting():
        module = import_module(name)
    collect_rarely()  # What was loaded stays.
    return module
