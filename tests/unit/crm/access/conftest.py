"""The small company on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import load_settings
from migrated import open_copy
from storage.store import Store, open_store
from unit.crm.small_company import SmallCompany


@pytest.fixture
def company(tmp_path: Path) -> Iterator[SmallCompany]:
    settings = load_settings(data_dir=tmp_path, allow_private_hosts=True)
    store = open_copy(settings)
    yield SmallCompany(store, settings)
    store.close()


@pytest.fixture
def empty_store(tmp_path: Path) -> Iterator[Store]:
    """A store in which there is nobody."""
    store = open_store(load_settings(data_dir=tmp_path / "empty"))
    yield store
    store.close()
