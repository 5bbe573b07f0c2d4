"""A mailbox goes: with all its mail or without what stands on records, cut off anywhere, and with a minute to think."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.clock import utcnow
from core.errors import Conflict, Forbidden, NotFound, Transient
from crm.access.mail import read_message
from crm.access.viewer import Viewer
from crm.conversations.repository.mailboxes import mailboxes
from crm.intake.preparing import prepare
from crm.outgoing.composing import start_new
from crm.outgoing.views import Composition, MailKind
from crm_world import World, mail
from mailsync import repository
from mailsync.actions import drafting
from mailsync.actions.asking import About, Wish, ask, undo
from mailsync.actions.drafting import save_draft
from mailsync.removal.asking import ask_to_remove, plan_removal, take_back
from mailsync.removal.repository import forgetting
from mailsync.removal.steps import Removing
from storage import leases
from storage.models import (
    ActionState,
    Activity,
    Blob,
    Comment,
    Folder,
    FolderRole,
    MailAction,
    Mailbox,
    MailboxRemoval,
    MailboxState,
    Message,
    MessageText,
    Outgoing,
    Place,
    Role,
    SendState,
    Task,
    Thread,
    Variant,
)
from storage.search import find_messages

SYSTEM = Viewer.system()


@pytest.fixture
def world(store) -> World:
    return World(store)


def fill(world: World) -> dict[str, int]:
    """Mail only in the sales mailbox, mail that support has too, and mail that no record knows."""
    support = world.add_mailbox("support@ours.example", shared=True)
    ids = {
        "client": world.deliver(mail("ann@client.example", world.sales.email, "Offer", message_id="1@c")),
        "answer": world.deliver(
            mail(world.sales.email, "ann@client.example", "Re: Offer", message_id="2@o", references=["1@c"]),
            role=FolderRole.SENT,
        ),
        "junk": world.deliver(
            mail("x@lottery.example", world.sales.email, "Winner", message_id="3@l"), role=FolderRole.JUNK
        ),
    }
    both = mail("bea@client.example", "both@ours.example", "For two", message_id="4@c", text="Findable words")
    ids["both"] = world.deliver(both)
    assert world.deliver(both, support) == ids["both"]
    with world.store.database.unit_of_work() as session:
        task = Task(
            title="Send the offer", text="As promised", creator_id=world.ann, responsible_id=world.ann,
            message_id=ids["client"], created_at=utcnow(),
        )  # fmt: skip
        session.add(task)
    return ids


def remove(world: World, *, keep_mail: bool) -> None:
    ask_to_remove(world.store, SYSTEM, world.sales.id, keep_mail=keep_mail, at_once=True)
    removing = Removing(world.store, world.sales.id, "test")
    assert removing.is_due()
    removing.empty()
    with world.store.database.unit_of_work() as session:
        removing.end(session)


def count(world: World, table) -> int:
    return world.rows(select(func.count()).select_from(table))[0]


def unnamed_blobs(world: World) -> int:
    named = {row for column in (Place.head_blob_id, Message.body_blob_id, Variant.body_blob_id, Outgoing.raw_blob_id)
             for row in world.rows(select(column))}  # fmt: skip
    return len(set(world.rows(select(Blob.id))) - named)


def test_the_numbers_are_told_before_anything_goes(world) -> None:
    fill(world)
    with world.store.database.reading() as session:
        plan = plan_removal(session, SYSTEM, world.sales.id)

    assert (plan.places, plan.only_here, plan.on_records, plan.shared, plan.work) == (4, 3, 2, 1, 1)
    assert count(world, Place) == 5


def test_with_all_its_mail_nothing_of_it_is_left_and_nothing_else_breaks(world) -> None:
    ids = fill(world)
    save_draft(world.store, SYSTEM, Composition(MailKind.NEW, world.sales.id, (), "Unfinished", "To be continued"))
    remove(world, keep_mail=False)

    assert world.rows(select(Message.id)) == [ids["both"]]
    assert count(world, Place) == 1
    assert count(world, MessageText) == 1
    assert count(world, Folder) == 6
    assert count(world, Thread) == len(world.threads()) == 1
    assert unnamed_blobs(world) == 0
    (task,) = world.all(Task)
    assert (task.text, task.message_id) == ("As promised", None)
    assert all(entry.message_id in (None, ids["both"]) for entry in world.all(Activity))
    assert world.rows(select(Mailbox.email)) == ["support@ours.example"]
    with world.store.database.reading() as session:
        assert find_messages(session, "findable") == [ids["both"]]
        assert find_messages(session, "winner") == []


def test_mail_on_records_stays_readable_for_those_who_could_read_it(world) -> None:
    ids = fill(world)
    world.change(world.sales, name="Sales")
    before = {viewer: _readable(world, viewer, ids) for viewer in (world.ann, world.bob)}
    remove(world, keep_mail=True)

    assert set(world.rows(select(Message.id))) == set(ids.values()) - {ids["junk"]}
    after = {viewer: _readable(world, viewer, ids) for viewer in (world.ann, world.bob)}
    assert before[world.ann] - after[world.ann] == {"junk"}
    assert before[world.bob] == after[world.bob]
    assert unnamed_blobs(world) == 0
    row = world.all(Mailbox)[0]
    assert (row.state, row.password_encrypted, row.smtp_url) == (MailboxState.REMOVED, "", None)
    with world.store.database.reading() as session:
        assert [box.email for box in mailboxes(session, SYSTEM)] == ["support@ours.example"]
        assert [box.email for box in repository.mailboxes(session, SYSTEM)] == ["support@ours.example"]
        with pytest.raises(NotFound):
            repository.mailbox(session, world.sales.id)
    again = world.add_mailbox(world.sales.email, owner_id=world.ann)
    assert again.id != world.sales.id


def _readable(world: World, user_id: int, ids: dict[str, int]) -> set[str]:
    found = set()
    with world.store.database.reading() as session:
        for name, message_id in ids.items():
            try:
                read_message(session, world.store.blobs, Viewer(user_id, Role.SELLER), message_id)
            except (NotFound, Forbidden):
                continue
            found.add(name)
    return found


def test_a_timeline_entry_that_was_discussed_stays_without_its_mail(world) -> None:
    ids = fill(world)
    entry = world.activity(ids["client"])
    with world.store.database.unit_of_work() as session:
        session.add(
            Comment(
                subject_type="activity", subject_id=entry.id, author_id=world.ann, text="Call her", created_at=utcnow()
            )
        )
    remove(world, keep_mail=False)

    stays = next(one for one in world.all(Activity) if one.id == entry.id)
    assert (stays.title, stays.message_id, stays.thread_id) == (forgetting.REMOVED, None, None)
    assert stays.completed_at is not None
    assert [one.text for one in world.all(Comment)] == ["Call her"]


def test_what_waits_to_be_sent_is_left_and_says_why(world) -> None:
    with world.store.database.unit_of_work() as session:
        waiting = {
            "kind": "reply",
            "mailbox_id": world.sales.id,
            "to": [],
            "cc": [],
            "bcc": [],
            "subject": "",
            "text": "",
        }
        session.add(Outgoing(**waiting, due_at=utcnow(), created_at=utcnow(), html=None))
    world.deliver(mail("ann@client.example", world.sales.email))
    remove(world, keep_mail=True)

    (letter,) = world.all(Outgoing)
    assert letter.state is SendState.SKIPPED
    assert "removed" in letter.reason


def test_mail_of_a_mailbox_that_goes_is_no_longer_acted_on(world) -> None:
    """From the asking on nothing new is wished, written or drafted; what waits for the server ends when it begins."""
    message = world.deliver(mail("ann@client.example", world.sales.email, message_id="1@c"))
    about = About(message_ids=(message,))
    draft = Composition(MailKind.NEW, world.sales.id, (), "Unfinished", "To be continued")
    with world.store.database.unit_of_work() as session:
        read = ask(session, SYSTEM, Wish.READ, about)
        archived = ask(session, SYSTEM, Wish.ARCHIVE, about)
    assert (read.count, archived.count) == (1, 1)
    archive = next(row.id for row in world.all(Folder) if row.role is FolderRole.ARCHIVE)
    before = len(world.all(Place))

    ask_to_remove(world.store, SYSTEM, world.sales.id, keep_mail=True, at_once=True)

    with world.store.database.unit_of_work() as session:
        assert ask(session, SYSTEM, Wish.UNREAD, about).count == 0
        assert undo(session, SYSTEM, read.act).count == 0
        with pytest.raises(NotFound):
            ask(session, SYSTEM, Wish.MOVE, about, target_id=archive)
    with pytest.raises(NotFound):
        save_draft(world.store, SYSTEM, draft)
    with pytest.raises(NotFound):
        start_new(world.store, SYSTEM, world.sales.id)
    assert {row.state for row in world.all(MailAction)} == {ActionState.WAITING}, "it can be taken back"
    Removing(world.store, world.sales.id, "test").empty()
    assert world.all(MailAction) == []
    assert len(world.all(Place)) == before


def test_a_draft_that_is_being_saved_when_its_mailbox_goes_is_not_stored(world, monkeypatch) -> None:
    def asked_meanwhile(store, arrivals):
        ask_to_remove(store, SYSTEM, world.sales.id, keep_mail=True)
        return prepare(store, arrivals)

    monkeypatch.setattr(drafting, "prepare", asked_meanwhile)
    before = len(world.all(Place))
    with pytest.raises(NotFound, match="being removed"):
        save_draft(world.store, SYSTEM, Composition(MailKind.NEW, world.sales.id, (), "Late", "Text"))
    assert len(world.all(Place)) == before


def test_a_crash_between_any_two_steps_changes_nothing_of_the_result(world, monkeypatch) -> None:
    for number in range(25):
        world.deliver(mail(f"a{number}@client.example", world.sales.email, f"Offer {number}", message_id=f"{number}@c"))
    monkeypatch.setattr("mailsync.removal.steps.AT_ONCE", 4)
    ask_to_remove(world.store, SYSTEM, world.sales.id, keep_mail=False, at_once=True)
    step, left = forgetting.forget_places, [0]

    def dies(session, places, **options) -> None:
        step(session, places, **options)
        left[0] += 1
        if left[0] % 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(forgetting, "forget_places", dies)
    attempts = 0
    while True:
        attempts += 1
        removing = Removing(world.store, world.sales.id, "test")
        try:
            removing.empty()
        except KeyboardInterrupt:
            assert count(world, Message) == count(world, Place) > 0
            assert unnamed_blobs(world) == 0
            continue
        with world.store.database.unit_of_work() as session:
            removing.end(session)
        break

    assert attempts > 3
    assert [count(world, table) for table in (Place, Message, Blob, Mailbox, MailboxRemoval, Thread)] == [0] * 6


def test_while_the_mailbox_is_synced_its_removal_waits(world) -> None:
    world.deliver(mail("ann@client.example", world.sales.email))
    ask_to_remove(world.store, SYSTEM, world.sales.id, keep_mail=False, at_once=True)
    with world.store.database.unit_of_work() as session:
        held = leases.acquire(session, f"mailbox:{world.sales.id}", "sync", timedelta(seconds=30))

    with pytest.raises(Transient):
        Removing(world.store, world.sales.id, "test").empty()
    assert count(world, Place) == 1

    with world.store.database.unit_of_work() as session:
        leases.release(session, held)
    Removing(world.store, world.sales.id, "test").empty()
    assert count(world, Place) == 0


def test_it_can_be_taken_back_until_it_begins(world) -> None:
    world.deliver(mail("ann@client.example", world.sales.email))
    ask_to_remove(world.store, SYSTEM, world.sales.id, keep_mail=False)
    removing = Removing(world.store, world.sales.id, "test")
    assert not removing.is_due()
    with pytest.raises(Conflict):
        ask_to_remove(world.store, SYSTEM, world.sales.id, keep_mail=True)

    take_back(world.store, SYSTEM, world.sales.id)
    (row,) = world.all(Mailbox)
    assert (row.state, row.password_encrypted) == (MailboxState.CONNECTING, "-")
    assert not removing.is_due()

    ask_to_remove(world.store, SYSTEM, world.sales.id, keep_mail=False)
    with world.store.database.unit_of_work() as session:
        session.execute(update(MailboxRemoval).values(begins_at=utcnow() - timedelta(seconds=1)))
    removing.empty()
    with pytest.raises(Conflict):
        take_back(world.store, SYSTEM, world.sales.id)
