"""A long conversation comes piece by piece, with all of its files, and with nothing that its reader may not see."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.conversations.reading import SHOWN_AT_ONCE, open_thread
from crm.conversations.repository import messages
from crm.conversations.repository.messages import readable_thread, thread_view
from crm.conversations.views.messages import Window
from crm_world import NOW, World, mail
from storage.models import Message, Role
from storage.store import Store

LENGTH = 130


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.create_nothing()
    return world


def letter(number: int, *, to: str = "sales@ours.example") -> bytes:
    raw = mail(
        "c@client.example",
        to,
        "Long",
        message_id=f"m{number}@client.example",
        references=[f"m{number - 1}@client.example"] if number else [],
        date=NOW - timedelta(days=LENGTH) + timedelta(hours=number),
    )
    if number % 50:
        return raw
    message = EmailMessage()
    for line in raw.partition(b"\n\n")[0].decode().splitlines():
        name, _, value = line.partition(": ")
        if name not in ("Content-Type", "Content-Transfer-Encoding", "MIME-Version"):
            message[name] = value
    message.set_content("See the file.\n")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=f"offer {number}.pdf")
    return message.as_bytes()


def test_a_long_conversation_opens_at_its_end_and_goes_back_piece_by_piece(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = world.take([world.arrival(letter(number)) for number in range(LENGTH)])
    assert not taken.quarantined
    viewer = Viewer(world.ann, Role.SELLER)
    thread_id = world.all(Message)[0].thread_id

    with world.store.database.reading() as session:
        ids = [message.id for message in thread_view(session, viewer, thread_id).messages]
        newest = open_thread(world.store, session, viewer, thread_id)
        before = open_thread(world.store, session, viewer, thread_id, before=newest.messages[0].message.id)
        around = open_thread(world.store, session, viewer, thread_id, wanted=ids[40])

    def shown(opened) -> list[int]:
        return [item.message.id for item in opened.messages]

    assert len(ids) == LENGTH
    assert (shown(newest), newest.thread.earlier, newest.thread.later) == (
        ids[-SHOWN_AT_ONCE:],
        LENGTH - SHOWN_AT_ONCE,
        0,
    )
    assert newest.messages[-1].content is not None
    assert shown(before) == ids[-2 * SHOWN_AT_ONCE : -SHOWN_AT_ONCE]
    assert before.thread.later == SHOWN_AT_ONCE
    assert ids[40] in shown(around)
    assert next(item for item in around.messages if item.message.id == ids[40]).content is not None
    assert {len(shown(around)), around.thread.earlier + around.thread.later} == {SHOWN_AT_ONCE, LENGTH - SHOWN_AT_ONCE}
    files = [file.part.filename for file in newest.thread.files]
    assert files == ["offer 100.pdf", "offer 50.pdf", "offer 0.pdf"]

    monkeypatch.setattr(messages, "FILES_SHOWN", 2)
    with world.store.database.reading() as session:
        some = thread_view(session, viewer, thread_id, Window(3))
        whole = thread_view(session, viewer, thread_id)
    assert ([file.part.filename for file in some.files], some.file_count) == (files[:2], 3)
    assert ([file.part.filename for file in whole.files], whole.file_count) == (files, 3)


def test_what_others_wrote_to_each_other_is_counted_and_its_files_are_not_named(world: World) -> None:
    own = world.add_mailbox("bob@ours.example", owner_id=world.bob)
    world.create_nothing(own)
    world.take([world.arrival(letter(number)) for number in range(8)])
    theirs = world.all(Message)[1]
    his = world.deliver(letter(8, to="bob@ours.example"), own)
    thread_id = theirs.thread_id
    assert world.message(his).thread_id == thread_id
    bob = Viewer(world.bob, Role.SELLER)

    with world.store.database.reading() as session:
        for window in (None, Window(3), Window(3, around_id=theirs.id), Window(3, before_id=theirs.id)):
            thread = thread_view(session, bob, thread_id, window)
            assert [message.id for message in thread.messages] == [his]
            assert (thread.hidden, thread.earlier, thread.files, thread.file_count) == (8, 0, (), 0)
        stranger = Viewer(world.add_user("x@ours.example", "X"), Role.SELLER)
        assert readable_thread(session, bob, thread_id) == thread_id
        with pytest.raises(NotFound):
            thread_view(session, stranger, thread_id, Window(3))
        with pytest.raises(NotFound):
            readable_thread(session, stranger, thread_id)
