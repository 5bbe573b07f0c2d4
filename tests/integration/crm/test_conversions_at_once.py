"""Leads of one new address, converted in one moment, become one contact and one company, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from crm.records.conversions import convert_lead
from crm.records.leads import create_lead
from crm.records.modes import Client, CrmMode, Mode
from crm.records.outcomes import Conversion
from crm_world import World
from storage.models import Company, Contact
from storage.store import Store

ROUNDS = 5


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.mode(CrmMode(Mode.CLASSIC))
    return world


def test_leads_of_one_new_address_become_one_contact(world: World) -> None:
    for number in range(ROUNDS):
        with world.store.database.unit_of_work() as session:
            leads = [
                create_lead(session, f"Lead {n}", name=f"Anna {number}", emails=[f"a{number}@c{number}.example"])
                for n in range(3)
            ]
        gate = threading.Barrier(3)

        def convert(lead_id: int, gate: threading.Barrier = gate) -> tuple[int | None, int | None]:
            gate.wait()
            with world.store.database.unit_of_work() as session:
                made = convert_lead(session, lead_id, Conversion(Client.BOTH))
            return made.contact_id, made.company_id

        with ThreadPoolExecutor(3) as pool:
            became = set(pool.map(convert, leads))

        assert len(became) == 1, "all three are the same client's"
    assert len(world.all(Contact)) == len(world.all(Company)) == ROUNDS
