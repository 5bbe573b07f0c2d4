"""The store and `mailsync threads` find the same conversations, in whatever order and pieces their mail comes in.

Equal means: in a circle of people (every mail has an outside organisation in common with every other) the store's
threads, seen by Message-ID, are those of `threads_of`. Two mails of one Message-ID are one to it; the store keeps them
apart until something cites both. That no stranger joins is in `test_threads.py`.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_world import NOW, World, known_contact, mail
from parsers.threads import thread_input, threads_of
from storage.models import Activity, Message

SALES, ANN = "sales@ours.example", "ann@ours.example"
IDS = ["a", "b", "c", "d", "e", "f", "g"]
ABSENT = ["lost", "gone"]


@dataclass(frozen=True)
class Circle:
    """People and ids of one round, so that many rounds can be played in one store."""

    number: int

    def id(self, name: str) -> str:
        """A Message-ID that no other round has."""
        return f"{name}@{self.number}.example"

    def people(self, pair: int) -> tuple[str, str]:
        """From and To: a client, a colleague of his, and two of us."""
        carl, dora = (f"{name}@client{self.number}.example" for name in ("carl", "dora"))
        return [(carl, SALES), (dora, SALES), (SALES, carl), (ANN, f"{carl}, {dora}")][pair]


@dataclass(frozen=True)
class Written:
    """One mail of a conversation. Its subject is its own, so that only ids can join it with others."""

    number: int
    name: str | None
    pair: int = 0
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()

    def raw(self, circle: Circle) -> bytes:
        """As it comes in."""
        cited = {"References": self.references, "In_Reply_To": self.in_reply_to}
        return mail(
            *circle.people(self.pair),
            f"Topic {self.number} of {circle.number}",
            message_id=circle.id(self.name) if self.name else None,
            date=NOW + timedelta(minutes=self.number),
            **{header: " ".join(f"<{circle.id(name)}>" for name in names) for header, names in cited.items() if names},
        )


@pytest.fixture(scope="module")
def circles() -> Iterator[Circle]:
    return (Circle(number) for number in itertools.count())


@pytest.fixture
def calm(world: World) -> World:
    """A company in which mail makes no records."""
    world.create_nothing()
    return world


@st.composite
def conversations(draw: st.DrawFn) -> list[Written]:
    """Trees, and what breaks them: absent mails, loops, answers to oneself, one id for two mails, mails without an id."""
    named = st.sampled_from([*IDS, *ABSENT])
    return [
        Written(
            number=number,
            name=draw(st.sampled_from([*[IDS[number]] * 8, IDS[0], None])),
            pair=draw(st.integers(0, 3)),
            references=tuple(draw(st.lists(named, max_size=3))),
            in_reply_to=tuple(draw(st.lists(named, max_size=2))),
        )
        for number in range(draw(st.integers(2, len(IDS))))
    ]


def plainly(raws: Iterable[bytes]) -> set[frozenset[str]]:
    """What `mailsync threads` prints."""
    return {frozenset(thread) for thread in threads_of(map(thread_input, raws))}


def stored(world: World, circle: Circle) -> set[frozenset[str]]:
    """Message-IDs of the store's threads, joined where they have one in common."""
    suffix = circle.id("")
    found: list[set[str]] = []
    for thread in world.threads():
        names = {name for name in thread if name.endswith(suffix)}
        for other in [other for other in found if other & names]:
            found.remove(other)
            names |= other
        found += [names] if names else []
    return set(map(frozenset, found))


def deliver(world: World, raws: Sequence[bytes], size: int) -> None:
    for start in range(0, len(raws), size):
        taken = world.take([world.arrival(raw) for raw in raws[start : start + size]])
        assert not taken.quarantined


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversations(), st.randoms(use_true_random=False), st.sampled_from([1, 2, 3, 100]), st.booleans())
def test_any_conversation_in_any_order(
    calm: World, circles: Iterator[Circle], mails: list[Written], random: Random, size: int, repeat: bool
) -> None:
    circle = next(circles)
    raws = [each.raw(circle) for each in mails]
    expected = plainly(raws)
    order = raws * 2 if repeat else list(raws)
    random.shuffle(order)

    deliver(calm, order, size)

    assert stored(calm, circle) == expected == plainly(order)


def test_what_stands_in_threads_follows_them_in_every_order(world: World, circles: Iterator[Circle]) -> None:
    """A known client, his colleague, an absent mail, and the mail that ties two conversations together."""
    mails = [
        Written(0, "a"),
        Written(1, "b", pair=2, references=("a",)),
        Written(2, "c", pair=1, references=("lost",)),
        Written(3, "d", references=("lost", "gone")),
        Written(4, "e", pair=3, references=("b",), in_reply_to=("d",)),
    ]
    for turn, order in enumerate(itertools.permutations(mails)):
        circle = next(circles)
        known_contact(world, circle.people(0)[0])

        deliver(world, [each.raw(circle) for each in order], size=(1, 2, len(mails))[turn % 3])

        mine = [each for each in world.all(Message) if each.message_id.endswith(circle.id(""))]
        (thread_id,) = {message.thread_id for message in mine}
        activities = [each for each in world.all(Activity) if each.message_id in {message.id for message in mine}]
        assert len(activities) == len(mails)
        assert {activity.thread_id for activity in activities} == {thread_id}


def test_an_address_that_exmh_writes_before_the_id_joins_nothing(calm: World) -> None:
    carl, citation = "carl@client.example", "Message from Carl <carl@client.example> of Monday <{}>"
    for name in ("a", "b"):
        calm.deliver(mail(carl, SALES, f"Topic {name}", message_id=name))
        calm.deliver(mail(SALES, carl, "Yes", message_id=f"{name}2", In_Reply_To=citation.format(name)))

    assert calm.threads() == {frozenset({"a", "a2"}), frozenset({"b", "b2"})}
