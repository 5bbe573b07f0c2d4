"""Leads that are worth nothing are put aside, and taken up again."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core.config import load_settings
from core.errors import Conflict, NotFound
from crm.access.viewer import Viewer
from crm.records.conversions import convert_lead
from crm.records.leads import put_aside, take_up
from crm.records.modes import CrmMode, Mode
from crm_world import World, mail
from storage.models import Activity, ActivityKind, Deal, Lead, LeadState, RecordType
from storage.store import open_store

SYSTEM = Viewer.system()


@pytest.fixture
def world(tmp_path: Path):
    store = open_store(load_settings(data_dir=tmp_path))
    world = World(store)
    world.mode(CrmMode(Mode.CLASSIC))
    yield world
    store.close()


def test_junk_waits_for_nothing_and_makes_nothing_until_it_is_taken_up(world: World) -> None:
    offer = mail("Ann Other <ann@seller.example>", world.sales.email, "Cheap screws", message_id="a")
    first = world.deliver(offer)
    [lead] = world.all(Lead)
    assert world.activity(first).completed_at is None
    with world.store.database.unit_of_work() as session:
        put_aside(session, lead.id, user_id=world.ann)
    assert world.activity(first).completed_at is not None

    again = world.deliver(mail("ann@seller.example", world.sales.email, "Cheaper screws", message_id="b"))
    assert world.bindings(again) == [(RecordType.LEAD, lead.id)]
    assert [row.state for row in world.all(Lead)] == [LeadState.JUNK]
    assert world.all(Deal) == []

    with world.store.database.unit_of_work() as session:
        take_up(session, lead.id, user_id=world.ann)
    entries = world.rows(select(Activity).where(Activity.kind == ActivityKind.STAGE_CHANGE).order_by(Activity.id))
    assert [(each.title, each.author_id) for each in entries] == [
        ("New → Junk", world.ann),
        ("Junk → New", world.ann),
    ]
    with world.store.database.unit_of_work() as session:
        convert_lead(session, lead.id)
    assert len(world.all(Deal)) == 1


def test_only_from_the_right_state(world: World) -> None:
    world.deliver(mail("ann@seller.example", world.sales.email, message_id="a"))
    [lead] = world.all(Lead)
    with world.store.database.unit_of_work() as session:
        with pytest.raises(Conflict):
            take_up(session, lead.id)
        put_aside(session, lead.id)
        for act in (put_aside, convert_lead):
            with pytest.raises(Conflict):
                act(session, lead.id)
        for act in (put_aside, take_up):
            with pytest.raises(NotFound):
                act(session, 404)
