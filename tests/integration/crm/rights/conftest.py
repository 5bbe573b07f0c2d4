"""The house on each database."""

import pytest

from integration.crm.rights.house import House
from storage.store import Store


@pytest.fixture
def house(store: Store) -> House:
    return House(store)
