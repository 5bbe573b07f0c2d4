"""Records are changed field by field on both databases; what somebody else changed is never overwritten unseen."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.fields.custom import NewField, change_field, create_field, remove_field
from crm.records.fields.editing import current_values, edit_record, version_of_record
from crm.records.fields.history import history_of
from crm.records.repository import reading
from crm.work.repository import task as task_of
from crm.work.repository import task_for_change
from crm.work.tasks import change_task, create_task
from crm.work.views import NewTask, TaskChange
from crm_world import World, mail
from storage.models import Contact, FieldKind, RecordType, Role
from storage.store import Store

SYSTEM = Viewer.system()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def carl(world: World) -> tuple[RecordType, int]:
    with world.store.database.unit_of_work() as session:
        return RecordType.CONTACT, create_contact(session, "Carl", emails=["carl@client.example"])


def edit(world: World, record: tuple[RecordType, int], was: Any = None, **wanted: Any) -> dict[str, Any]:
    with world.store.database.unit_of_work() as session:
        return edit_record(session, Viewer(world.ann, Role.SELLER), record, wanted, was=was)


def values(world: World, record: tuple[RecordType, int]) -> dict[str, Any]:
    with world.store.database.reading() as session:
        return current_values(session, SYSTEM, record)


def add_field(
    world: World, name: str, kind: FieldKind, record_type: RecordType = RecordType.CONTACT, **more: Any
) -> str:
    with world.store.database.unit_of_work() as session:
        return f"field_{create_field(session, SYSTEM, NewField(record_type, name, kind, **more))}"


def test_what_was_changed_stands_there_and_in_the_history(world: World, carl: tuple[RecordType, int]) -> None:
    changed = edit(
        world,
        carl,
        name="  Carl   Gustav ",
        emails=["cg@client.example", "CARL@client.example"],
        phones=["+48 22 123"],
        tags=["#vip", "vip", "north"],
        responsible_id=world.ann,
        notes="Likes\r\ntea.",
    )
    assert set(changed) == {"name", "emails", "phones", "tags", "responsible_id", "notes"}
    now = values(world, carl)
    assert (now["name"], now["tags"], now["notes"]) == ("Carl Gustav", ["vip", "north"], "Likes\ntea.")
    assert now["emails"] == ["cg@client.example", "CARL@client.example"]
    assert edit(world, carl, name="Carl Gustav", tags=["vip", "north"]) == {}

    with world.store.database.reading() as session:
        [told] = history_of(session, SYSTEM, carl)
        ann = next(one for one in told.changes if one.field.key == "responsible_id")
    assert told.by == ann.after_name == "Ann"
    assert (ann.before, ann.before_name) == (None, "")


def test_mail_finds_whom_an_address_was_given(world: World, carl: tuple[RecordType, int]) -> None:
    edit(world, carl, emails=["new@client.example"])
    known = world.deliver(mail("new@client.example", world.sales.email, message_id="n"))
    assert carl in world.bindings(known)
    world.deliver(mail("carl@client.example", world.sales.email, message_id="o"))
    assert len(world.all(Contact)) == 2, "his old address is a stranger's now"


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        (FieldKind.TEXT, " Blue ", "Blue"),
        (FieldKind.NUMBER, "1 200,5", 1200.5),
        (FieldKind.NUMBER, 0, 0.0),
        (FieldKind.DATE, "2026-12-01", "2026-12-01"),
        (FieldKind.CHOICE, "Tea", "Tea"),
        (FieldKind.MONEY, 12_50, 12_50),
        (FieldKind.LINK, "client.example/a", "https://client.example/a"),
    ],
)
def test_custom_fields_of_each_kind(
    world: World, carl: tuple[RecordType, int], kind: FieldKind, given: Any, stored: Any
) -> None:
    key = add_field(world, "Extra", kind, choices=("Tea", "Coffee") if kind is FieldKind.CHOICE else ())
    empty = values(world, carl)[key]
    assert edit(world, carl, **{key: given}) == {key: (empty, stored)}
    assert values(world, carl)[key] == stored
    with world.store.database.reading() as session:
        assert reading.contact(session, SYSTEM, carl[1]).fields == {key: stored}
    assert edit(world, carl, **{key: stored}) == {}
    assert edit(world, carl, **{key: None}) == {key: (stored, empty)}
    with world.store.database.reading() as session:
        assert reading.contact(session, SYSTEM, carl[1]).fields == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": 5},
        {"name": "x" * 501},
        {"emails": ["carl@client.example", "nobody"]},
        {"emails": "carl@client.example"},
        {"tags": [["a"]]},
        {"responsible_id": 404},
        {"responsible_id": True},
        {"responsible_id": "1"},
        {"company_id": -1},
        {"notes": "x" * 20_001},
        {"colour": "blue"},
        {"deleted_at": None},
        {"field_404": "x"},
    ],
)
def test_wrong_values_change_nothing(world: World, carl: tuple[RecordType, int], wrong: dict[str, Any]) -> None:
    before = values(world, carl)
    with pytest.raises(UsageError):
        edit(world, carl, **{"position": "Buyer", **wrong})
    assert values(world, carl) == before
    with world.store.database.reading() as session:
        assert history_of(session, SYSTEM, carl) == []


def test_who_may_not_or_what_is_not_there(world: World, carl: tuple[RecordType, int]) -> None:
    with pytest.raises(Forbidden), world.store.database.unit_of_work() as session:
        edit_record(session, Viewer(world.ann, Role.GUEST), carl, {"name": "X"})
    with pytest.raises(NotFound):
        edit(world, (RecordType.DEAL, 404), title="X")


def test_a_form_overwrites_only_what_was_seen(world: World, carl: tuple[RecordType, int]) -> None:
    seen = values(world, carl)
    edit(world, carl, position="Buyer", tags=["vip"])

    mine = {**seen, "name": "Carl G."}
    assert set(edit(world, carl, was=seen, **mine)) == {"name"}, "what the form left as it was is no change"
    assert values(world, carl)["position"] == "Buyer"

    with pytest.raises(Conflict, match="Position was changed by somebody else"):
        edit(world, carl, was=seen, **{**seen, "position": "Seller", "notes": "Mine"})
    assert values(world, carl)["notes"] == ""
    assert edit(world, carl, was=seen, **{**seen, "position": "Buyer"}) == {}, "both wrote the same"


def test_a_word_that_is_no_choice_any_more_stays_where_it_stands(world: World, carl: tuple[RecordType, int]) -> None:
    key = add_field(world, "Drink", FieldKind.CHOICE, choices=("Tea",))
    edit(world, carl, **{key: "Tea"})
    seen = values(world, carl)
    with world.store.database.unit_of_work() as session:
        change_field(session, SYSTEM, int(key.removeprefix("field_")), "Drink", ["Coffee"])
    assert set(edit(world, carl, was=seen, **{**seen, "name": "Carl G."})) == {"name"}
    with pytest.raises(UsageError, match="Drink is one of: Coffee"):
        edit(world, carl, **{key: "Milk"})


def test_what_stood_in_a_field_that_was_removed_is_told_in_the_history(
    world: World, carl: tuple[RecordType, int]
) -> None:
    key = add_field(world, "Shoe size", FieldKind.NUMBER)
    edit(world, carl, **{key: "43"})
    with world.store.database.unit_of_work() as session:
        remove_field(session, SYSTEM, int(key.removeprefix("field_")))
    assert key not in values(world, carl)
    with world.store.database.reading() as session:
        [told] = history_of(session, SYSTEM, carl)
    assert [(one.field.name, one.before, one.after) for one in told.changes] == [("Shoe size", None, 43.0)]


def test_two_edits_at_once_are_both_kept(world: World, carl: tuple[RecordType, int]) -> None:
    start = threading.Barrier(2)

    def one(**wanted: Any) -> None:
        for n in range(10):
            start.wait(20)
            edit(world, carl, **{key: f"{value} {n}" for key, value in wanted.items()})

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(one, name="Carl"), pool.submit(one, position="Buyer")]:
            future.result(60)
    now = values(world, carl)
    assert (now["name"], now["position"]) == ("Carl 9", "Buyer 9")
    with world.store.database.reading() as session:
        assert len(history_of(session, SYSTEM, carl)) == 20


def test_of_two_that_read_the_same_version_one_is_refused(world: World, carl: tuple[RecordType, int]) -> None:
    """Given two programs that read a record and a task, then one of each two changes in the same moment is made."""
    ann = Viewer(world.ann, Role.SELLER)
    with world.store.database.unit_of_work() as session:
        task = create_task(session, ann, NewTask("Call", world.ann))
    gate = threading.Barrier(2)

    def record_changed(name: str, version: str) -> str:
        gate.wait()
        try:
            with world.store.database.unit_of_work() as session:
                edit_record(session, ann, carl, {"notes": name}, version=version)
                return name
        except Conflict:
            return ""

    def task_changed(name: str, version: str) -> str:
        gate.wait()
        try:
            with world.store.database.unit_of_work() as session:
                now = task_for_change(session, ann, task)
                change_task(
                    session, ann, task, TaskChange(name, "", world.ann, now.priority, None, ()), version=version
                )
                return name
        except Conflict:
            return ""

    with ThreadPoolExecutor(2) as pool:
        for number in range(6):
            with world.store.database.reading() as session:
                seen = version_of_record(session, ann, carl), task_of(session, ann, task).version
            names = [f"{number} {who}" for who in ("one", "other")]
            for change, version in zip((record_changed, task_changed), seen, strict=True):
                made = list(pool.map(change, names, [version] * 2))
                assert sorted(made)[0] == "", made
                assert sum(bool(one) for one in made) == 1
                with world.store.database.reading() as session:
                    stands = {values(world, carl)["notes"], task_of(session, ann, task).title}
                assert set(filter(None, made)) <= stands
