"""The outcome depends neither on where batches are cut nor, without creation, on the order of arrival."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.intake.arrival import Arrival
from crm.records.contacts import create_contact
from crm_world import HISTORY, NOW, World, mail
from storage.models import Activity, Deal, FolderRole, Message

PEOPLE = ["carl@client.example", "dora@client.example", "eve@evil.example", "x@gmail.com", "bob@ours.example"]
SALES = "sales@ours.example"
IDS = ["a", "b", "c", "d", "e", "f"]


@dataclass(frozen=True)
class Letter:
    number: int
    person: str
    outgoing: bool
    cites: tuple[str, ...]
    subject: str
    old: bool
    role: FolderRole

    def raw(self) -> bytes:
        people = (SALES, self.person) if self.outgoing else (self.person, SALES)
        start = HISTORY if self.old else NOW
        return mail(
            *people,
            self.subject,
            message_id=IDS[self.number],
            references=self.cites,
            date=start + timedelta(hours=self.number),
        )

    def arrival(self, world: World) -> Arrival:
        role = FolderRole.SENT if self.outgoing else self.role
        return world.arrival(self.raw(), role=role, uid=self.number + 1, internal_date=HISTORY if self.old else NOW)


@st.composite
def letters(draw: st.DrawFn) -> list[Letter]:
    return [
        Letter(
            number=number,
            person=draw(st.sampled_from(PEOPLE)),
            outgoing=draw(st.booleans()),
            cites=tuple(draw(st.lists(st.sampled_from([*IDS, "lost"]), max_size=2, unique=True))),
            subject=draw(st.sampled_from(["Offer", "Re: Offer", "Plan", "Re: Plan"])),
            old=draw(st.booleans()),
            role=draw(st.sampled_from([FolderRole.INBOX, FolderRole.INBOX, FolderRole.INBOX, FolderRole.JUNK])),
        )
        for number in range(draw(st.integers(2, len(IDS))))
    ]


CARL, DORA = PEOPLE[:2]
HISTORY_OF_A_NEW_CLIENT = [
    Letter(0, CARL, False, (), "Offer", True, FolderRole.INBOX),
    Letter(1, CARL, False, (), "Offer", False, FolderRole.INBOX),
    Letter(2, DORA, False, ("a",), "Offer", False, FolderRole.INBOX),
]
"""The second makes a deal, which takes the first; so the third, which answers the first, belongs there too."""


def cut(arrivals: list[Arrival], size: int) -> list[list[Arrival]]:
    return [arrivals[start : start + size] for start in range(0, len(arrivals), size)]


def outcome(world: World) -> dict[str, object]:
    ids = {message.id: message.message_id for message in world.all(Message)}
    activities = world.rows(select(Activity).order_by(Activity.message_id))
    return {
        "threads": world.threads(),
        "activities": {ids[each.message_id] for each in activities},
        "waiting": {ids[each.message_id] for each in activities if each.deadline and not each.completed_at},
        "completed": {(ids[each.message_id], each.completed_at) for each in activities if each.completed_at},
        "jobs": sorted(world.jobs()),
    }


def details(world: World) -> dict[str, object]:
    """Everything that another cut of the same order must not change."""
    bindings = {message.message_id: world.bindings(message.id) for message in world.all(Message)}
    return {**outcome(world), "bindings": bindings, "deals": [deal.title for deal in world.all(Deal)]}


pytestmark = pytest.mark.timeout(300)
COPIES_FILES = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@COPIES_FILES
@given(letters(), st.randoms(use_true_random=False), st.integers(1, 6))
def test_any_order_gives_the_same_threads_and_activities(
    new_world: Callable[[], World], mails: list[Letter], random: Random, size: int
) -> None:
    shuffled = list(mails)
    random.shuffle(shuffled)
    outcomes = []
    for order, batch_size in ((mails, len(mails)), (shuffled, size)):
        world = new_world()
        world.create_nothing()
        with world.store.database.unit_of_work() as session:
            create_contact(session, "Carl", emails=["carl@client.example"])
        for batch in cut([each.arrival(world) for each in order], batch_size):
            world.take(batch)
        outcomes.append(outcome(world))
    assert outcomes[0] == outcomes[1]


@COPIES_FILES
@example(HISTORY_OF_A_NEW_CLIENT, 1)
@example(HISTORY_OF_A_NEW_CLIENT, 2)
@given(letters(), st.integers(1, 5))
def test_any_cut_gives_the_same_of_everything(new_world: Callable[[], World], mails: list[Letter], size: int) -> None:
    outcomes = []
    for batch_size in (len(mails), size):
        world = new_world()
        for batch in cut([each.arrival(world) for each in mails], batch_size):
            world.take(batch)
        outcomes.append(details(world))
    assert outcomes[0] == outcomes[1]
