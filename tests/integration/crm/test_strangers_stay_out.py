"""A stranger who names the mails of two customers joins neither conversation, in whatever order their mail comes.

All permutations of what is said in each story are played, each with people of its own, in one company on each database.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from crm.intake.arrival import Arrival
from crm.records.contacts import create_contact
from crm.records.modes import CrmMode, Mode
from crm_world import NOW, World, mail
from storage.models import Activity, ActivityBinding, FolderRole, Message, OnUnknown, Place, RecordType
from storage.store import Store

SALES, ANN, BOB = "sales@ours.example", "ann@ours.example", "bob@ours.example"


@dataclass(frozen=True)
class Said:
    """One mail: `cites` are names of others, the last one its In-Reply-To; with `id_of` it has the Message-ID of another."""

    name: str
    from_: str
    to: str = SALES
    cites: tuple[str, ...] = ()
    subject: str = "Offer"
    in_reply_to: str = ""
    """In place of the last of what it cites."""
    id_of: str = ""
    quotes: str = ""
    """Whose mail the text quotes, as forwards of mail programs do."""

    def raw(self, number: int) -> bytes:
        def called(name: str) -> str:
            return f"{name}@{number}.example"

        return mail(
            self.from_.format(n=number),
            self.to.format(n=number),
            self.subject,
            message_id=called(self.id_of or self.name),
            date=NOW,
            text=self._text().format(n=number),
            **{name: " ".join(f"<{called(each)}>" for each in ids) for name, ids in self._cited().items() if any(ids)},
        )

    def _text(self) -> str:
        head = f"Look.\n\n---------- Forwarded message ---------\nFrom: <{self.quotes}>\nSubject: Offer\n\n"
        return (head if self.quotes else "") + "Hello there, could you send us an offer?\n"

    def _cited(self) -> dict[str, tuple[str, ...]]:
        return {"References": self.cites, "In_Reply_To": (self.in_reply_to,) if self.in_reply_to else self.cites[-1:]}


CARL, DORA, EVE = "carl@client{n}.example", "dora@buyer{n}.example", "eve@evil{n}.example"
CUSTOMERS = (Said("a", CARL), Said("b", DORA))
BOTH = ("a", "b")
STORIES: dict[str, tuple[Said, ...]] = {
    "by References": (Said("s", EVE, cites=BOTH, subject="Re: Offer"),),
    "by In-Reply-To": (Said("s", EVE, in_reply_to="a", subject="Re: Offer"),),
    "by both": (Said("s", EVE, cites=("a",), in_reply_to="b", subject="Re: Offer"),),
    "with a subject of her own": (Said("s", EVE, cites=BOTH, subject="Plan"),),
    "twice": (
        Said("s", EVE, cites=BOTH, subject="Re: Offer"),
        Said("t", EVE, cites=("a", "b", "s"), subject="Re: Offer"),
    ),
    "and one of them answers": (
        Said("s", EVE, cites=BOTH, subject="Re: Offer"),
        Said("a2", CARL, cites=("a",), subject="Re: Offer"),
    ),
    "and both answer": (
        Said("s", EVE, cites=BOTH, subject="Re: Offer"),
        Said("a2", CARL, cites=("a",), subject="Re: Offer"),
        Said("b2", DORA, cites=("b",), subject="Re: Offer"),
    ),
    "and we answer one of them": (
        Said("s", EVE, cites=BOTH, subject="Re: Offer"),
        Said("a2", SALES, CARL, cites=("a",), subject="Re: Offer"),
    ),
    "and we answer her, as mail programs do with all that she named": (
        Said("s", EVE, cites=BOTH, subject="Re: Offer"),
        Said("s2", SALES, EVE, cites=("a", "b", "s"), subject="Re: Offer"),
    ),
    "and we answer all three": (
        Said("s", EVE, cites=BOTH, subject="Re: Offer"),
        Said("s2", SALES, EVE, cites=("a", "b", "s"), subject="Re: Offer"),
        Said("a2", SALES, CARL, cites=("a",), subject="Re: Offer"),
    ),
    "and we pass hers on to a colleague": (
        Said("s", EVE, cites=BOTH, subject="Re: Offer"),
        Said("s2", SALES, BOB, cites=("a", "b", "s"), subject="Fwd: Re: Offer"),
    ),
    "by a name of his, and we pass hers on": (
        Said("s", EVE, id_of="a", cites=("b",), subject="Re: Offer"),
        Said("s2", SALES, BOB, cites=("b", "a"), subject="Fwd: Re: Offer", quotes=EVE),
    ),
    "by a name of his, and we pass his on": (
        Said("s", EVE, id_of="a", cites=("b",), subject="Re: Offer"),
        Said("a2", SALES, BOB, cites=("a",), subject="Fwd: Offer", quotes=CARL),
    ),
    "by a name of his, and we pass both on, one of them to a third person": (
        Said("s", EVE, id_of="a"),
        Said("s2", SALES, BOB, cites=("a",), subject="Fwd: Offer", quotes=EVE),
        Said("a2", SALES, "third@supplier{n}.example", cites=("a",), subject="Fwd: Offer", quotes=CARL),
    ),
    "by a name of his, and we answer her": (
        Said("s", EVE, id_of="a", cites=("b",), subject="Re: Offer"),
        Said("s2", SALES, EVE, cites=("b", "a"), subject="Re: Offer"),
    ),
}


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.create_nothing()
    return world


def know_customers(world: World, rounds: int) -> list[dict[str, int]]:
    """Contacts of both customers in each round."""
    with world.store.database.unit_of_work() as session:
        return [
            {each: create_contact(session, "Known", emails=[each.format(n=number)]) for each in (CARL, DORA)}
            for number in range(rounds)
        ]


def groups(world: World, rounds: Sequence[dict[str, int]]) -> list[set[frozenset[str]]]:
    """Names of the mails of each thread, of each round: names and ids of its messages."""
    threads = {message.id: message.thread_id for message in world.all(Message)}
    found = []
    for messages in rounds:
        names: dict[int, set[str]] = {}
        for name, message_id in messages.items():
            names.setdefault(threads[message_id], set()).add(name)
        found.append(set(map(frozenset, names.values())))
    return found


def on_contacts(world: World) -> dict[int, set[int]]:
    """Contacts that each message stands on."""
    found: dict[int, set[int]] = {}
    activities = {activity.id: activity.message_id for activity in world.all(Activity)}
    for binding in world.all(ActivityBinding):
        found.setdefault(activities[binding.activity_id], set()).add(binding.record_id)
    return found


def records(world: World) -> dict[int, set[tuple[RecordType, int]]]:
    """Records that each message stands on."""
    found: dict[int, set[tuple[RecordType, int]]] = {}
    activities = {activity.id: activity.message_id for activity in world.all(Activity)}
    for binding in world.all(ActivityBinding):
        found.setdefault(activities[binding.activity_id], set()).add((binding.record_type, binding.record_id))
    return found


def expected(mails: Sequence[Said]) -> set[frozenset[str]]:
    """Each outsider has a conversation, with ours to them."""
    of: dict[str, set[str]] = {}
    for said in mails:
        named = (said.quotes, said.from_, said.to)
        outsider = next((each for each in named if "{n}" in each), EVE)
        of.setdefault(outsider, set()).add(said.name)
    return set(map(frozenset, of.values()))


@pytest.mark.parametrize("story", STORIES)
def test_in_every_order(world: World, story: str) -> None:
    mails = (*CUSTOMERS, *STORIES[story])
    orders = list(itertools.permutations(mails))
    contacts = know_customers(world, len(orders))

    rounds = play(world, orders)

    for order, found in zip(orders, groups(world, rounds), strict=True):
        assert found == expected(mails), [said.name for said in order]
    bound = on_contacts(world)
    for messages, known in zip(rounds, contacts, strict=True):
        for said in mails:
            people = {known[person] for person in known if person in (said.from_, said.to)}
            passed = {known[said.quotes]} if said.quotes in known and "supplier" in said.to else set()
            assert bound.get(messages[said.name], set()) - passed == people, said.name


@pytest.mark.parametrize("mode", Mode)
def test_forwards_of_a_name_that_two_have_join_neither_to_the_other(world: World, mode: Mode) -> None:
    """Given forwards that quote nobody, and strangers' mail that makes deals or leads."""
    world.mode(CrmMode(mode))
    world.change(world.sales, on_unknown_incoming=OnUnknown.MODE)
    mails = (
        Said("a", CARL),
        Said("s", EVE, id_of="a"),
        Said("f", SALES, BOB, cites=("a",), subject="Fwd: Offer"),
        Said("i", SALES, BOB, cites=("a",), subject="Re: Offer"),
    )
    orders = [*itertools.permutations(mails)]
    contacts = know_customers(world, len(orders))

    rounds = play(world, orders) + play(world, (mails, mails[::-1]), at_once=True, first=len(orders))

    threads = {message.id: message.thread_id for message in world.all(Message)}
    bound = records(world)
    for order, messages in zip([*orders, mails, mails[::-1]], rounds, strict=True):
        assert threads[messages["a"]] != threads[messages["s"]], [said.name for said in order]
        assert bound[messages["a"]].isdisjoint(bound[messages["s"]]), [said.name for said in order]
    for messages, known in zip(rounds, contacts, strict=False):
        assert (RecordType.CONTACT, known[CARL]) in bound[messages["a"]]


