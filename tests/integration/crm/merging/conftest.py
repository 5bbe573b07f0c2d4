"""A company with Anna twice, on both databases."""

import pytest

from crm_world import World
from storage.store import Store


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.create_nothing()
    return world
