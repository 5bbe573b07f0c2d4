"""A company in Classic mode."""

import pytest

from crm.records.modes import CrmMode, Mode
from crm_world import World
from storage.store import Store


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.mode(CrmMode(Mode.CLASSIC))
    return world
