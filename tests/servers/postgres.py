"""PostgreSQL for the suite: one cluster per run, one database per test; tests do not wait for a disk."""

import itertools
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from typing_extensions import override

from servers.process import ServerProcess, as_server, find_program, free_port, own_for_server
from servers.server import Server

OWNER = "mailsync"
PASSWORD = "secret"
NOTHING_WAITS_FOR_DISKS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
LOCALE = "C.UTF-8"
SETTINGS = ("listen_addresses=127.0.0.1", "max_connections=300", "shared_buffers=64MB")


class Postgres(Server):
    """A private cluster on `port` (TCP) and as a socket in `directory`. Its owner logs in with any password.

    Only a `durable` one waits for disks: a benchmark is worth nothing without.
    """

    name = "postgres"

    def __init__(self, *, durable: bool = False) -> None:
        self.port = free_port()
        self._settings = SETTINGS if durable else (*SETTINGS, *NOTHING_WAITS_FOR_DISKS)
        self._names = itertools.count(1)
        self._templates: dict[str, str] = {}
        self._connection: psycopg.Connection | None = None

    @override
    def _open(self, undo: ExitStack) -> None:
        self._data = self.directory / "data"
        self._data.mkdir(mode=0o700)
        own_for_server(self._data)
        self._initialise()
        self.start()
        undo.callback(self.stop)

    def start(self) -> None:
        """Start, or start again on the same port with the same data."""
        settings = [argument for setting in self._settings for argument in ("-c", setting)]
        place = ["-D", str(self._data), "-p", str(self.port), "-k", str(self.directory)]
        self._process = ServerProcess(
            [_program("postgres"), *place, *settings],
            log=self.directory / "server.log",
            stop_signal=signal.SIGQUIT,
        )
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        """End at once, and every connection with it, as a crash of the server would."""
        self._process.stop()
        self._disconnect()

    def url(self, database: str) -> str:
        """The URL under which a process of ours finds the database."""
        return f"postgresql://{OWNER}:{PASSWORD}@{self.host}:{self.port}/{database}"

    @contextmanager
    def fresh_database(self, template: str = "template0", locale: str = LOCALE) -> Iterator[str]:
        """URL of a new database, a copy of `template`; dropped at the end, whoever is still connected.

        Only a copy of template0 may have another `locale`.
        """
        name = f"test_{next(self._names)}"
        # Files are copied in half the time that it takes to write all their pages to the server's log.
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" LOCALE \'{locale}\' STRATEGY FILE_COPY')
        try:
            yield self.url(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """A template for `fresh_database`, made once: `prepare` is given its URL, and migrates or fills it.

        Copying one takes some 15 ms, however long it took to prepare. `prepare` must close its connections.
        """
        if name not in self._templates:
            self._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
            prepare(self.url(name))
            self._templates[name] = name
        return self._templates[name]

    def _initialise(self) -> None:
        options = ["-U", OWNER, "-A", "trust", "-E", "UTF8", f"--locale={LOCALE}", "--no-sync", "--no-instructions"]
        command = as_server([_program("initdb"), "-D", str(self._data), *options])
        subprocess.run(command, check=True, capture_output=True, cwd=self.directory)

    def _run(self, statement: str) -> None:
        """By a connection that is kept: to make one for each took a third of the time of a fresh database."""
        if self._connection is not None:
            try:
                self._connection.execute(statement)
                return
            except psycopg.OperationalError:  # The server was away, or a test has ended all connections.
                self._disconnect()
        self._connection = psycopg.connect(self.url("postgres"), autocommit=True)
        self._connection.execute(statement)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _answers(self) -> bool:
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def _program(name: str) -> str:
    """Debian keeps the servers of each version off PATH; the newest is taken."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return find_program(name, "postgresql", also_in=[os.fspath(path) for path in reversed(versions)])
