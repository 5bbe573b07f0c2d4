"""Answers that cite the id which a relay gave to a mail of ours (design §4, step 2)."""

from itertools import permutations

import pytest

from crm.outgoing.repository import learn_names
from crm_world import NOW, World, known_contact, mail
from delivery.message_ids import MessageIds
from storage.models import FolderRole, Outgoing, Reference, SendState, Thread
from storage.store import Store

SALES, CARL = "sales@ours.example", "carl@client.example"
RELAYED = "0102@eu-west-1.amazonses.com"


class Sent:
    """A mail of ours that a relay has taken; `mails`: its copy, and an answer and a stranger who cite the relay's id."""

    def __init__(self, world: World, number: int, *, known_as: list[str]) -> None:
        self.relayed = f"{number}.{RELAYED}"
        with world.store.database.unit_of_work() as session:
            row = Outgoing(
                kind="new", mailbox_id=world.sales.id, to=[], cc=[], bcc=[], subject="Our offer", text="",
                state=SendState.SENT, due_at=NOW, created_at=NOW, known_as=[f"{number}.{each}" for each in known_as],
            )  # fmt: skip
            session.add(row)
            session.flush()
            self.id = row.id
        ours = MessageIds(world.store.keys).make(self.id, "ours.example")
        self.mails = {
            "copy": mail(SALES, CARL, f"Our offer {number}", message_id=ours, X_Mailsync_Id=f"<{ours}>"),
            "answer": mail(CARL, SALES, f"Yes {number}", message_id=f"yes{number}", references=[self.relayed]),
            "stranger": mail(
                "eve@other.example", SALES, f"No {number}", message_id=f"no{number}", references=[self.relayed]
            ),
        }


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_an_answer_joins_whichever_comes_first_and_a_stranger_does_not(world: World) -> None:
    known_contact(world, CARL)
    world.create_nothing()
    for number, order in enumerate(permutations(("copy", "answer", "stranger"))):
        sent = Sent(world, number, known_as=[RELAYED])
        ids = {
            name: world.deliver(sent.mails[name], None, FolderRole.SENT if name == "copy" else FolderRole.INBOX)
            for name in order
        }
        threads = {name: world.message(message_id).thread_id for name, message_id in ids.items()}
        assert threads["copy"] == threads["answer"] != threads["stranger"], order
    assert len([thread for thread in world.all(Thread) if thread.merged_into_id is None]) == 12


def test_what_the_relay_says_after_the_copy_came_is_learnt_too(world: World) -> None:
    known_contact(world, CARL)
    sent = Sent(world, 1, known_as=[])
    copy = world.deliver(sent.mails["copy"], None, FolderRole.SENT)

    with world.store.database.unit_of_work() as session:
        learn_names(session, sent.id, [sent.relayed])
    answer = world.deliver(sent.mails["answer"])

    assert world.message(answer).thread_id == world.message(copy).thread_id
    assert len([row for row in world.all(Reference) if row.message_id == copy]) == 1
