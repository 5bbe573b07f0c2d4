"""A fresh company on SQLite for each test; the migrated file is made once and copied."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.config import load_settings
from crm_world import World
from storage.store import open_store


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    open_store(load_settings(data_dir=folder)).close()
    return folder


@pytest.fixture
def new_world(empty_store: Path, tmp_path: Path) -> Iterator[Callable[[], World]]:
    """Makes further companies, each alone in the world."""
    stores = []

    def make() -> World:
        folder = tmp_path / f"world{len(stores)}"
        shutil.copytree(empty_store, folder)
        stores.append(open_store(load_settings(data_dir=folder), migrate=False))
        return World(stores[-1])

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def world(new_world: Callable[[], World]) -> World:
    return new_world()
