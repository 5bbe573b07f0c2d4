"""The store and `mailsync threads` find the same conversations, in whatever order and pieces their mail comes in.

Equal means: in a circle of people (every mail has an outside organisation in common with every other) the store's
threads, seen by Message-ID, are those of `threads_of`. Two mails of one Message-ID are one to it; the store keeps them
apart until something cites both. That no stranger joins is in `test_threads.py`.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from crm_world import NOW, World, known_contact, mail
from parsers.threads import thread_input, threads_of
from storage.models import Activity, Message

SALES, ANN = "sales@ours.example", "ann@ours.example"
IDS = ["a", "b", "c", "d", "e", "f", "g"]
ABSENT = ["lost", "gone"]
OTHERS, ALL = 4, 8
"""How many of `Circle.people` are of one circle, and how many there are."""


@dataclass(frozen=True)
class Circle:
    """People and ids of one round, so that many rounds can be played in one store."""

    number: int

    def id(self, name: str) -> str:
        """A Message-ID that no other round has."""
        return f"{name}@{self.number}.example"

    def people(self, pair: int) -> tuple[str, str]:
        """From and To: a client, a colleague of his, and two of us; from `OTHERS` on strangers to them, one of them ours."""
        carl, dora = (f"{name}@client{self.number}.example" for name in ("carl", "dora"))
        eve, fred = f"eve@evil{self.number}.example", f"fred{self.number}@gmail.com"
        among_us = [(carl, SALES), (dora, SALES), (SALES, carl), (ANN, f"{carl}, {dora}")]
        return [*among_us, (eve, SALES), (fred, SALES), (SALES, fred), (ANN, SALES)][pair]


@dataclass(frozen=True)
class Written:
    """One mail of a conversation. Where no subject is given it is its own, so that only ids can join it with others."""

    number: int
    name: str | None
    pair: int = 0
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    subject: str = ""
    gmail_thread: int | None = None

    def raw(self, circle: Circle) -> bytes:
        """As it comes in."""
        cited = {"References": self.references, "In_Reply_To": self.in_reply_to}
        return mail(
            *circle.people(self.pair),
            f"{self.subject or f'Topic {self.number}'} of {circle.number}",
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
            pair=draw(st.integers(0, OTHERS - 1)),
            references=tuple(draw(st.lists(named, max_size=3))),
            in_reply_to=tuple(draw(st.lists(named, max_size=2))),
        )
        for number in range(draw(st.integers(2, len(IDS))))
    ]


@st.composite
def crowds(draw: st.DrawFn) -> list[Written]:
    """Conversations of strangers too, joined by subjects and by Gmail as well."""
    return [
        replace(
            each,
            pair=draw(st.integers(0, ALL - 1)),
            subject=draw(st.sampled_from(["Offer", "Re: Offer", "Plan", "AW: Plan"])),
            gmail_thread=draw(st.sampled_from([None, None, 1, 2])),
        )
        for each in draw(conversations())
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


def deliver(world: World, circle: Circle, mails: Sequence[Written], size: int) -> None:
    for start in range(0, len(mails), size):
        arrivals = []
        for each in mails[start : start + size]:
            gmail_thread = None if each.gmail_thread is None else circle.number * 10 + each.gmail_thread
            arrivals.append(world.arrival(each.raw(circle), gmail_thread_id=gmail_thread))
        assert not world.take(arrivals).quarantined


OUTSIDE = ("client", "client", "client", "client", "evil", "fred", "fred", "")
"""Whose people a mail of each of `Circle.people` is shared with."""
OURS = (2, 3, 6, 7)
"""Of them the mails that one of us writes."""


def quotes_one_of_several(mails: Sequence[Written]) -> bool:
    """Whether one of us names a mail whose Message-ID strangers have too, and quotes nobody: then nothing tells which is meant,
    and it stays with the one that came first (docs/decisions/0032)."""
    sharing: dict[str, set[str]] = {}
    for each in mails:
        if each.name is not None:
            sharing.setdefault(each.name, set()).add(OUTSIDE[each.pair])
    cited = {name for each in mails if each.pair in OURS for name in (*each.references, *each.in_reply_to)}
    return any(len(sharing.get(name, ())) > 1 for name in cited)


SHARED_WORLD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SIZES = st.sampled_from([1, 2, 3, 100])


@SHARED_WORLD
@given(conversations(), st.randoms(use_true_random=False), SIZES, st.booleans())
def test_any_conversation_in_any_order(
    calm: World, circles: Iterator[Circle], mails: list[Written], random: Random, size: int, repeat: bool
) -> None:
    circle = next(circles)
    order = mails * 2 if repeat else list(mails)
    random.shuffle(order)

    deliver(calm, circle, order, size)

    expected = plainly(each.raw(circle) for each in mails)
    assert stored(calm, circle) == expected == plainly(each.raw(circle) for each in order)


@SHARED_WORLD
@given(crowds(), st.randoms(use_true_random=False), SIZES)
def test_any_crowd_in_any_order(
    calm: World, circles: Iterator[Circle], mails: list[Written], random: Random, size: int
) -> None:
    assume(not quotes_one_of_several(mails))
    shuffled = list(mails)
    random.shuffle(shuffled)
    found = []
    for order, batch_size in ((mails, len(mails)), (shuffled, size)):
        circle = next(circles)
        deliver(calm, circle, order, batch_size)
        found.append(
            {frozenset(name.removesuffix(circle.id("")) for name in thread) for thread in stored(calm, circle)}
        )

    assert found[0] == found[1]


def test_what_passes_on_one_of_several_mails_of_one_name_goes_with_the_one_that_came_first(
    calm: World, circles: Iterator[Circle]
) -> None:
    """A client's mail, one that a stranger called the same, our answer to the client, and what one of us tells another of that
    name, quoting nobody: alone if it came after both (docs/decisions/0032). The answer goes with the client's in every order."""
    client, forged = Written(0, "a", subject="Offer"), Written(1, "a", pair=4, subject="Trap")
    answer = Written(2, "b", pair=2, references=("a",), subject="Re: yours")
    told = Written(3, "c", pair=7, references=("a",), subject="Look")
    for turn, order in enumerate(itertools.permutations((client, forged, answer, told))):
        circle = next(circles)

        deliver(calm, circle, order, size=(1, len(order))[turn % 2])

        first, second = sorted((client, forged), key=order.index)
        expected = {client: {"Offer", "Re: yours"}, forged: {"Trap"}}
        alone = order.index(told) > order.index(second)
        expected |= {told: {"Look"}} if alone else {first: {*expected[first], "Look"}}
        joined: dict[int, set[str]] = {}
        for each in calm.all(Message):
            if each.message_id.endswith(circle.id("")):
                joined.setdefault(each.thread_id, set()).add(each.subject.removesuffix(f" of {circle.number}"))
        assert sorted(map(sorted, joined.values())) == sorted(map(sorted, expected.values())), order


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

        deliver(world, circle, order, size=(1, 2, len(mails))[turn % 3])

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
