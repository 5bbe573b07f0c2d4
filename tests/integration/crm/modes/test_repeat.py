"""Clients who write again, where repeat deals and leads are switched off for all mailboxes and on again, on both databases."""

import pytest

from core.errors import Forbidden
from crm.access.viewer import Viewer
from crm.records.modes import CrmMode, Mode, change_repeat, read_mode
from crm.records.repository.lead_runs import Choices
from crm.records.switching import change_mode
from crm_world import World, known_contact, mail
from storage.models import Deal, Lead, Role
from storage.store import Store


@pytest.mark.parametrize("mode", list(Mode))
def test_no_repeat_item_is_made_while_it_is_switched_off(store: Store, mode: Mode) -> None:
    world = World(store)
    table = Lead if mode is Mode.CLASSIC else Deal
    known_contact(world)
    with store.database.unit_of_work() as session:
        change_mode(session, Viewer.system(), mode, Choices())
        change_repeat(session, Viewer.system(), on=False)
    assert world.kinds(world.deliver(mail("carl@client.example", world.sales.email, message_id="a"))) == ["contact"]
    with store.database.unit_of_work() as session:
        change_mode(session, Viewer.system(), mode, Choices())
        assert read_mode(session) == CrmMode(mode, repeat_items=False), "a change of mode leaves it as it is"
        with pytest.raises(Forbidden):
            change_repeat(session, Viewer(world.ann, Role.MANAGER), on=True)
    assert world.all(table) == []

    with store.database.unit_of_work() as session:
        change_repeat(session, Viewer.system(), on=True)
    world.deliver(mail("carl@client.example", world.sales.email, "Once more", message_id="b"))
    assert [item.repeat for item in world.all(table)] == [True]
