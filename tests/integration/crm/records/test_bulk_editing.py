"""Many records are changed and put back as one act, on both databases: once, also by two processes, and never over others."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from core.config import load_settings
from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.rights import FieldAccess
from crm.access.roles.keeping import create_role
from crm.access.viewer import Viewer
from crm.records.bulk import editing, repository, undoing
from crm.records.bulk.editing import ask_for_edit, edit_all
from crm.records.bulk.undoing import ask_for_undo, undo_all
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.records.fields.editing import current_values, edit_record
from crm.records.recycling import remove_for_ever
from crm.records.repository import fields as rows
from crm_world import NOW, World
from integration.crm.merging.same_people import merged, undone
from integration.crm.rights.house import WORKS
from lock_waits import until_somebody_waits
from recycling_world import delete
from storage import outbox
from storage.jobs import BY_NAME, EDIT_MANY, UNDO_EDIT_OF_MANY, Job, OfBulkEdit, enqueue
from storage.models import BulkEdit, BulkEditPart, Contact, Outbox, Queue, RecordChange, RecordType, Role, User
from storage.running import JobRun
from storage.store import Store
from workers.bindings import HANDLERS

PEOPLE = 25
SYSTEM = Viewer.system()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def ids(world: World) -> list[int]:
    with world.store.database.unit_of_work() as session:
        return [create_contact(session, f"Person {n}", tags=["old"] if n % 2 else []) for n in range(PEOPLE)]


def ann(world: World) -> Viewer:
    return Viewer(world.ann, Role.SELLER)


def ask(world: World, ids: list[int], wanted: dict[str, Any] | None = None, **more: Any) -> int:
    with world.store.database.unit_of_work() as session:
        return ask_for_edit(session, ann(world), RecordType.CONTACT, ids, wanted or {}, **more)


def undo(world: World, edit: int, viewer: Viewer | None = None) -> None:
    with world.store.database.unit_of_work() as session:
        ask_for_undo(session, viewer or ann(world), edit)


def values(world: World, ids: list[int], key: str, kind: RecordType = RecordType.CONTACT) -> list[Any]:
    with world.store.database.reading() as session:
        return [current_values(session, Viewer.system(), (kind, one))[key] for one in ids]


def state(world: World, edit: int) -> BulkEdit:
    [row] = [row for row in world.all(BulkEdit) if row.id == edit]
    return row


def test_all_are_changed_and_put_back(world: World, ids: list[int]) -> None:
    before = values(world, ids, "tags")
    edit = ask(world, ids, {"position": "Buyer", "responsible_id": world.ann}, add_tags=["new"], remove_tags=["old"])
    edit_all(world.store, edit)
    assert set(values(world, ids, "position")) == {"Buyer"}
    assert values(world, ids, "tags") == [["new"]] * PEOPLE
    done = state(world, edit)
    assert (done.done, done.changed, done.refused) == (PEOPLE, PEOPLE, [])

    undo(world, edit)
    undo_all(world.store, edit)
    assert set(values(world, ids, "position")) == {""}
    assert set(values(world, ids, "responsible_id")) == {None}
    assert values(world, ids, "tags") == before
    assert (state(world, edit).undone, state(world, edit).kept) == (PEOPLE, 0)
    with pytest.raises(Conflict, match="undone already"):
        undo(world, edit)


def test_what_somebody_changed_since_is_not_put_back(world: World, ids: list[int]) -> None:
    edit = ask(world, ids, {"position": "Buyer", "source": "fair"})
    edit_all(world.store, edit)
    with world.store.database.unit_of_work() as session:
        edit_record(session, ann(world), (RecordType.CONTACT, ids[3]), {"position": "Head"})
        rows.record_for_change(session, SYSTEM, (RecordType.CONTACT, ids[4])).deleted_at = NOW
    undo(world, edit)
    undo_all(world.store, edit)
    assert state(world, edit).kept == 3, "his position, and both fields of the one who is gone"
    alive = [one for one in ids if one != ids[4]]
    assert values(world, alive, "position") == ["", "", "", "Head", *[""] * (PEOPLE - 5)]
    assert set(values(world, alive, "source")) == {""}


def test_an_amount_and_its_currency_are_put_back_together_or_stay(world: World) -> None:
    """Given deals of which currencies or amounts were changed as one, then no amount gets another's currency."""
    made = {"amount": 120_050, "currency": "EUR", "source": "fair"}

    def deals(number: int) -> list[int]:
        with world.store.database.unit_of_work() as session:
            ids = [create_deal(session, f"Cups {n}") for n in range(number)]
            for one in ids:
                edit_record(session, SYSTEM, (RecordType.DEAL, one), made)
        return ids

    def after(ids: list[int], wanted: dict[str, Any], *since: dict[str, Any]) -> list[tuple[Any, ...]]:
        with world.store.database.unit_of_work() as session:
            edit = ask_for_edit(session, ann(world), RecordType.DEAL, ids, wanted)
        edit_all(world.store, edit)
        with world.store.database.unit_of_work() as session:
            for one, changed in zip(ids, since, strict=False):
                edit_record(session, SYSTEM, (RecordType.DEAL, one), changed)
        undo(world, edit)
        undo_all(world.store, edit)
        now = [values(world, ids, key, RecordType.DEAL) for key in ("amount", "currency", "source")]
        return [*zip(*now, strict=True), state(world, edit).kept]

    assert after(deals(3), {"currency": "JPY", "source": "web"}, {"amount": 900}, {"currency": "KRW"}) == [
        (900, "JPY", "fair"),
        (1201, "KRW", "fair"),
        (120_050, "EUR", "fair"),
        4,
    ]
    assert after(deals(2), {"amount": 5}, {"currency": "USD"}) == [(5, "USD", "fair"), (120_050, "EUR", "fair"), 1]
    assert after(deals(2), {"currency": "USD"}, {"amount": 5}) == [(5, "USD", "fair"), (120_050, "EUR", "fair"), 1]

    # One who may only read amounts, or does not see them, gets back what followed the currency, to the cent.
    for access in (FieldAccess.READ, FieldAccess.HIDDEN):
        with world.store.database.unit_of_work() as session:
            fields = {RecordType.DEAL: {"amount": access}}
            role = create_role(session, SYSTEM, access.value, replace(WORKS, fields=fields))
            session.execute(update(User).where(User.id == world.ann).values(role="own", role_id=role))
        assert after(deals(1), {"currency": "JPY"}) == [(120_050, "EUR", "fair"), 0]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
