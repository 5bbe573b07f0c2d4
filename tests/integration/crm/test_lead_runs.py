"""Many leads converted or called junk by a person, on both databases: some at a time, killed and gone on with, taken back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.repository import update_person
from crm.access.viewer import Viewer
from crm.records import lead_runs, stage_lists
from crm.records.conversions import convert_lead
from crm.records.lead_moves import move_lead
from crm.records.leads import create_lead
from crm.records.modes import Client, CrmMode, Mode
from crm.records.repository import lead_runs as rows
from crm.records.repository.lead_runs import Choices
from crm.records.repository.lead_stages import lead_stages
from crm_world import World, mail
from storage import jobs
from storage.models import Activity, ActivityKind, Contact, Deal, Lead, LeadAct, LeadRun, Outbox, Role
from storage.store import Store

SYSTEM = Viewer.system()


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.mode(CrmMode(Mode.CLASSIC))
    return world


@pytest.fixture
def bob(world: World) -> Viewer:
    return Viewer(world.bob, Role.SELLER)


def change(world: World, act: Callable[..., Any], *args: Any, **options: Any) -> Any:
    with world.store.database.unit_of_work() as session:
        return act(session, *args, **options)


def states(world: World) -> list[str]:
    return [lead.state.value for lead in world.all(Lead)]


def run_of(world: World, number: int, viewer: Viewer = SYSTEM) -> rows.Run:
    with world.store.database.reading() as session:
        return rows.run(session, viewer, number)


def test_chosen_leads_are_converted_and_who_can_not_be_is_named(world: World, bob: Viewer) -> None:
    leads = [change(world, create_lead, f"Lead {n}", emails=[f"p{n}@client{n}.example"]) for n in range(25)]
    chosen = [leads[n] for n in (3, 1, 1, 20, 7, 8, 9, 10, 11, 12, 13, 14, 15)]
    change(world, convert_lead, leads[7])
    number = change(world, lead_runs.begin, bob, LeadAct.CONVERT, chosen, Choices(Client.BOTH))
    assert jobs.CONVERT_LEADS.name in {row.job for row in world.all(Outbox)}

    first = lead_runs.do_some(world.store, number)
    assert first is not None
    assert (first.done, first.ended_at, first.total) == (lead_runs.AT_ONCE - 1, None, 12)
    done = lead_runs.go_on(world.store, number)  # As the daemon does that finds it after a kill.
    again = lead_runs.go_on(world.store, number)

    assert done == again
    assert done is not None
    assert (done.done, [(each.id, each.why) for each in done.left]) == (
        11,
        [(leads[7], "Only an active lead can be converted.")],
    )
    assert len(world.all(Deal)) == len(world.all(Contact)) == 12
    assert states(world).count("active") == 25 - 12
    told = select(Activity).where(Activity.kind == ActivityKind.STAGE_CHANGE, Activity.author_id == world.bob)
    assert len(world.rows(told)) == 11, "each says who did it"


def test_junk_is_taken_back_as_it_was(world: World, bob: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_runs, "AT_ONCE", 2)
    mails = [world.deliver(mail(f"p{n}@seller{n}.example", world.sales.email, message_id=f"a{n}")) for n in range(5)]
    leads = world.all(Lead)
    with world.store.database.reading() as session:
        there = {stage.name: stage.id for stage in lead_stages(session, SYSTEM)}
    change(world, move_lead, leads[1].id, there["Qualified"])
    change(world, move_lead, leads[2].id, there["In contact"])
    change(world, lambda session: finish(session, world, mails[0]))

    number = change(world, lead_runs.begin, bob, LeadAct.JUNK, [lead.id for lead in leads])
    with pytest.raises(Conflict):
        change(world, lead_runs.undo, bob, number)
    assert lead_runs.go_on(world.store, number) is not None
    assert states(world) == ["junk"] * 5
    assert all(activity_of(world, each).completed_at for each in mails)
    stage_lists.remove_stage(world.store, SYSTEM, there["In contact"], of_leads=True)
    change(world, lead_runs.take_up, leads[4].id)

    back = change(world, lead_runs.undo, bob, number)
    undone = lead_runs.go_on(world.store, back)

    assert undone is not None
    assert (undone.done, [each.id for each in undone.left]) == (4, [leads[4].id])
    assert [lead.stage_id for lead in world.all(Lead)] == [
        there[name] for name in ("New", "Qualified", "New", "New", "New")
    ]
    waiting = [activity_of(world, each).completed_at is None for each in mails]
    assert waiting == [False, True, True, True, False], "what was done before stays done"
    with pytest.raises(Conflict, match="taken back"):
        change(world, lead_runs.undo, bob, number)
    assert not run_of(world, number).can_be_undone


def finish(session: Any, world: World, message_id: int) -> None:
    activity = session.get(Activity, activity_of(world, message_id).id)
    activity.completed_at = activity.created_at


def activity_of(world: World, message_id: int) -> Activity:
    found = world.activity(message_id)
    assert found is not None
    return found


def test_processes_that_go_on_with_one_run_do_each_lead_once(world: World, bob: Viewer) -> None:
    leads = [change(world, create_lead, f"Lead {n}", emails=[f"p{n}@client{n}.example"]) for n in range(60)]
    number = change(world, lead_runs.begin, bob, LeadAct.CONVERT, leads)
    with ThreadPoolExecutor(3) as pool:
        ends = [each.result(60) for each in [pool.submit(lead_runs.go_on, world.store, number) for _ in range(3)]]
    assert {end.done for end in ends if end is not None} == {60}
    assert len(world.all(Deal)) == len(world.all(Contact)) == 60


def test_what_can_not_be_asked_is_said(world: World, bob: Viewer) -> None:
    lead = change(world, create_lead, "Lead")
    wrong: list[tuple[LeadAct, list[int], Choices, str]] = [
        (LeadAct.JUNK, [], Choices(), "one lead at least"),
        (LeadAct.JUNK, list(range(1, 1002)), Choices(), "at most 1000"),
        (LeadAct.CHANGE_MODE, [lead], Choices(), "changing the mode"),
        (LeadAct.CONVERT, [lead], Choices(None, deal=False), "Choose what"),
        (LeadAct.CONVERT, [lead], Choices(pipeline_id=404), "no such pipeline"),
    ]
    for act, ids, choices, words in wrong:
        with pytest.raises(UsageError, match=words):
            change(world, lead_runs.begin, bob, act, ids, choices)
    with pytest.raises(Forbidden):
        change(world, lead_runs.begin, Viewer(world.ann, Role.GUEST), LeadAct.JUNK, [lead])
    assert world.all(LeadRun) == []

    number = change(world, lead_runs.begin, bob, LeadAct.JUNK, [lead, 404])
    done = lead_runs.go_on(world.store, number)
    assert done is not None
    assert [each.id for each in done.left] == [404]
    with pytest.raises(NotFound):
        run_of(world, number, Viewer(world.ann, Role.MANAGER))
    with pytest.raises(NotFound):
        change(world, lead_runs.undo, Viewer(world.ann, Role.SELLER), number)
    assert run_of(world, number, Viewer(world.ann, Role.ADMINISTRATOR)).done == 1


def test_a_run_ends_with_the_rights_of_whoever_asked(world: World, bob: Viewer) -> None:
    leads = [change(world, create_lead, f"Lead {n}") for n in range(lead_runs.AT_ONCE + 2)]
    number = change(world, lead_runs.begin, bob, LeadAct.JUNK, leads)
    lead_runs.do_some(world.store, number)
    change(world, update_person, world.bob, active=False)
    done = lead_runs.go_on(world.store, number)
    assert done is not None
    assert (done.done, [each.why for each in done.left]) == (lead_runs.AT_ONCE, [lead_runs.NO_RIGHTS] * 2)
