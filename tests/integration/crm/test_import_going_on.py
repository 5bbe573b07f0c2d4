"""An import that was stopped goes on behind its last row, on both databases."""

import pytest

import crm.records.importing.running as running
from core.errors import Conflict
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_to_go_on, ask_to_run, ask_to_undo
from crm.records.importing.views import UndoCounts
from crm_world import World
from imports import SYSTEM, contacts, stopped, tried, undone, uploaded
from storage.models import Audit, Contact, ImportState
from storage.store import Store


def test_a_stopped_run_goes_on_behind_its_last_row(store: Store) -> None:
    world = World(store)
    # given a run of people without address and phone, whom nobody would know again, that was stopped in the middle
    text = "Name,Position\n" + "".join(f"Ann {number},CEO\n" for number in range(90))
    run_id = uploaded(world, text)
    said = tried(world, run_id)
    with pytest.raises(Conflict, match="nothing to go on with"):
        gone_on(world, run_id)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    behind = running.Running(world.store, run_id, at_once=30)
    behind.step()
    stopped(world, run_id)
    # when it goes on: once, by a process that has not ended yet and by another
    gone_on(world, run_id)
    with pytest.raises(Conflict, match="at work"):
        gone_on(world, run_id)
    behind.at_once = 20
    behind.step()
    stopped(world, run_id)
    gone_on(world, run_id)
    done = run_all(world.store, run_id)
    # then each row counts once
    assert (done.state, done.counts, done.dealt_with) == (ImportState.DONE, said, 90)
    assert (done.stopped, done.unfinished) == ("", False)
    assert len(world.all(Contact)) == len(contacts(world)) == 90
    assert "import.go_on" in {row.action for row in world.all(Audit)}
    with pytest.raises(Conflict, match="nothing to go on with"):
        gone_on(world, run_id)
    # and what is being taken back goes on with nothing
    with world.store.database.unit_of_work() as session:
        ask_to_undo(session, SYSTEM, run_id)
    stopped(world, run_id)
    with pytest.raises(Conflict, match="nothing to go on with"):
        gone_on(world, run_id)
    assert undone(world, run_id).undo == UndoCounts(removed=90)


def gone_on(world: World, run_id: int) -> None:
    with world.store.database.unit_of_work() as session:
        ask_to_go_on(session, SYSTEM, run_id)
