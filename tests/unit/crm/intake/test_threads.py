"""Step 3: what is one conversation, and who can not get into it."""

import itertools
from datetime import timedelta

import pytest

from crm.intake.arrival import Arrival
from crm_world import NOW, World, mail
from delivery.message_ids import MessageIds
from storage.models import Activity, FolderRole, Message, Thread

CARL, DORA, EVE = "carl@client.example", "dora@client.example", "eve@evil.example"
SALES, ANN, BOB = "sales@ours.example", "ann@ours.example", "bob@ours.example"


def together(world: World, *message_ids: str) -> bool:
    return any(thread.issuperset(message_ids) for thread in world.threads())


JOINS = {
    "a reply of the same person": [
        mail(CARL, SALES, message_id="a"),
        mail(CARL, SALES, "Re: Offer", message_id="b", references=["a"]),
    ],
    "our reply to a client": [
        mail(CARL, SALES, message_id="a"),
        mail(SALES, CARL, "Re: Offer", message_id="b", references=["a"]),
    ],
    "a colleague of the client": [
        mail(CARL, SALES, message_id="a"),
        mail(DORA, SALES, "Re: Offer", message_id="b", references=["a"]),
    ],
    "two replies to a mail that never came": [
        mail(CARL, SALES, message_id="b", references=["lost"]),
        mail(CARL, SALES, message_id="c", references=["lost"]),
    ],
    "one of us passes it on to another": [
        mail(CARL, SALES, message_id="a"),
        mail(SALES, BOB, "Fwd: Offer", message_id="b", references=["a"]),
    ],
    "colleagues among themselves": [
        mail(ANN, BOB, "Lunch", message_id="a"),
        mail(BOB, ANN, "Re: Lunch", message_id="b", references=["a"]),
    ],
    "an answer that cites nothing": [
        mail(CARL, SALES, "Offer", message_id="a"),
        mail(SALES, CARL, "AW: Offer", message_id="b", date=NOW + timedelta(days=29)),
    ],
    "colleagues by subject": [
        mail(ANN, BOB, "Lunch", message_id="a"),
        mail(BOB, ANN, "Re: Lunch", message_id="b"),
    ],
}
STAYS_OUT = {
    "a stranger who knows a Message-ID": [
        mail(CARL, SALES, message_id="a"),
        mail(EVE, SALES, "Re: Offer", message_id="b", references=["a"]),
    ],
    "a stranger who cites a mail that has not come yet": [
        mail(EVE, SALES, "Re: Offer", message_id="b", references=["lost"]),
        mail(CARL, SALES, "Re: Offer", message_id="c", references=["lost"]),
    ],
    "a stranger beside a colleague's answer": [
        mail(EVE, SALES, "Re: Offer", message_id="b", references=["lost"]),
        mail(SALES, CARL, "Re: Offer", message_id="c", references=["lost"]),
    ],
    "a stranger with the same subject": [
        mail(CARL, SALES, "Offer [#1234]", message_id="a"),
        mail(EVE, SALES, "Re: Offer [#1234]", message_id="b"),
    ],
    "the same subject without a reply prefix": [
        mail(CARL, SALES, "Invoice", message_id="a"),
        mail(CARL, SALES, "Invoice", message_id="b", date=NOW + timedelta(days=1)),
    ],
    "an answer after more than 30 days": [
        mail(CARL, SALES, "Offer", message_id="a", date=NOW - timedelta(days=31)),
        mail(SALES, CARL, "Re: Offer", message_id="b"),
    ],
    "our answer by subject to somebody else": [
        mail(CARL, SALES, "Offer", message_id="a"),
        mail(SALES, "fred@friend.example", "Re: Offer", message_id="b"),
    ],
    "two users of one free-mail provider": [
        mail("a1@gmail.com", SALES, message_id="a"),
        mail("b2@gmail.com", SALES, "Re: Offer", message_id="b", references=["a"]),
    ],
    "two people of our domain whom nobody here knows": [
        mail("temp1@ours.example", SALES, message_id="a"),
        mail("temp2@ours.example", SALES, "Re: Offer", message_id="b", references=["a"]),
    ],
    "an empty subject": [
        mail(CARL, SALES, "Re:", message_id="a"),
        mail(CARL, SALES, "Re:", message_id="b"),
    ],
}


@pytest.mark.parametrize("first", [0, 1], ids=["in order", "reversed"])
@pytest.mark.parametrize("one_batch", [True, False], ids=["one batch", "two batches"])
@pytest.mark.parametrize("case", [*JOINS, *STAYS_OUT])
def test_pairs(world: World, case: str, first: int, one_batch: bool) -> None:
    pair = JOINS.get(case) or STAYS_OUT[case]
    arrivals = [world.arrival(pair[first]), world.arrival(pair[1 - first])]

    for group in [arrivals] if one_batch else [[each] for each in arrivals]:
        world.take(group)

    assert (len(world.threads()) == 1) is (case in JOINS)