def test_in_one_batch(world: World) -> None:
    """Given all of it in one batch, forwards and backwards, each story with people of its own."""
    for number, (story, strangers) in enumerate(STORIES.items()):
        mails = (*CUSTOMERS, *strangers)

        rounds = play(world, (mails, mails[::-1]), at_once=True, first=2 * number)

        assert groups(world, rounds) == [expected(mails)] * 2, story


def test_what_we_pass_on_and_what_is_answered_to_it_stays_together(world: World) -> None:
    """Given mail of a customer that we send to a supplier or a colleague, it is of his conversation, and so are answers."""
    mails = (
        Said("a", CARL),
        Said("f", SALES, EVE, cites=("a",), subject="Fwd: Offer"),
        Said("e", EVE, cites=("a", "f"), subject="Re: Fwd: Offer"),
        Said("i", SALES, BOB, cites=("a",), subject="Fwd: Offer"),
    )

    rounds = play(world, list(itertools.permutations(mails)))

    assert groups(world, rounds) == [{frozenset("afei")}] * len(rounds)


def play(
    world: World, orders: Sequence[Sequence[Said]], *, at_once: bool = False, first: int = 0
) -> list[dict[str, int]]:
    """Let mails come in those orders, all rounds side by side: the first of each, then the second. Their message ids."""
    arrivals = [[_arrival(world, number, said) for said in order] for number, order in enumerate(orders, first)]
    turns = zip(*arrivals, strict=True)
    places = {}
    for batch in [[each for turn in turns for each in turn]] if at_once else turns:
        taken = world.take(batch)
        assert not taken.quarantined
        places |= taken.places
    ids = {place.id: place.message_id for place in world.all(Place)}
    return [
        {said.name: ids[places[(each.folder_id, each.uid)]] for said, each in zip(order, came, strict=True)}
        for order, came in zip(orders, arrivals, strict=True)
    ]


def _arrival(world: World, number: int, said: Said) -> Arrival:
    return world.arrival(said.raw(number), role=FolderRole.SENT if said.from_ == SALES else FolderRole.INBOX)
