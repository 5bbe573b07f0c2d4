"""A store on each database, built by the migrations."""

from pathlib import Path

import pytest

from core.config import load_settings
from core.crypto import load_key_ring
from migrated import open_copy
from storage.store import Store, open_store


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: at the end all others would wait for it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path):
    """An empty, migrated store; the test runs once on SQLite and once on PostgreSQL."""
    opened = sqlite_store(tmp_path) if request.param == "sqlite" else postgres_store(request, tmp_path)
    yield opened
    opened.close()


def sqlite_store(folder: Path) -> Store:
    return open_copy(load_settings(data_dir=folder))


def postgres_store(request: pytest.FixtureRequest, folder: Path) -> Store:
    keys = folder / "keys.json"
    load_key_ring(keys, create=True)
    url = request.getfixturevalue("migrated_postgres_url")
    return open_store(
        load_settings(data_dir=folder, database_url=url, secret_keys_file=keys, blob_dir=folder / "blobs")
    )
