"""Many records are deleted and moved as one act, on both databases: once, stopped and killed anywhere, and taken back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records import on_behalf, stage_lists
from crm.records.bulk import acts, editing, repository, undoing
from crm.records.bulk.acts import ask_for_deletion, ask_for_move
from crm.records.bulk.editing import ask_for_edit, edit_all
from crm.records.bulk.stopping import ask_to_stop
from crm.records.bulk.undoing import ask_for_undo, undo_all
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.records.leads import create_lead, put_aside
from crm.records.pipelines import ensure_defaults
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm_world import World
from recycling_world import delete, restore
from storage.models import BulkEdit, Contact, Deal, Lead, LeadState, RecordType, Role, StageKind
from storage.store import Store

SYSTEM = Viewer.system()
CLOSED = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def ann(world: World) -> Viewer:
    return Viewer(world.ann, Role.SELLER)


def deletion(world: World, kind: RecordType, ids: Sequence[int]) -> int:
    with world.store.database.unit_of_work() as session:
        return ask_for_deletion(session, ann(world), kind, ids)


def move(world: World, kind: RecordType, ids: Sequence[int], stage_id: int) -> int:
    with world.store.database.unit_of_work() as session:
        return ask_for_move(session, ann(world), kind, ids, stage_id)


def undo(world: World, act: int) -> None:
    with world.store.database.unit_of_work() as session:
        ask_for_undo(session, ann(world), act)


def stop(world: World, act: int, viewer: Viewer | None = None) -> None:
    with world.store.database.unit_of_work() as session:
        ask_to_stop(session, viewer or ann(world), act)


def state(world: World, act: int) -> BulkEdit:
    [row] = [row for row in world.all(BulkEdit) if row.id == act]
    return row


def there(world: World, table: type[Any]) -> list[int]:
    return sorted(row.id for row in world.all(table) if row.deleted_at is None)


def stages_of(world: World, table: type[Any]) -> dict[int, int]:
    return {row.id: row.stage_id for row in world.all(table)}


def dies_at(monkeypatch: pytest.MonkeyPatch, module: Any, step: str, call: int) -> None:
    real, calls = getattr(module, step), iter(range(1000))

    def dies(*args: Any) -> Any:
        if next(calls) == call:
            monkeypatch.setattr(module, step, real)
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(module, step, dies)


def test_many_are_deleted_once_and_restored_however_often_it_is_killed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "IN_ONE_PART", 12)
    monkeypatch.setattr(editing, "AT_ONCE", 5)
    monkeypatch.setattr(undoing, "AT_ONCE", 5)
    with world.store.database.unit_of_work() as session:
        ids = [create_contact(session, f"Person {n}") for n in range(30)]
    others = [one for one in there(world, Contact) if one not in ids]
    delete(world, (RecordType.CONTACT, ids[4]))

    act = deletion(world, RecordType.CONTACT, [*ids, 404_404])
    dies_at(monkeypatch, editing, "do_to", 15)
    with pytest.raises(KeyboardInterrupt):
        edit_all(world.store, act)
    assert there(world, Contact) == sorted([*others, *ids[12:]]), "whole units alone"
    edit_all(world.store, act)

    done = state(world, act)
    assert there(world, Contact) == others
    assert (done.done, done.changed, [one["id"] for one in done.refused]) == (31, 29, [ids[4], 404_404])

    restore(world, (RecordType.CONTACT, ids[7]))
    restore(world, (RecordType.CONTACT, ids[8]))
    delete(world, (RecordType.CONTACT, ids[8]))
    undo(world, act)
    dies_at(monkeypatch, undoing, "take_back", 12)
    with pytest.raises(KeyboardInterrupt):
        undo_all(world.store, act)
    undo_all(world.store, act)
    assert there(world, Contact) == sorted([*others, *(one for one in ids if one not in (ids[4], ids[8]))])
    assert (state(world, act).undone, state(world, act).kept) == (29, 2), "what was restored, or deleted anew, stays so"
    with pytest.raises(Conflict, match="undone already"):
        undo(world, act)


def test_what_is_stopped_ends_there_and_can_be_undone_and_so_can_its_undoing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.store.database.unit_of_work() as session:
        ids = [create_contact(session, f"Person {n}") for n in range(25)]
        edit = ask_for_edit(session, ann(world), RecordType.CONTACT, ids, {"responsible_id": world.bob})
    act = deletion(world, RecordType.CONTACT, ids)
    others = [one for one in there(world, Contact) if one not in ids]

    def runs(step: Any, units: int, number: int) -> None:
        with world.store.database.unit_of_work() as session:
            [step(session, number) for _ in range(units)]

    runs(editing.edit_some, 2, act)
    for stranger in (Viewer(world.bob, Role.SELLER), Viewer(world.bob, Role.GUEST)):
        with pytest.raises((NotFound, Forbidden)):
            stop(world, act, stranger)
    stop(world, act)
    edit_all(world.store, act)
    assert there(world, Contact) == sorted([*others, *ids[20:]])
    assert (state(world, act).changed, "stopped" in state(world, act).stopped) == (20, True)
    with pytest.raises(Conflict, match="ended already"):
        stop(world, act)

    undo(world, act)
    runs(undoing._undo_some, 1, act)
    stop(world, act)
    undo_all(world.store, act)
    assert there(world, Contact) == sorted([*others, *ids[:10], *ids[20:]])
    assert "Undo it again" in state(world, act).stopped
    undo(world, act)
    undo_all(world.store, act)
    assert there(world, Contact) == sorted([*others, *ids])
    assert (state(world, act).stopped, state(world, act).undone) == ("", 20)

    runs(editing.edit_some, 1, edit)
    stop(world, edit)
    edit_all(world.store, edit)
    assert sum(row.responsible_id == world.bob for row in world.all(Contact)) == 10
    undo(world, edit)
    undo_all(world.store, edit)
    assert not any(row.responsible_id == world.bob for row in world.all(Contact))


def test_deals_go_to_a_stage_that_requires_nothing_of_them_and_back_to_where_each_was(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        ensure_defaults(session)
        stages = reading.pipelines(session, SYSTEM)[0].stages
        open_, other, won = stages[0].id, stages[1].id, next(one.id for one in stages if one.kind == "won")
        ids = [create_deal(session, f"Deal {n}", stage_id=(open_, other, won)[n % 3], amount=n) for n in range(12)]
        session.execute(update(Deal).where(Deal.stage_id == won).values(closed_at=CLOSED))
        admin = Viewer(world.ann, Role.ADMINISTRATOR)
        target = stage_lists.add_stage(session, admin, stages[0].pipeline_id, "Signed", StageKind.OPEN)
        stage_lists.change_deal_stage(session, admin, target, name="Signed", probability=None, required=["amount"])
    before = stages_of(world, Deal)

    act = move(world, RecordType.DEAL, [*ids, 404_404], target)
    edit_all(world.store, act)

    done = state(world, act)
    assert stages_of(world, Deal) == {**before, **dict.fromkeys(ids[1:], target)}
    assert [one["id"] for one in done.refused] == [ids[0], 404_404]
    assert "“Signed” needs Amount" in done.refused[0]["why"]
    again = move(world, RecordType.DEAL, ids[1:], target)
    edit_all(world.store, again)
    assert (state(world, again).changed, state(world, again).refused_count) == (0, 0)

    with world.store.database.unit_of_work() as session:
        on_behalf.move_deal(session, SYSTEM, ids[2], open_)
    delete(world, (RecordType.DEAL, ids[3]))
    undo(world, act)
    undo_all(world.store, act)
    assert stages_of(world, Deal) == {**before, ids[2]: open_, ids[3]: target}
    assert state(world, act).kept == 2
    closed = {row.id: row.closed_at for row in world.all(Deal)}
    assert [closed[one] for one in (ids[5], ids[8], ids[1])] == [CLOSED, CLOSED, None]


def test_leads_go_to_stages_of_active_ones_and_back(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        ids = [create_lead(session, f"Lead {n}") for n in range(4)]
        put_aside(session, ids[3])
        stages = lead_stages(session, SYSTEM)
        admin = Viewer(world.ann, Role.ADMINISTRATOR)
        target = stage_lists.add_stage(session, admin, None, "Called", LeadState.ACTIVE)
    before = stages_of(world, Lead)

    act = move(world, RecordType.LEAD, ids, target)
    edit_all(world.store, act)
    assert set(stages_of(world, Lead).values()) == {target}
    assert {row.state for row in world.all(Lead)} == {LeadState.ACTIVE}
    undo(world, act)
    undo_all(world.store, act)
    assert stages_of(world, Lead) == before

    for kind, stage_id, error in (
        (RecordType.LEAD, next(one.id for one in stages if one.kind is LeadState.CONVERTED), UsageError),
        (RecordType.LEAD, next(one.id for one in stages if one.kind is LeadState.JUNK), UsageError),
        (RecordType.LEAD, 404_404, NotFound),
        (RecordType.DEAL, 404_404, NotFound),
        (RecordType.CONTACT, target, UsageError),
    ):
        with pytest.raises(error):
            move(world, kind, ids, stage_id)
    with pytest.raises(UsageError, match="Tick the records"):
        move(world, RecordType.LEAD, [], target)
    with pytest.raises(UsageError), world.store.database.unit_of_work() as session:
        ask_for_deletion(session, ann(world), RecordType.LEAD, range(acts.MOST_RECORDS + 1))
    with pytest.raises(Forbidden), world.store.database.unit_of_work() as session:
        ask_for_deletion(session, Viewer(world.ann, Role.GUEST), RecordType.LEAD, ids)
    assert len(world.all(BulkEdit)) == 1
