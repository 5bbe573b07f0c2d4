"""The stages that leads and deals go through, as whose role changes settings edits them.

A list holds open (or active) stages first, then its ends. A pipeline keeps an open stage, leads keep a stage of each kind. A
stage is deleted when nothing stands in it, or with the stage of the same kind that takes what does: nothing is won, lost,
converted or thrown away by editing a list, and timelines tell nothing of it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from enum import Enum, StrEnum
from typing import TypeVar

from core.errors import Conflict, NotFound, UsageError
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.arrivals import checked
from crm.records.repository import stage_lists
from crm.records.repository.stage_lists import GONE, AnyStage
from crm.records.required_fields import known_keys
from crm.records.views import Arrival
from storage.models import LeadStage, LeadState, Pipeline, RecordType, Stage, StageKind
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

NO_RIGHT = "Your role does not let you change pipelines and stages: ask an administrator."
LONGEST_NAME, MOST_STAGES = 60, 40
AT_ONCE = 1000
"""Leads or deals moved in one unit of work, when their stage is deleted."""
S = TypeVar("S", Stage, LeadStage, AnyStage)


class AsBefore(Enum):
    """What a stage says of leads that arrive stays."""

    AS_BEFORE = "as before"


AS_BEFORE = AsBefore.AS_BEFORE


class Way(StrEnum):
    """Where something in a list moves to."""

    UP = "up"
    DOWN = "down"


def add_stage(
    session: WriteSession, viewer: Viewer, pipeline_id: int | None, name: str, kind: StageKind | LeadState
) -> int:
    """A new stage behind those of its kind, in a pipeline (None: for leads); its id. Raises `UsageError`, `Conflict`."""
    viewer.require_settings(NO_RIGHT)
    stages = stage_lists.held_stages(session, pipeline_id)
    if len(stages) >= MOST_STAGES:
        raise UsageError(f"There are {MOST_STAGES} stages already: nobody finds the way through more.")
    name = free_name(stages, name)
    stage: AnyStage
    if pipeline_id is not None:
        stage = Stage(pipeline_id=pipeline_id, name=name, position=len(stages), kind=StageKind(kind))
    else:
        stage = LeadStage(name=name, position=len(stages), kind=LeadState(kind))
    stage_id = stage_lists.add(session, stage)
    place = len([each for each in stages if _is_end(each) <= _is_end(stage)])
    stage_lists.put_in_order(session, [*stages[:place], stage, *stages[place:]])
    record_act(session, viewer, "stage.add", stage_id=stage_id, of="leads" if pipeline_id is None else "deals")
    return stage_id


def change_deal_stage(
    session: WriteSession,
    viewer: Viewer,
    stage_id: int,
    *,
    name: str,
    probability: int | None,
    required: Sequence[str] | None = None,
) -> None:
    """Call a stage of deals otherwise, say how many of a hundred deals in it are won (None: nobody knows), and by key which
    fields it requires (None: as before)."""
    viewer.require_settings(NO_RIGHT)
    if probability is not None and not 0 <= probability <= 100:
        raise UsageError("A probability is a number from 0 to 100, or empty.")
    stages = stage_lists.held_deal_stages(session, stage_lists.pipeline_of(session, stage_id))
    stage = _stage(stages, stage_id)
    stage.name, stage.probability = free_name(stages, name, stage), probability
    if required is not None:
        stage.required = known_keys(session, RecordType.DEAL, required)
    record_act(session, viewer, "stage.change", stage_id=stage_id, of="deals")


def change_lead_stage(
    session: WriteSession,
    viewer: Viewer,
    stage_id: int,
    *,
    name: str | None = None,
    arrival: Arrival | AsBefore | None = AS_BEFORE,
    required: Sequence[str] | None = None,
) -> None:
    """Call a stage of leads otherwise (None: as before); one for converted leads may convert what arrives, or else asks (None).
    `required` are the fields that it requires, by key (None: as before)."""
    viewer.require_settings(NO_RIGHT)
    stages = stage_lists.held_lead_stages(session)
    stage = _stage(stages, stage_id)
    if name is not None:
        stage.name = free_name(stages, name, stage)
    if not isinstance(arrival, AsBefore):
        if arrival is not None and stage.kind is not LeadState.CONVERTED:
            raise UsageError("Only a stage for converted leads can convert what is moved there.")
        stage.on_arrival = asdict(checked(session, arrival)) if arrival else None
    if required is not None:
        stage.required = known_keys(session, RecordType.LEAD, required)
    record_act(session, viewer, "stage.change", stage_id=stage_id, of="leads", converts=stage.on_arrival is not None)


def move_stage(session: WriteSession, viewer: Viewer, stage_id: int, way: Way, *, of_leads: bool) -> None:
    """Change places with the next stage that way, as long as both are ends or none is."""
    viewer.require_settings(NO_RIGHT)
    pipeline_id = None if of_leads else stage_lists.pipeline_of(session, stage_id)
    stages = stage_lists.held_stages(session, pipeline_id)
    here = stages.index(_stage(stages, stage_id))
    there = here + (1 if way is Way.DOWN else -1)
    if 0 <= there < len(stages) and _is_end(stages[here]) == _is_end(stages[there]):
        stages[here], stages[there] = stages[there], stages[here]
        stage_lists.put_in_order(session, stages)


def remove_stage(store: Store, viewer: Viewer, stage_id: int, *, of_leads: bool, move_to: int | None = None) -> None:
    """Delete a stage; what stands in it goes to `move_to`, a stage of the same kind.

    Raises `Conflict` when it is needed, or when something stands in it and nothing is said to take that; `UsageError` for a
    stage of another kind.
    """
    viewer.require_settings(NO_RIGHT)
    more = True
    while more:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            pipeline_id = None if of_leads else stage_lists.pipeline_of(session, stage_id)
            more = _remove(session, viewer, pipeline_id, stage_id, move_to)


def _remove(session: WriteSession, viewer: Viewer, pipeline_id: int | None, stage_id: int, move_to: int | None) -> bool:
    """Move some of what stands in a stage, or delete it with the last of it; whether more is left."""
    stages = stage_lists.held_stages(session, pipeline_id, to_delete=True)
    stage = _stage(stages, stage_id)
    alike = [each for each in stages if each.kind == stage.kind and each is not stage]
    if not alike and stage.kind not in (StageKind.WON, StageKind.LOST):
        raise Conflict(f"“{stage.name}” is the last stage of its kind: add another one first.")
    if move_to is None:
        if number := stage_lists.count_in(session, stage):
            raise Conflict(f"“{stage.name}” is not empty ({number}): say which stage takes what stands in it.")
    else:
        target = next((each for each in alike if each.id == move_to), None)
        if target is None:
            raise UsageError(
                "What stands in a stage goes to another one of the same kind in the same list: choose one."
            )
        if stage_lists.move_some(session, stage, target, AT_ONCE) == AT_ONCE:
            return True
    stage_lists.delete(session, stage)
    stage_lists.put_in_order(session, [each for each in stages if each is not stage])
    record_act(session, viewer, "stage.remove", stage_id=stage_id, moved_to=move_to)
    return False


def free_name(
    others: Sequence[AnyStage] | Sequence[Pipeline], name: str, own: AnyStage | Pipeline | None = None
) -> str:
    """A name as it is kept: one line, not empty, not too long, not another one's. Raises `UsageError`."""
    name = " ".join(name.split())
    if not name:
        raise UsageError("A pipeline or stage needs a name.")
    if len(name) > LONGEST_NAME:
        raise UsageError(f"The name is too long: use at most {LONGEST_NAME} characters.")
    if name.casefold() in {each.name.casefold() for each in others if each is not own}:
        raise UsageError(f"There is one called “{name}” already: give it another name.")
    return name


def _stage(stages: Sequence[S], stage_id: int) -> S:
    found = next((stage for stage in stages if stage.id == stage_id), None)
    if found is None:
        raise NotFound(GONE)
    return found


def _is_end(stage: AnyStage) -> bool:
    return stage.kind not in (StageKind.OPEN, LeadState.ACTIVE)