def test_somebody_who_pretends_to_be_us_joins_nothing(world: World) -> None:
    world.change(world.sales, authserv_id="mx.ours.example")
    forged = "mx.ours.example; dmarc=fail header.from=ours.example"
    world.deliver(mail(CARL, SALES, message_id="a"))

    world.deliver(mail(ANN, SALES, "Re: Offer", message_id="b", references=["a"], Authentication_Results=forged))
    assert not together(world, "a", "b")

    world.deliver(mail(ANN, SALES, "Re: Offer", message_id="c", references=["a"]))
    assert together(world, "a", "c")


def test_our_signature_joins_whoever_answers(world: World) -> None:
    ours = MessageIds(world.store.keys).make(12, "ours.example")
    foreign = MessageIds(world.store.keys, "another purpose").make(12, "ours.example")
    world.deliver(mail(SALES, CARL, message_id=ours), role=FolderRole.SENT)
    world.deliver(mail(SALES, CARL, message_id=foreign), role=FolderRole.SENT)

    world.deliver(mail("carl@private.example", SALES, "Re: Offer", message_id="b", references=[ours]))
    world.deliver(mail("carl@third.example", SALES, "Re: Offer", message_id="c", references=[foreign]))

    assert together(world, ours, "b")
    assert not together(world, foreign, "c")


def test_gmail_threads_hold_in_their_mailbox_only(world: World) -> None:
    ann = world.add_mailbox("ann@gmail.com")
    world.deliver(mail(CARL, SALES, "One", message_id="a"), gmail_thread_id=77)
    world.deliver(mail("other@private.example", SALES, "Two", message_id="b"), gmail_thread_id=77)
    world.deliver(mail("fred@friend.example", "ann@gmail.com", "Three", message_id="c"), ann, gmail_thread_id=77)

    assert world.threads() == {frozenset({"a", "b"}), frozenset({"c"})}


def test_a_known_message_brings_the_gmail_thread_of_its_second_mailbox(world: World) -> None:
    ann = world.add_mailbox("ann@gmail.com")
    both = mail(CARL, f"{SALES}, ann@gmail.com", "One", message_id="a")
    world.deliver(mail("other@private.example", "ann@gmail.com", "Two", message_id="b"), ann, gmail_thread_id=5)
    world.deliver(both)

    world.deliver(both, ann, gmail_thread_id=5)

    assert together(world, "a", "b")


def test_a_late_mail_merges_two_threads_and_what_stands_in_them(world: World) -> None:
    world.deliver(mail(CARL, SALES, "One", message_id="a", date=NOW - timedelta(hours=2)))
    world.deliver(mail(CARL, SALES, "Two", message_id="b", date=NOW - timedelta(hours=1)))
    smallest = min(thread.id for thread in world.all(Thread))

    world.deliver(mail(CARL, SALES, "Three", message_id="c", references=["a", "b"]))

    assert {message.thread_id for message in world.all(Message)} == {smallest}
    assert {activity.thread_id for activity in world.all(Activity)} == {smallest}
    assert world.threads() == {frozenset("abc")}
    survivor = next(thread for thread in world.all(Thread) if thread.id == smallest)
    assert (survivor.subject, survivor.message_count) == ("One", 3)


def conversation() -> list[bytes]:
    at = [NOW + timedelta(hours=n) for n in range(6)]
    return [
        mail(CARL, SALES, "Offer", message_id="a", date=at[0]),
        mail(SALES, CARL, "Re: Offer", message_id="b", references=["a"], date=at[1]),
        mail(EVE, SALES, "Re: Offer", message_id="evil", references=["a", "b"], date=at[2]),
        mail(DORA, SALES, "Re: Offer", message_id="c", references=["a", "lost"], date=at[3]),
        mail(CARL, SALES, "Re: Offer", message_id="d", references=["lost"], date=at[4]),
    ]


@pytest.mark.slow
def test_the_same_threads_in_every_order(new_world) -> None:
    world = new_world()
    for number, order in enumerate(itertools.permutations(conversation())):
        if number % 6:
            continue  # Every sixth of the 120 orders; the property test below shuffles more.
        ids = {name: f"{number}-{name}" for name in ("a", "b", "c", "d", "evil", "lost")}
        arrivals: list[Arrival] = []
        for raw in order:
            for name, unique in ids.items():
                raw = raw.replace(f"<{name}>".encode(), f"<{unique}>".encode())
            # People and subject of each round are its own, so that rounds can not meet.
            raw = raw.replace(b"client.example", f"client{number}.example".encode())
            raw = raw.replace(b"evil.example", f"evil{number}.example".encode())
            arrivals.append(world.arrival(raw))
        for cut in range(0, len(arrivals), 1 + number % 3):
            world.take(arrivals[cut : cut + 1 + number % 3])
        mine = {thread for thread in world.threads() if any(each.startswith(f"{number}-") for each in thread)}
        assert mine == {
            frozenset(ids[name] for name in ("a", "b", "c", "d")),
            frozenset({ids["evil"]}),
        }
