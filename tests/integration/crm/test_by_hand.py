"""Conversations split, merged and put elsewhere by hand, on either database: later mail follows, and all of it can be undone."""

import threading
from datetime import timedelta

import pytest

from core.clock import utcnow
from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.conversations.arranging.bindings import change_records
from crm.conversations.arranging.threads import merge, split, undo
from crm.posting.writing import NewMessage, post_message
from crm.stream.views import NewPost
from crm_world import HISTORY, World, close_deal, known_contact, mail
from delivery.message_ids import MessageIds
from integration.crm.arranged import CARL, OURS, ann, deal, do, talk, thread
from lock_waits import until_somebody_waits
from recycling_world import delete
from storage.models import (
    Deal,
    FolderRole,
    Outgoing,
    Place,
    Post,
    RecordType,
    Role,
    ShareLevel,
    Thread,
    ThreadBinding,
    ThreadChange,
    ThreadCut,
)
from storage.store import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_a_split_conversation_stays_apart_and_answers_go_where_their_parent_is(world: World) -> None:
    known_contact(world)
    a, _, c, d = talk(world, "a", "b", "c", "d")
    change = do(world, split, c)
    assert world.threads() == {frozenset("ab"), frozenset("cd")}
    assert [world.activity(each).thread_id for each in (a, d)] == [thread(world, a), thread(world, d)]
    assert {row.subject for row in world.all(Thread)} == {"About a", "About c"}

    to_new = world.deliver(mail(CARL, OURS, "Re", message_id="e", references=["a", "b", "c", "d"]))
    to_old = world.deliver(mail(CARL, OURS, "Re", message_id="f", references=["a", "b"]))
    ours = mail(OURS, CARL, "Re", message_id="g", references=["a", "b", "c", "d", "e"])
    sent = world.deliver(ours, role=FolderRole.SENT)
    of_gmail = world.deliver(mail(CARL, OURS, "Re", message_id="h", references=["g", "b"]), gmail_thread_id=9)
    assert [thread(world, each) for each in (to_new, to_old, sent)] == [
        thread(world, d),
        thread(world, a),
        thread(world, d),
    ]
    assert thread(world, of_gmail) == thread(world, a), "the last it cites is its parent"

    do(world, undo, change)
    assert world.threads() == {frozenset("abcdefgh")}
    late = world.deliver(mail(CARL, OURS, "Re", message_id="i", references=["d"]))
    assert thread(world, late) == thread(world, a)
    assert world.all(ThreadCut) == []
    with pytest.raises(Conflict):
        do(world, undo, change)


def test_a_cut_outlives_what_either_side_is_joined_with(world: World) -> None:
    known_contact(world)
    a, b = talk(world, "a", "b")
    do(world, split, b)
    (alone,) = talk(world, "x", first=5)
    joins = world.deliver(mail(CARL, OURS, "Re", message_id="y", references=["x", "a"]))
    assert thread(world, joins) == thread(world, alone) == thread(world, a)
    both = world.deliver(mail(CARL, OURS, "Re", message_id="z", references=["x", "b"]))
    assert thread(world, both) == thread(world, b)
    assert world.threads() == {frozenset("axy"), frozenset("bz")}


def test_two_conversations_become_one_and_two_again(world: World) -> None:
    known_contact(world)
    a, b = talk(world, "a", "b")
    c, d = talk(world, "c", "d", first=5)
    assert thread(world, a) != thread(world, c)
    with pytest.raises(UsageError):
        do(world, merge, thread(world, a), thread(world, b))
    kept, gone = sorted((thread(world, a), thread(world, c)))
    change = do(world, merge, thread(world, c), thread(world, a))
    assert {thread(world, each) for each in (a, b, c, d)} == {kept}
    assert {world.activity(each).thread_id for each in (a, d)} == {kept}
    e = world.deliver(mail(CARL, OURS, "Re", message_id="e", references=["c", "d"]))
    assert thread(world, e) == kept
    assert world.threads() == {frozenset("abcde")}

    assert do(world, undo, change) == kept
    assert {thread(world, each) for each in (c, d)} == {gone}
    assert world.threads() == {frozenset("abe"), frozenset("cd")}, "what came since stays"
    part = do(world, split, e)
    assert do(world, merge, thread(world, e), kept) > part, "a word by hand goes before a cut by hand"
    assert world.all(ThreadCut) == []


