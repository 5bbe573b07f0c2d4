"""Pipelines of deals: the one that every installation begins with, and what is made of them in Settings."""

from core.errors import Conflict, UsageError
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.repository import stage_lists, writing
from crm.records.stage_lists import AT_ONCE, NO_RIGHT, Way, free_name
from storage.models import Stage, StageKind
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

DEFAULT_NAME = "Sales"
DEFAULT_STAGES = [
    ("New", StageKind.OPEN),
    ("Qualified", StageKind.OPEN),
    ("Proposal", StageKind.OPEN),
    ("Negotiation", StageKind.OPEN),
    ("Won", StageKind.WON),
    ("Lost", StageKind.LOST),
]
MOST_PIPELINES = 40


def ensure_defaults(session: WriteSession) -> Stage:
    """The stage in which new deals begin; makes the default pipeline where there is none. Again changes nothing."""
    stage = writing.first_open_stage(session, held=True)
    if stage is None:
        writing.add_pipeline(session, DEFAULT_NAME, DEFAULT_STAGES)
        stage = writing.first_open_stage(session, held=True)
    if stage is None:
        raise AssertionError("The default pipeline has an open stage.")
    return stage


def create_pipeline(session: WriteSession, viewer: Viewer, name: str) -> int:
    """A new pipeline behind the others, with the usual stages; its id. Raises `UsageError` for a name that is taken."""
    viewer.require_settings(NO_RIGHT)
    pipelines = stage_lists.held_pipelines(session)
    if len(pipelines) >= MOST_PIPELINES:
        raise UsageError(f"There are {MOST_PIPELINES} pipelines already: delete one that nobody uses.")
    name = free_name(pipelines, name)
    pipeline_id = writing.add_pipeline(session, name, DEFAULT_STAGES)
    if pipeline_id is None:
        raise Conflict("Somebody has just added a pipeline of this name: load the page again.")
    record_act(session, viewer, "pipeline.add", pipeline_id=pipeline_id)
    return pipeline_id


def rename_pipeline(session: WriteSession, viewer: Viewer, pipeline_id: int, name: str) -> None:
    """Call a pipeline otherwise. Raises `NotFound`, `UsageError`."""
    viewer.require_settings(NO_RIGHT)
    pipelines = stage_lists.held_pipelines(session)
    pipeline = stage_lists.held_pipeline(session, pipeline_id)
    pipeline.name = free_name(pipelines, name, pipeline)
    record_act(session, viewer, "pipeline.rename", pipeline_id=pipeline_id)


def move_pipeline(session: WriteSession, viewer: Viewer, pipeline_id: int, way: Way) -> None:
    """Change places with the next pipeline that way; new deals begin in the first one."""
    viewer.require_settings(NO_RIGHT)
    pipelines = stage_lists.held_pipelines(session)
    here = pipelines.index(stage_lists.held_pipeline(session, pipeline_id))
    there = here + (1 if way is Way.DOWN else -1)
    if 0 <= there < len(pipelines):
        pipelines[here], pipelines[there] = pipelines[there], pipelines[here]
        stage_lists.put_in_order(session, pipelines)


def remove_pipeline(store: Store, viewer: Viewer, pipeline_id: int, *, move_to: int | None = None) -> None:
    """Delete a pipeline; deals in it go to the first stage of the same kind of the pipeline `move_to`.

    Raises `Conflict` for the last one, for one with deals when nothing is said to take them or has no stage of their kind, and
    for one in which a stage of leads makes deals.
    """
    viewer.require_settings(NO_RIGHT)
    more = True
    while more:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            more = _remove(session, viewer, pipeline_id, move_to)


def _remove(session: WriteSession, viewer: Viewer, pipeline_id: int, move_to: int | None) -> bool:
    """Move some deals, or delete the pipeline with the last of them; whether more are left."""
    pipelines = stage_lists.held_pipelines(session)
    pipeline = stage_lists.held_pipeline(session, pipeline_id)
    if len(pipelines) == 1:
        raise Conflict("This is the only pipeline: deals need one.")
    if arrivals := stage_lists.arrivals_in(session, pipeline_id):
        raise Conflict(
            f"Leads that are moved to “{arrivals[0]}” become deals of this pipeline: choose another one there first."
        )
    if move_to == pipeline_id:
        raise UsageError("Deals go to another pipeline: choose one.")
    theirs = stage_lists.held_deal_stages(session, move_to) if move_to is not None else []
    stages = stage_lists.held_deal_stages(session, pipeline_id, to_delete=True)
    for stage, target in [(stage, _target(session, stage, theirs, move_to)) for stage in stages]:
        if target is not None and stage_lists.move_some(session, stage, target, AT_ONCE) == AT_ONCE:
            return True
    for stage in stages:
        stage_lists.delete(session, stage)
    stage_lists.delete(session, pipeline)
    record_act(session, viewer, "pipeline.remove", pipeline_id=pipeline_id, moved_to=move_to)
    return False


def _target(session: WriteSession, stage: Stage, theirs: list[Stage], move_to: int | None) -> Stage | None:
    """The stage that takes the deals of this one; None where there are none."""
    number = stage_lists.count_in(session, stage)
    if not number:
        return None
    if move_to is None:
        raise Conflict(f"There are deals in “{stage.name}” ({number}): say which pipeline takes them.")
    target = next((each for each in theirs if each.kind is stage.kind), None)
    if target is None:
        raise Conflict(
            f"The chosen pipeline has no stage for {stage.kind.value} deals: choose another, or add one there."
        )
    return target
