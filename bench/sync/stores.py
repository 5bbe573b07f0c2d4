"""Where our first sync stores: a fresh data directory with SQLite, or a fresh database of a PostgreSQL that is durable."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from core.config import load_settings
from core.crypto import load_key_ring
from servers.postgres import Postgres
from storage.store import Store, open_store

NOT_INHERITED = ("MAILSYNC_", "PYTHONDONTWRITEBYTECODE")
"""Of the environment: settings of another store; and an installation has its byte code beside its sources."""
ON_LOOPBACK = {"allow_private_hosts": "true", "port": "0"}


@dataclass(frozen=True, slots=True)
class Place:
    """A fresh place for one sync, as settings tell it: names without `MAILSYNC_`, in lower case."""

    settings: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """For our commands."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
        return inherited | {f"MAILSYNC_{name.upper()}": value for name, value in self.settings.items()}

    def open(self) -> Store:
        """The store, made where it is not there yet."""
        return open_store(load_settings(**self.settings))

    def stored_bytes(self) -> int:
        """What it holds on disk, raw mail included."""
        files = [path for path in Path(self.settings["data_dir"]).rglob("*") if path.is_file()]
        octets = sum(path.stat().st_size for path in files)
        if "database_url" in self.settings:
            store = self.open()
            with store.database.reading() as session:
                octets += session.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
            store.close()
        return octets


def data_place(directory: Path) -> Place:
    """A data directory, with SQLite."""
    return Place({"data_dir": str(directory), **ON_LOOPBACK})


@contextmanager
def sqlite_place(directory: Path) -> Iterator[Place]:
    """A data directory, as `postgres_place` is used."""
    yield data_place(directory)


@contextmanager
def postgres_place(server: Postgres, directory: Path) -> Iterator[Place]:
    """A database of its own; raw mail in packs in `directory`."""
    directory.mkdir(exist_ok=True)
    keys = directory / "keys.json"
    load_key_ring(keys, create=True)
    with server.fresh_database() as url:
        blobs = str(directory / "blobs")
        where = {"data_dir": str(directory), "database_url": url, "secret_keys_file": str(keys), "blob_dir": blobs}
        yield Place({**where, **ON_LOOPBACK})
