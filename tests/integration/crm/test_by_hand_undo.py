"""Taking back what was done to a conversation by hand keeps what others have done since, on either database."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event

from core.errors import Conflict, MailsyncError, UsageError
from crm.access.viewer import Viewer
from crm.conversations.arranging import bindings
from crm.conversations.arranging.bindings import change_records
from crm.conversations.arranging.repository.threads import hold
from crm.conversations.arranging.threads import merge, split, undo
from crm.records.merging import merge as merge_records
from crm.stream.feed.commenting import add_comment
from crm.stream.views import SubjectType
from crm_world import NOW, World, known_contact, mail
from integration.crm.arranged import CARL, OURS, ann, deal, do, talk, thread
from storage.models import Activity, Comment, FolderRole, Message, RecordType, ThreadBinding, ThreadChange, ThreadCut
from storage.store import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def put(
    world: World, message_id: int, *add: tuple[RecordType, int], off: tuple[tuple[RecordType, int], ...] = ()
) -> int:
    return do(world, change_records, thread(world, message_id), add=add, remove=off)


def comment(world: World, message_id: int) -> None:
    do(world, add_comment, SubjectType.ACTIVITY, world.activity(message_id).id, "Ask him for a drawing")


def cites(world: World, name: str, *references: str, hours: int) -> int:
    date = NOW + timedelta(hours=hours)
    return world.deliver(mail(CARL, OURS, "Re", message_id=name, references=references, date=date))


def person(world: World, email: str) -> tuple[RecordType, int]:
    return RecordType.CONTACT, known_contact(world, email)


def test_undo_takes_off_only_what_it_put_on_and_leaves_what_others_said(world: World) -> None:
    world.create_nothing()
    first, second, third = (deal(world, title) for title in ("First", "Second", "Third"))
    (a,) = talk(world, "a")
    one, two = put(world, a, first), put(world, a, second)
    entry = world.activity(a).id
    comment(world, a)

    do(world, undo, one)
    assert world.bindings(a) == [second]
    assert [row.subject_id for row in world.all(Comment)] == [entry] == [world.activity(a).id]
    reply = world.deliver(mail(CARL, OURS, "Re", message_id="b", references=["a"]))
    assert world.bindings(reply) == [second]

    do(world, undo, two)
    assert world.bindings(a) == []
    assert world.activity(a).id == entry, "somebody has commented on it"
    assert world.activity(a).completed_at is not None, "on no record it waits for nobody"
    put(world, a, third)
    assert (world.bindings(a), world.activity(a).id) == ([third], entry)

    fourth = put(world, a, first, off=(third,))
    fifth = put(world, a, second, off=(first,))
    with pytest.raises(Conflict, match="since"):
        do(world, undo, fourth)
    assert world.bindings(a) == [second]
    do(world, undo, fifth)
    assert world.bindings(a) == [first]
    do(world, undo, fourth)
    assert world.bindings(a) == [third]

    of_before = put(world, a, first)
    with world.store.database.unit_of_work() as session:
        session.get_one(ThreadChange, of_before).before = {
            "entries": [entry],
            "bindings": [],
            "made": [],
            "completed": [],
        }
    with pytest.raises(Conflict, match="older version"):
        do(world, undo, of_before)
    assert set(world.bindings(a)) == {first, third}


def test_undo_finds_records_that_were_merged_since(world: World) -> None:
    world.create_nothing()
    carl, twin, dora = person(world, CARL), person(world, "carl@home.example"), person(world, "dora@else.example")
    (a,) = talk(world, "a")
    (b,) = talk(world, "b", first=5)
    (c,) = talk(world, "c", first=9, by="eve@new.example")
    more, moved, only = put(world, a, dora), put(world, b, dora, off=(carl,)), put(world, c, carl)
    with world.store.database.unit_of_work() as session:
        merge_records(session, Viewer.system(), twin, [carl[1]], {})
    for change in (more, moved, only):
        do(world, undo, change)
    assert [world.bindings(each) for each in (a, b, c)] == [[twin], [twin], []]
    assert world.activity(c) is None

    again = put(world, b, dora, off=(twin,))
    eve = put(world, a, person(world, "eve@new.example"))
    with world.store.database.unit_of_work() as session:
        merge_records(session, Viewer.system(), twin, [dora[1]], {})
    for change in (again, eve):
        do(world, undo, change)
    assert [world.bindings(each) for each in (a, b)] == [[twin], [twin]], "what stood there before stays"


def test_what_was_answered_meanwhile_does_not_wait_again(world: World) -> None:
    known_contact(world)
    (a,) = talk(world, "a")
    (b,) = talk(world, "b", first=5)
    changes = [put(world, each, off=tuple(world.bindings(each))) for each in (a, b)]
    answer = mail(OURS, CARL, "Re", message_id="r", references=["a"], date=NOW + timedelta(hours=1))
    world.deliver(answer, role=FolderRole.SENT)
    for change in changes:
        do(world, undo, change)
    assert world.activity(a).completed_at is not None
    assert world.activity(b).completed_at is None


def test_a_merge_by_hand_keeps_cuts_and_its_undo_gives_them_back(world: World) -> None:
    known_contact(world)
    (k,) = talk(world, "k")
    a, b, c = talk(world, "a", "b", "c", first=5)
    do(world, split, b)
    change = do(world, merge, thread(world, a), thread(world, k))
    both = cites(world, "d", "a", "b", hours=1)
    assert world.threads() == {frozenset("ka"), frozenset("bcd")}
    do(world, undo, change)
    (cut,) = world.all(ThreadCut)
    assert {cut.one_id, cut.other_id} == {thread(world, a), thread(world, b)}
    cites(world, "e", "a", "b", hours=2)
    assert world.threads() == {frozenset("k"), frozenset("a"), frozenset("bcde")}

    of_c = do(world, split, c)
    of_d = do(world, split, both)
    do(world, undo, of_c)
    cites(world, "f", "b", "d", hours=3)
    assert world.threads() == {frozenset("k"), frozenset("a"), frozenset("bc"), frozenset("def")}, "the cut goes along"
    do(world, undo, of_d)
    assert len(world.all(ThreadCut)) == 1


def test_words_about_records_go_along_with_a_split_and_back_with_its_undo(world: World) -> None:
    world.create_nothing()
    first, second = (deal(world, title) for title in ("First", "Second"))
    a, b, c = talk(world, "a", "b", "c")
    on_first = put(world, a, first)
    parted = do(world, split, b)
    do(world, undo, on_first)
    late = world.deliver(mail(CARL, OURS, "Re", message_id="d", references=["c"]))
    assert [world.bindings(each) for each in (a, b, c, late)] == [[]] * 4
    assert world.all(ThreadBinding) == []

    put(world, b, second)
    do(world, undo, parted)
    later = world.deliver(mail(CARL, OURS, "Re", message_id="e", references=["c"]))
    assert thread(world, later) == thread(world, a)
    assert world.bindings(later) == [second]
    assert {row.thread_id for row in world.all(ThreadBinding)} == {thread(world, a)}


def beside(world: World, act, *args, **more) -> tuple[threading.Thread, list[object]]:
    """Somebody else does it at the same time; what came of it."""
    said: list[object] = []

    def run() -> None:
        try:
            said.append(do(world, act, *args, **more))
        except MailsyncError as error:
            said.append(error)

    beside_us = threading.Thread(target=run)
    beside_us.start()
    beside_us.join(0.5)
    return beside_us, said


def test_two_people_arrange_one_conversation_at_once(world: World) -> None:
    known_contact(world)
    first = deal(world, "First")
    (a,) = talk(world, "a")
    (b,) = talk(world, "b", first=5)
    kept, gone = sorted((thread(world, a), thread(world, b)))
    with world.store.database.unit_of_work() as session:
        merge(session, ann(world), kept, gone)
        other, said = beside(world, change_records, gone, add=[first], remove=[])
        assert said == [], "it waits"
    other.join(20)
    assert isinstance(said[0], Conflict if world.store.database.engine.dialect.name == "postgresql" else int)
    assert {row.thread_id for row in world.all(ThreadBinding)} <= {kept}, "no word about one that is gone"

    change = put(world, a, first, off=()) if not world.all(ThreadBinding) else said[0]
    with world.store.database.unit_of_work() as session:
        hold(session, [kept])
        other, said = beside(world, undo, change)
        assert said == [], "undo waits for who decides about the conversation"
    other.join(20)
    assert said == [kept]
    assert first not in world.bindings(a)


def test_a_long_conversation_takes_no_more_statements_than_a_short_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.create_nothing()
    first = deal(world, "First")
    (short,) = talk(world, "a")
    known = ["s0"]
    arrivals = [world.arrival(mail(CARL, OURS, "Long", message_id="s0"))]
    for number in range(1, 40):
        arrivals.append(world.arrival(mail(CARL, OURS, "Long", message_id=f"s{number}", references=known[-1:])))
        known.append(f"s{number}")
    world.take(arrivals)
    long = world.all(Message)[-1].id

    def statements(act, *args, **more) -> tuple[int, int]:
        asked: list[str] = []
        engine = world.store.database.engine
        event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        return do(world, act, *args, **more), len(asked)

    one, of_short = statements(change_records, thread(world, short), add=[first], remove=[])
    two, of_long = statements(change_records, thread(world, long), add=[first], remove=[])
    assert of_long <= of_short + 2
    assert len(world.all(Activity)) == 41
    undo_short, undo_long = statements(undo, one)[1], statements(undo, two)[1]
    assert undo_long <= undo_short + 2
    monkeypatch.setattr(bindings, "MOST_MAILS", 39)
    with pytest.raises(UsageError, match="more than 39 mails"):
        put(world, long, first)
    assert world.bindings(long) == []
