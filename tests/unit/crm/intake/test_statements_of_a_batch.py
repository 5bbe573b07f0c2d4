"""What a batch asks the database costs the same however many mails it has and whatever mailboxes say: no question a mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from core.addresses import AddressList
from crm.access.viewer import Viewer
from crm.intake.policies.changing import NewRule, add_rules
from crm.intake.policies.limits import change_limits
from crm.office.address_lists import Changes, change_lists
from crm.office.settings import Office, change_office
from crm_world import World, known_contact, mail
from storage.models import FolderRole, OnUnknown, Treatment

SALES = "sales@ours.example"


@pytest.fixture(autouse=True)
def unlimited(world: World) -> None:
    """One client writes more here than may wait for an answer: a flood is told of, by statements of its own."""
    with world.store.database.unit_of_work() as session:
        change_limits(session, Viewer.system(), {"waiting_of_address": 10_000, "waiting_of_domain": 10_000})


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    engine = world.store.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield told
    event.remove(engine, "before_cursor_execute", note)


def batch(world: World, first: int, count: int) -> list[Any]:
    """Strangers, a client, mass mail, and letters of ours to strangers."""
    numbers = range(first, first + count)
    arrivals = [world.arrival(mail(f"p{n}@new{n}.example", SALES, message_id=f"m{n}")) for n in numbers]
    arrivals += [world.arrival(mail("carl@client.example", SALES, message_id=f"c{n}")) for n in numbers]
    arrivals += [
        world.arrival(mail(SALES, f"q{n}@other{n}.example", message_id=f"o{n}"), role=FolderRole.SENT) for n in numbers
    ]
    return arrivals


def asked(world: World, first: int, count: int) -> int:
    arrivals = batch(world, first, count)
    with statements(world) as told:
        world.take(arrivals)
    return len(told)


def chosen(world: World, *, only_written_to: bool) -> None:
    """Everything that can be said of strangers is said."""
    viewer = Viewer.system()
    world.change(
        world.sales,
        only_written_to=only_written_to,
        makes_from_roles=False,
        record_source="web",
        queue=[world.ann, world.bob],
    )
    with world.store.database.unit_of_work() as session:
        change_office(session, viewer, Office(time_zone="Europe/Warsaw", phone_country="PL"), before=Office())
        change_lists(session, viewer, {AddressList.FREE_MAIL: Changes(added=("provider.example",))})
        rules = [NewRule(None, f"x{number}@example.com", Treatment.NEVER) for number in range(500)]
        add_rules(session, viewer, None, rules)
        add_rules(session, viewer, world.sales.id, [NewRule(None, "portal.example", Treatment.ALWAYS_NEW)])
    asked(world, 9000, 1)  # The rules are read once.


def test_policies_cost_a_batch_that_makes_nothing_no_statement(world: World) -> None:
    known_contact(world, responsible_id=world.ann)
    world.change(world.sales, on_unknown_incoming=OnUnknown.NOTHING, repeat_items=False)
    asked(world, 0, 1)
    few, many = asked(world, 100, 10), asked(world, 200, 30)
    assert few == many

    chosen(world, only_written_to=False)
    assert asked(world, 300, 30) == many

    chosen_written = asked_with_letters(world)
    assert chosen_written - many == 2, "who was written to, and what waits for the letters of this batch"


def asked_with_letters(world: World) -> int:
    world.change(world.sales, only_written_to=True)
    asked(world, 9100, 1)
    return asked(world, 400, 30)


@pytest.mark.parametrize("queue", [False, True])
def test_a_queue_is_asked_once_where_something_is_made(world: World, queue: bool) -> None:
    asked(world, 0, 1)
    few = asked(world, 100, 10)
    assert asked(world, 200, 30) == few
    if queue:
        world.change(world.sales, queue=[world.ann, world.bob])
        asked(world, 9000, 1)
        assert asked(world, 300, 30) - few == 5, "its row made and held, absences, people, and whose turn it was"
