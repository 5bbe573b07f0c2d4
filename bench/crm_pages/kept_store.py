"""Where the large store lies: in a folder that stays, on SQLite or in a PostgreSQL cluster of its own, to be used again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from typing_extensions import override

from bench.sync.stores import ON_LOOPBACK, Place, data_place
from core.crypto import load_key_ring
from servers.postgres import LOCALE, Postgres
from servers.process import own_for_server

DATABASE = "customers"


class KeptPostgres(Postgres):
    """A cluster in a folder, with the server's own defaults for what it keeps in memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__(durable=True)
        self._folder = folder

    @override
    def _open(self, undo: ExitStack) -> None:
        self._data = self._folder
        if not (self._data / "PG_VERSION").exists():
            self._data.mkdir(mode=0o700, parents=True)
            own_for_server(self._data)
            self._initialise()
        self.start()
        undo.callback(self.stop)

    @property
    def process_id(self) -> int:
        """Of the server's first process: the others are its children."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    @override
    def stop(self) -> None:
        """End at once, with everything in the files: the next start has nothing to repair."""
        self._run("CHECKPOINT")
        super().stop()


@contextmanager
def kept_sqlite(folder: Path) -> Iterator[tuple[Place, int | None]]:
    """The place, and no server."""
    yield data_place(folder / "sqlite"), None


@contextmanager
def kept_postgresql(folder: Path) -> Iterator[tuple[Place, int | None]]:
    """The place, and the process id of its server."""
    with KeptPostgres(folder / "cluster") as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if there is None:
                connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 LOCALE '{LOCALE}'")
        files = folder / "postgresql"
        files.mkdir(parents=True, exist_ok=True)
        keys = files / "keys.json"
        load_key_ring(keys, create=True)
        where = {"data_dir": files, "secret_keys_file": keys, "blob_dir": files / "blobs"}
        settings = {name: str(path) for name, path in where.items()} | {"database_url": server.url(DATABASE)}
        yield Place(settings | ON_LOOPBACK), server.process_id
