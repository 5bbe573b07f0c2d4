"""Stores whose tables are there already: the migrations run once in a process, and each test gets a copy of what they made."""

import shutil
import tempfile
from atexit import register
from functools import cache
from pathlib import Path

from core.config import Settings, load_settings
from storage.database import Database
from storage.migrate import upgrade
from storage.store import Store, open_store

FILES = {"mailsync.db", "keys.json"}


def open_copy(settings: Settings) -> Store:
    """`open_store`, which finds nothing to migrate where the store is a new one on SQLite."""
    if settings.embedded and not (settings.data_dir / "mailsync.db").exists():
        shutil.copytree(_migrated(), settings.data_dir, dirs_exist_ok=True)
    return open_store(settings)


def lay_tables(url: str) -> None:
    """What a store on PostgreSQL begins with."""
    database = Database(url)
    upgrade(database)
    database.close()


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="mailsync-migrated-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    open_store(load_settings(data_dir=folder)).close()
    assert {path.name for path in folder.iterdir()} == FILES, "all of it is in the file, and not in its log"
    return folder
