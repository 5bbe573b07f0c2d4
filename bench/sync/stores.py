"""Where our first sync stores: a fresh data directory with SQLite, or a fresh database of a PostgreSQL that is durable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from core.config import load_settings
from core.crypto import load_key_ring
from servers.postgres import Postgres
from storage.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Place:
    """A fresh place for one sync, as settings tell it: names without `MAILSYNC_`, in lower case."""

    settings: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """For our commands."""
        return {f"MAILSYNC_{name.upper()}": value for name, value in self.settings.items()}

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


@contextmanager
def sqlite_place(directory: Path) -> Iterator[Place]:
    """A data directory of its own."""
    yield Place({"data_dir": str(directory)})


@contextmanager
def postgres_place(server: Postgres, directory: Path) -> Iterator[Place]:
    """A database of its own; raw mail in packs in `directory`."""
    directory.mkdir(exist_ok=True)
    keys = directory / "keys.json"
    load_key_ring(keys, create=True)
    with server.fresh_database() as url:
        blobs = str(directory / "blobs")
        yield Place({"data_dir": str(directory), "database_url": url, "secret_keys_file": str(keys), "blob_dir": blobs})