@pytest.mark.parametrize("undoing", [False, True])
def test_what_somebody_writes_in_that_very_moment_is_not_lost(world: World, ids: list[int], undoing: bool) -> None:
    edit = ask(world, ids, add_tags=["fair"])
    if undoing:
        edit_all(world.store, edit)
        undo(world, edit)
    record = (RecordType.CONTACT, ids[3])

    with ThreadPoolExecutor(1) as pool:
        with world.store.database.unit_of_work() as session:
            edit_record(session, ann(world), record, {"tags": ["old", "mine"]})
            job = pool.submit(undo_all if undoing else edit_all, world.store, edit)
            until_somebody_waits(world.store)
            assert not job.done()
        job.result(60)

    assert values(world, [ids[3]], "tags") == [["old", "mine"] if undoing else ["old", "mine", "fair"]]


def test_records_are_held_in_the_order_of_their_ids_however_they_were_ticked(world: World, ids: list[int]) -> None:
    """Merges and imports hold them so: whoever goes the other way waits for somebody who waits for them."""
    edit = ask(world, [*reversed(ids), ids[0]], {"position": "Buyer"})
    edit_all(world.store, edit)
    assert [row.record_id for row in world.all(RecordChange)] == ids


def test_records_removed_in_the_middle_of_an_undo_hide_no_others_from_it(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = ask(world, ids, {"position": "Buyer"})
    edit_all(world.store, edit)
    undo(world, edit)
    real, calls = undoing.put_back, iter(range(1000))

    def dies(*args: Any, **options: Any) -> Any:
        if next(calls) == 15:
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(undoing, "put_back", dies)
    with pytest.raises(KeyboardInterrupt):
        undo_all(world.store, edit)
    monkeypatch.setattr(undoing, "put_back", real)
    for one in ids[:6]:
        delete(world, (RecordType.CONTACT, one))
        remove_for_ever(world.store, SYSTEM, (RecordType.CONTACT, one))

    undo_all(world.store, edit)

    assert set(values(world, ids[6:], "position")) == {""}
    assert (state(world, edit).undone, state(world, edit).kept) == (PEOPLE, 0)


def test_an_undo_leaves_the_survivor_of_a_merge_what_another_one_had_before(world: World, ids: list[int]) -> None:
    """The other one's change stands in the survivor's history: it tells nothing of what the survivor had."""
    with world.store.database.unit_of_work() as session:
        edit_record(session, SYSTEM, (RecordType.CONTACT, ids[1]), {"position": "Seller"})
        edit_record(session, SYSTEM, (RecordType.CONTACT, ids[2]), {"position": "Buyer"})
    edit = ask(world, ids, {"position": "Buyer"})
    edit_all(world.store, edit)
    merge_id = merged(world, (RecordType.CONTACT, ids[2]), (RecordType.CONTACT, ids[1]))

    undo(world, edit)
    undo_all(world.store, edit)

    assert values(world, ids[2:4], "position") == ["Buyer", ""]
    assert state(world, edit).kept == 1
    undone(world, merge_id)
    assert values(world, ids[1:3], "position") == ["Buyer", "Buyer"]


def test_a_unit_reads_a_part_of_a_large_edit_and_all_parts_in_turn(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "IN_ONE_PART", 7)
    edit = ask(world, ids, {"position": "Buyer"})
    assert [len(row.record_ids) for row in world.all(BulkEditPart)] == [7, 7, 7, 4]
    edit_all(world.store, edit)
    assert set(values(world, ids, "position")) == {"Buyer"}
    assert (state(world, edit).done, state(world, edit).changed) == (PEOPLE, PEOPLE)


def test_one_that_can_not_be_changed_is_named_and_holds_nobody_up(world: World, ids: list[int]) -> None:
    with world.store.database.unit_of_work() as session:
        rows.record_for_change(session, SYSTEM, (RecordType.CONTACT, ids[2])).deleted_at = NOW
    edit = ask(world, [*ids, 404_404], {"position": "Buyer"})
    edit_all(world.store, edit)
    done = state(world, edit)
    assert done.changed == PEOPLE - 1
    assert [told["id"] for told in done.refused] == [ids[2], 404_404]
    assert "deleted" in done.refused[0]["why"]


def test_what_can_not_stand_there_any_more_keeps_no_other_field_from_being_put_back(
    world: World, ids: list[int]
) -> None:
    with world.store.database.unit_of_work() as session:
        edit_record(session, SYSTEM, (RecordType.CONTACT, ids[0]), {"responsible_id": world.bob})
    edit = ask(world, ids, {"position": "Buyer", "responsible_id": world.ann})
    edit_all(world.store, edit)
    with world.store.database.unit_of_work() as session:
        session.execute(update(User).where(User.id == world.bob).values(active=False))
    undo(world, edit)
    undo_all(world.store, edit)
    assert set(values(world, ids, "position")) == {""}
    assert values(world, ids, "responsible_id") == [world.ann] + [None] * (PEOPLE - 1)
    assert (state(world, edit).kept, state(world, edit).unfit) == (0, 1)


def test_who_is_refused_is_counted_also_beyond_those_that_are_named(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MOST_TOLD", 2)
    edit = ask(world, [*ids, 404_404, 404_405, 404_406], {"position": "Buyer"})
    edit_all(world.store, edit)
    done = state(world, edit)
    assert (done.changed, len(done.refused), done.refused_count) == (PEOPLE, 2, 3)


def test_one_that_fails_unexpectedly_is_named_and_holds_nobody_up(world: World, ids: list[int]) -> None:
    with world.store.database.unit_of_work() as session:
        session.execute(update(Contact).where(Contact.id == ids[3]).values(name="Odd", source="fair"))
        session.execute(text("CREATE UNIQUE INDEX odd_once ON contact (position) WHERE source = 'fair'"))
        create_contact(session, "Odd, too", source="fair", position="Buyer")
    edit = ask(world, ids, {"position": "Buyer"})
    edit_all(world.store, edit)
    done = state(world, edit)
    assert (done.done, done.changed) == (PEOPLE, PEOPLE - 1)
    assert done.refused == [{"id": ids[3], "why": editing.NOT_CHANGED}]

    with world.store.database.unit_of_work() as session:
        session.execute(update(Contact).where(Contact.id == ids[4]).values(source="fair", position="Head"))
    undo(world, edit)
    undo_all(world.store, edit)
    assert (state(world, edit).undone, values(world, ids[4:6], "position")) == (PEOPLE - 1, ["Head", ""])


def test_what_was_given_up_ends_and_can_be_undone_and_undone_further(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def given_up(job: Job[OfBulkEdit]) -> None:
        with world.store.database.unit_of_work() as session:
            enqueue(session, BY_NAME[job.given_up], OfBulkEdit(edit))
            left = outbox.take(session, max(job_id for job_id, _ in outbox.hand_out(session, [Queue.BULK], 64)))
        assert left is not None
        HANDLERS[left.job.name](JobRun(world.store, load_settings(data_dir=Path("unused")), left))

    def dies_after(module: Any, step: str, units: int) -> None:
        real, calls = getattr(module, step), iter(range(1000))

        def dies(*args: Any) -> bool:
            if next(calls) == units:
                raise KeyboardInterrupt
            return bool(real(*args))

        monkeypatch.setattr(module, step, dies)

    edit = ask(world, ids, {"position": "Buyer"})
    with pytest.raises(KeyboardInterrupt):
        dies_after(editing, "edit_some", 2)
        edit_all(world.store, edit)
    given_up(EDIT_MANY)
    assert "Change the rest again" in state(world, edit).stopped

    undo(world, edit)
    with pytest.raises(KeyboardInterrupt):
        dies_after(undoing, "_undo_some", 1)
        undo_all(world.store, edit)
    given_up(UNDO_EDIT_OF_MANY)
    assert "Undo it again" in state(world, edit).stopped
    assert values(world, ids, "position") == [""] * 10 + ["Buyer"] * 10 + [""] * 5

    asked = len(world.all(Outbox))
    undo(world, edit)
    undo_all(world.store, edit)
    assert len(world.all(Outbox)) == asked + 1
    assert set(values(world, ids, "position")) == {""}
    assert state(world, edit).stopped == ""


def test_two_processes_and_one_that_died_in_the_middle_change_each_once(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "AT_ONCE", 3)
    edit = ask(world, ids, {"position": "Buyer"})
    real, calls = editing.edit_record, iter(range(1000))

    def dies(*args: Any, **options: Any) -> Any:
        if next(calls) == 7:
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(editing, "edit_record", dies)
    with pytest.raises(KeyboardInterrupt):
        edit_all(world.store, edit)
    assert state(world, edit).done == 6
    monkeypatch.setattr(editing, "edit_record", real)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait(20)
        edit_all(world.store, edit)

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(work), pool.submit(work)]:
            future.result(60)
    assert state(world, edit).changed == PEOPLE
    assert sorted(row.record_id for row in world.all(RecordChange)) == sorted(ids)


@pytest.mark.parametrize(
    "wrong",
    [
        {"wanted": {}},
        {"wanted": {"position": 5}},
        {"wanted": {"colour": "x"}},
        {"wanted": {"emails": ["a@b.example"]}},
        {"wanted": {"name": ""}},
        {"wanted": {"position": "x"}, "ids": []},
        {"add_tags": [5]},
    ],
)
def test_wrong_wishes_are_refused_before_anything_is_done(world: World, ids: list[int], wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        ask(world, wrong.get("ids", ids), wrong.get("wanted"), add_tags=wrong.get("add_tags", ()))
    assert not world.all(BulkEdit)


def test_only_who_may_and_only_their_own(world: World, ids: list[int]) -> None:
    with pytest.raises(Forbidden), world.store.database.unit_of_work() as session:
        ask_for_edit(session, Viewer(world.ann, Role.GUEST), RecordType.CONTACT, ids, {"position": "x"})
    edit = ask(world, ids, {"position": "Buyer"})
    with pytest.raises(Conflict, match="goes on still"):
        undo(world, edit)
    bob = Viewer(world.bob, Role.SELLER)
    with pytest.raises(NotFound):
        undo(world, edit, bob)
    with world.store.database.reading() as session, pytest.raises(NotFound):
        repository.bulk_edit(session, bob, edit)

    with world.store.database.unit_of_work() as session:
        session.execute(update(User).where(User.id == world.ann).values(active=False))
    edit_all(world.store, edit)
    assert state(world, edit).changed == 0, "who asked may not any more"
    assert {row.position for row in world.all(Contact)} == {""}
