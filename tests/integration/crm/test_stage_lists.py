"""The stages of leads and deals as an administrator edits them, and what stands in them, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from core.errors import Conflict, Forbidden, MailsyncError, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records import pipelines, stage_lists
from crm.records.deals import create_deal
from crm.records.lead_moves import move_lead
from crm.records.leads import create_lead
from crm.records.modes import Client
from crm.records.pipelines import ensure_defaults
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.stage_lists import Way
from crm.records.views import Arrival
from crm_world import World
from storage.models import Deal, LeadState, Role, StageKind
from storage.store import Store

SYSTEM = Viewer.system()


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    change(world, ensure_defaults)
    return world


def change(world: World, act: Callable[..., Any], *args: Any, **options: Any) -> Any:
    with world.store.database.unit_of_work() as session:
        return act(session, *args, **options)


def names(world: World, pipeline: int | None = None) -> list[str]:
    with world.store.database.reading() as session:
        stages: list[Any] = [*lead_stages(session, SYSTEM)]
        if pipeline is not None:
            stages = [*next(each for each in reading.pipelines(session, SYSTEM) if each.id == pipeline).stages]
    return [stage.name for stage in stages]


def stage(world: World, name: str, pipeline: int | None = None) -> int:
    with world.store.database.reading() as session:
        stages: list[Any] = [*lead_stages(session, SYSTEM)]
        if pipeline is not None:
            stages = [*next(each for each in reading.pipelines(session, SYSTEM) if each.id == pipeline).stages]
    return next(each.id for each in stages if each.name == name)


def first_pipeline(world: World) -> int:
    with world.store.database.reading() as session:
        return reading.pipelines(session, SYSTEM)[0].id


def test_a_list_grows_is_renamed_and_ordered_with_its_ends_behind(world: World) -> None:
    sales = first_pipeline(world)
    for of in (None, sales):
        open_kind = LeadState.ACTIVE if of is None else StageKind.OPEN
        end = LeadState.JUNK if of is None else StageKind.LOST
        before = names(world, of)
        change(world, stage_lists.add_stage, SYSTEM, of, "  Called  twice ", open_kind)
        change(world, stage_lists.add_stage, SYSTEM, of, "Went elsewhere", end)
        count = len([name for name in before if name not in ("Converted", "Junk", "Won", "Lost")])
        assert names(world, of) == [*before[:count], "Called twice", *before[count:], "Went elsewhere"]

        called = stage(world, "Called twice", of)
        change(world, stage_lists.move_stage, SYSTEM, called, Way.DOWN, of_leads=of is None)
        assert names(world, of)[count] == "Called twice", "no open stage goes behind the ends"
        for _ in range(9):
            change(world, stage_lists.move_stage, SYSTEM, called, Way.UP, of_leads=of is None)
        assert names(world, of)[:2] == ["Called twice", before[0]]
    change(world, stage_lists.change_deal_stage, SYSTEM, stage(world, "New", sales), name="Fresh", probability=20)
    change(world, stage_lists.change_lead_stage, SYSTEM, stage(world, "New"), name="Fresh", arrival=None)
    assert names(world)[1] == names(world, sales)[1] == "Fresh"


def test_a_stage_goes_with_the_stage_that_takes_what_stood_in_it(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(stage_lists, "AT_ONCE", 2)
    sales = first_pipeline(world)
    leads = [change(world, create_lead, f"Lead {n}") for n in range(5)]
    new, contact, junk = stage(world, "New"), stage(world, "In contact"), stage(world, "Junk")

    with pytest.raises(Conflict, match=r"“New” is not empty \(5\)"):
        stage_lists.remove_stage(world.store, SYSTEM, new, of_leads=True)
    for wrong in (new, junk, stage(world, "Won", sales) + 900):
        with pytest.raises(UsageError, match="same kind"):
            stage_lists.remove_stage(world.store, SYSTEM, new, of_leads=True, move_to=wrong)
    stage_lists.remove_stage(world.store, SYSTEM, new, of_leads=True, move_to=contact)

    assert names(world) == ["In contact", "Qualified", "Converted", "Junk"]
    with world.store.database.reading() as session:
        assert {reading.lead(session, SYSTEM, each).stage.id for each in leads} == {contact}
    for needed in ("Converted", "Junk"):
        with pytest.raises(Conflict, match="last stage of its kind"):
            stage_lists.remove_stage(world.store, SYSTEM, stage(world, needed), of_leads=True)

    for empty in ("Qualified", "Proposal", "Negotiation", "Won", "Lost"):
        stage_lists.remove_stage(world.store, SYSTEM, stage(world, empty, sales), of_leads=False)
    with pytest.raises(Conflict, match="last stage of its kind"):
        stage_lists.remove_stage(world.store, SYSTEM, stage(world, "New", sales), of_leads=False)
    with pytest.raises(NotFound):
        stage_lists.remove_stage(world.store, SYSTEM, 404, of_leads=True)


def test_a_pipeline_goes_with_the_one_that_takes_its_deals(world: World) -> None:
    sales = first_pipeline(world)
    with pytest.raises(Conflict, match="only pipeline"):
        pipelines.remove_pipeline(world.store, SYSTEM, sales)
    change(world, pipelines.create_pipeline, SYSTEM, "Wholesale")
    with world.store.database.reading() as session:
        wholesale = reading.pipelines(session, SYSTEM)[1].id
    won = change(world, create_deal, "Chairs", stage_id=stage(world, "Won", wholesale))
    opened = change(world, create_deal, "Tables", stage_id=stage(world, "Proposal", wholesale))
    change(
        world,
        stage_lists.change_lead_stage,
        SYSTEM,
        stage(world, "Converted"),
        name="Converted",
        arrival=Arrival(pipeline_id=wholesale),
    )
    with pytest.raises(Conflict, match="moved to “Converted”"):
        pipelines.remove_pipeline(world.store, SYSTEM, wholesale, move_to=sales)
    change(world, stage_lists.change_lead_stage, SYSTEM, stage(world, "Converted"), name="Converted", arrival=None)
    with pytest.raises(Conflict, match="which pipeline takes them"):
        pipelines.remove_pipeline(world.store, SYSTEM, wholesale)
    stage_lists.remove_stage(world.store, SYSTEM, stage(world, "Won", sales), of_leads=False)
    with pytest.raises(Conflict, match="no stage for won deals"):
        pipelines.remove_pipeline(world.store, SYSTEM, wholesale, move_to=sales)
    assert [deal.pipeline_id for deal in world.all(Deal)] == [wholesale] * 2, "nothing was half done"

    change(world, stage_lists.add_stage, SYSTEM, sales, "Sold", StageKind.WON)
    change(world, pipelines.move_pipeline, SYSTEM, wholesale, Way.UP)
    assert change(world, ensure_defaults).pipeline_id == wholesale, "new deals begin in the first one"
    pipelines.remove_pipeline(world.store, SYSTEM, wholesale, move_to=sales)

    stood = {deal.id: (deal.pipeline_id, deal.stage_id) for deal in world.all(Deal)}
    assert stood == {won: (sales, stage(world, "Sold", sales)), opened: (sales, stage(world, "New", sales))}


WRONG: dict[str, Callable[[World], Any]] = {
    "no name": lambda world: change(world, stage_lists.add_stage, SYSTEM, None, " \n ", LeadState.ACTIVE),
    "a name too long": lambda world: change(world, stage_lists.add_stage, SYSTEM, None, "x" * 61, LeadState.ACTIVE),
    "a name that is taken": lambda world: change(world, stage_lists.add_stage, SYSTEM, None, "JUNK", LeadState.JUNK),
    "no such pipeline": lambda world: change(world, stage_lists.add_stage, SYSTEM, 404, "More", StageKind.OPEN),
    "a pipeline's name that is taken": lambda world: change(world, pipelines.create_pipeline, SYSTEM, "sales"),
    "a probability over all": lambda world: change(
        world,
        stage_lists.change_deal_stage,
        SYSTEM,
        stage(world, "New", first_pipeline(world)),
        name="New",
        probability=101,
    ),
    "an active stage that converts": lambda world: change(
        world, stage_lists.change_lead_stage, SYSTEM, stage(world, "New"), name="New", arrival=Arrival()
    ),
    "a conversion into nothing": lambda world: change(
        world,
        stage_lists.change_lead_stage,
        SYSTEM,
        stage(world, "Converted"),
        name="Converted",
        arrival=Arrival(None, deal=False),
    ),
    "a conversion into no pipeline": lambda world: change(
        world,
        stage_lists.change_lead_stage,
        SYSTEM,
        stage(world, "Converted"),
        name="Converted",
        arrival=Arrival(Client.BOTH, pipeline_id=404),
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_can_not_be_is_said_and_changes_nothing(world: World, what: str) -> None:
    before = names(world), names(world, first_pipeline(world))
    with pytest.raises((UsageError, NotFound)):
        WRONG[what](world)
    assert (names(world), names(world, first_pipeline(world))) == before


def test_only_administrators_may(world: World) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        viewer = Viewer(world.ann, role)
        with pytest.raises(Forbidden):
            change(world, stage_lists.add_stage, viewer, None, "Mine", LeadState.ACTIVE)
        with pytest.raises(Forbidden):
            stage_lists.remove_stage(world.store, viewer, stage(world, "New"), of_leads=True)
        with pytest.raises(Forbidden):
            change(world, pipelines.create_pipeline, viewer, "Mine")


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_whoever_moves_a_lead_into_a_stage_that_is_deleted_is_told(world: World) -> None:
    """However the two meet, the lead stands in a stage that is there, and nobody waits for the other for ever."""
    for number in range(12):
        doomed = change(world, stage_lists.add_stage, SYSTEM, None, f"Doomed {number}", LeadState.ACTIVE)
        new = stage(world, "New")
        lead, other = change(world, create_lead, f"Lead {number}"), change(world, create_lead, f"Other {number}")
        change(world, move_lead, other, doomed)
        barrier = Barrier(2)

        def attempt(act: Callable[[], Any], barrier: Barrier = barrier) -> str:
            barrier.wait(10)
            try:
                act()
            except MailsyncError as error:
                return type(error).__name__
            return "done"

        with ThreadPoolExecutor(2) as pool:
            moved = pool.submit(attempt, lambda lead=lead, doomed=doomed: change(world, move_lead, lead, doomed))
            gone = pool.submit(
                attempt,
                lambda doomed=doomed, new=new: stage_lists.remove_stage(
                    world.store, SYSTEM, doomed, of_leads=True, move_to=new
                ),
            )
            assert gone.result(20) == "done"
            assert moved.result(20) in ("done", "NotFound")
        with world.store.database.reading() as session:
            assert {reading.lead(session, SYSTEM, each).stage.name for each in (lead, other)} == {"New"}