def test_what_can_not_be_split_or_is_not_ones_own_is_refused(world: World) -> None:
    known_contact(world)
    a, b = talk(world, "a", "b")
    with pytest.raises(UsageError):
        do(world, split, a)
    for act, number in ((split, 999), (undo, 999)):
        with pytest.raises(NotFound):
            do(world, act, number)
    with pytest.raises(NotFound):
        do(world, merge, thread(world, a), 999)
    world.change(world.sales, share_level=ShareLevel.PRIVATE)
    with world.store.database.unit_of_work() as session:
        guest, stranger = Viewer(world.bob, Role.GUEST), Viewer(world.bob, Role.SELLER)
        for act, args in ((split, (b,)), (merge, (1, 2))):
            with pytest.raises(Forbidden):
                act(session, guest, *args)
        with pytest.raises(Forbidden):
            change_records(session, guest, 1, add=(), remove=())
        with pytest.raises(NotFound):
            split(session, stranger, b)  # It is on a record, and its mailbox is private.
    assert world.all(ThreadChange) == []


def test_a_conversation_is_moved_to_another_deal_and_later_replies_follow(world: World) -> None:
    contact = (RecordType.CONTACT, known_contact(world))
    second = deal(world, "Of nobody")
    deal(world, "An older one", contact_id=contact[1])
    newest = deal(world, "The newest", contact_id=contact[1])
    (a,) = talk(world, "a")
    assert world.bindings(a) == [newest, contact]

    change = do(world, change_records, thread(world, a), add=[second], remove=[newest])
    assert world.bindings(a) == [second, contact]
    reply = world.deliver(mail(CARL, OURS, "Re", message_id="b", references=["a"]))
    other = world.deliver(mail("eve@else.example", OURS, "Re", message_id="c", references=["a"], Cc=CARL))
    assert world.bindings(reply) == [second, contact]
    assert world.decision(reply)["match"] == "deal"
    assert second in world.bindings(other), "whoever takes part in it"
    (elsewhere,) = talk(world, "x", first=9)
    assert world.bindings(elsewhere) == [newest, contact], "other conversations go on as before"

    do(world, undo, change)
    assert world.bindings(a) == [newest, contact]
    assert world.bindings(reply) == [second, contact], "what came since stays where it is"
    assert world.all(ThreadBinding) == []
    with pytest.raises(NotFound):
        do(world, change_records, thread(world, a), add=[(RecordType.DEAL, 999)], remove=[])
    with pytest.raises(UsageError):
        do(world, change_records, thread(world, a), add=[], remove=[])
    assert world.bindings(a) == [newest, contact]


def test_unbound_it_stays_off_makes_nothing_and_waits_for_nobody(world: World) -> None:
    contact = known_contact(world)
    (a,) = talk(world, "a")
    keys = world.bindings(a)
    assert world.activity(a).completed_at is None
    deals = len(world.all(Deal))
    change = do(world, change_records, thread(world, a), add=[], remove=keys)
    assert world.bindings(a) == []
    assert world.activity(a).completed_at is not None
    reply = world.deliver(mail(CARL, OURS, "Re", message_id="b", references=["a"]))
    assert (world.bindings(reply), len(world.all(Deal))) == ([], deals)
    said = [entry["detail"] for place in world.all(Place) for entry in place.decision]
    assert "Somebody has decided by hand where this conversation stands." in said
    do(world, undo, change)
    assert world.bindings(a) == keys
    assert world.activity(a).completed_at is None
    later = world.deliver(mail(CARL, OURS, "Re", message_id="c", references=["b"]))
    assert (RecordType.CONTACT, contact) in world.bindings(later)


def test_a_strangers_mail_is_put_on_a_record_with_a_deadline_if_it_is_news(world: World) -> None:
    world.create_nothing()
    contact = (RecordType.CONTACT, known_contact(world, "someone@else.example"))
    recent = utcnow() - timedelta(hours=2)
    new = world.deliver(mail("eve@new.example", OURS, "New", message_id="n", date=recent), internal_date=recent)
    old = world.deliver(mail("olaf@old.example", OURS, "Old", message_id="o", date=HISTORY), internal_date=HISTORY)
    assert (world.bindings(new), world.bindings(old)) == ([], [])
    changes = [do(world, change_records, thread(world, each), add=[contact], remove=[]) for each in (new, old)]
    assert world.bindings(new) == world.bindings(old) == [contact]
    assert world.activity(new).deadline is not None
    assert world.activity(old).deadline is None
    answer = mail(OURS, "eve@new.example", "Re: New", message_id="r", references=["n"], date=utcnow())
    world.deliver(answer, role=FolderRole.SENT, internal_date=utcnow())
    assert world.activity(new).completed_at is not None, "an answered mail is completed"
    for change in changes:
        do(world, undo, change)
    assert (world.activity(new), world.activity(old)) == (None, None)


def test_by_hand_a_closed_deal_takes_mail_and_no_repeat_deal_is_made(world: World) -> None:
    contact = (RecordType.CONTACT, known_contact(world))
    won = deal(world, "Won", contact_id=contact[1])
    (a,) = talk(world, "a")
    close_deal(world, won[1])
    do(world, change_records, thread(world, a), add=[won], remove=[])
    deals = len(world.all(Deal))
    reply = world.deliver(mail(CARL, OURS, "Re", message_id="b", references=["a"]))
    assert world.bindings(reply) == [won, contact]
    assert len(world.all(Deal)) == deals


def test_words_follow_a_conversation_that_is_joined_by_later_mail(world: World) -> None:
    contact = (RecordType.CONTACT, known_contact(world))
    mine = deal(world, "By hand")
    (a,) = talk(world, "a")
    (b,) = talk(world, "b", first=5)
    do(world, change_records, thread(world, b), add=[mine], remove=[])
    joins = world.deliver(mail(CARL, OURS, "Re", message_id="c", references=["a", "b"]))
    assert thread(world, a) == thread(world, b) == thread(world, joins)
    assert world.bindings(joins) == [mine, contact]
    later = world.deliver(mail(CARL, OURS, "Re", message_id="d", references=["a"]))
    assert world.bindings(later) == [mine, contact]


def test_of_words_about_two_conversations_the_newest_counts_already_in_the_batch_that_joins_them(world: World) -> None:
    known_contact(world)
    for number, newest_on_first in enumerate((False, True)):
        mine = deal(world, "By hand")
        a, b, c, d = (f"{letter}{number}" for letter in "abcd")
        threads = [thread(world, talk(world, each, first=number * 10)[0]) for each in (a, b)]
        older, newer = reversed(threads) if newest_on_first else threads
        do(world, change_records, older, add=[mine], remove=[])
        do(world, change_records, newer, add=[mine], remove=[])
        do(world, change_records, newer, add=[], remove=[mine])
        joins = world.deliver(mail(CARL, OURS, "Re", message_id=c, references=[a, b]))
        later = world.deliver(mail(CARL, OURS, "Re", message_id=d, references=[c]))
        assert {thread(world, each) for each in (joins, later)} == {min(threads)}
        assert mine not in world.bindings(joins)
        assert world.bindings(joins) == world.bindings(later)


def test_a_word_about_what_was_deleted_keeps_nothing_from_being_made(world: World) -> None:
    contact = (RecordType.CONTACT, known_contact(world))
    chosen = deal(world, "By hand")
    (a,) = talk(world, "a")
    do(world, change_records, thread(world, a), add=[chosen], remove=[world.bindings(a)[0]])
    delete(world, chosen)
    reply = world.deliver(mail(CARL, OURS, "Re", message_id="b", references=["a"]))
    later = world.deliver(mail(CARL, OURS, "Re", message_id="c", references=["b"]))
    made = world.all(Deal)[-1]
    assert (made.title, made.contact_id) == ("Re", contact[1])
    assert world.bindings(reply) == world.bindings(later) == [(RecordType.DEAL, made.id), contact]


@pytest.mark.parametrize("copy_first", [True, False])
def test_the_mail_of_a_post_and_its_answers_stand_on_what_it_is_about(world: World, copy_first: bool) -> None:
    contact = (RecordType.CONTACT, known_contact(world))
    about = deal(world, "Of another client")
    world.change(world.sales, smtp_url="smtp://127.0.0.1:1")
    with world.store.database.unit_of_work() as session:
        post = NewPost("Prices", "Here", about=(about,), everyone=False, in_stream=True)
        post_message(session, ann(world), NewMessage(post, by_mail=(contact,), mailbox_id=world.sales.id))
    (outgoing,) = world.all(Outgoing)
    message_id = MessageIds(world.store.keys).make(outgoing.id, "ours.example")
    copy = mail(OURS, CARL, "Prices", message_id=message_id, X_Mailsync_Id=f"<{message_id}>")
    deals = len(world.all(Deal))

    def send_copy() -> int:
        return world.deliver(copy, role=FolderRole.SENT)

    first = send_copy() if copy_first else None
    answer = world.deliver(mail(CARL, OURS, "Re: Prices", message_id="re", references=[message_id]))
    first = first or send_copy()
    later = world.deliver(mail(CARL, OURS, "Re: Prices", message_id="re2", references=["re"]))

    assert [world.bindings(each) for each in (first, answer, later)] == [[about, contact]] * 3
    assert len({thread(world, each) for each in (first, answer, later)}) == 1
    assert len(world.all(Deal)) == deals
    assert len(world.all(ThreadBinding)) == 1
    assert len(world.all(Post)) == 1


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_an_answer_that_comes_in_the_moment_of_a_split_finds_the_part(store: Store) -> None:
    world = World(store)
    known_contact(world)
    a, b = talk(world, "a", "b")
    answers: list[int] = []
    raw = mail(CARL, OURS, "Re", message_id="c", references=["a", "b"])
    reader = threading.Thread(target=lambda: answers.append(world.deliver(raw)))
    with store.database.unit_of_work() as session:
        split(session, ann(world), b)
        reader.start()
        until_somebody_waits(store)
        assert answers == [], "it waits: whoever decides about these mails goes first"
    reader.join(20)
    assert thread(world, answers[0]) == thread(world, b) != thread(world, a)
