"""Pipelines and the stages in them, those of leads beside those of deals: held and changed by whoever edits them."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from core.errors import NotFound
from crm.access.viewer import Viewer
from storage.models import Deal, Lead, LeadStage, Pipeline, RecordType, Stage
from storage.sessions import ReadSession, WriteSession

AnyStage = Stage | LeadStage
GONE = "There is no such stage (any more): load the page again."


def held_stages(session: WriteSession, pipeline_id: int | None, *, to_delete: bool = False) -> list[AnyStage]:
    """All stages of a pipeline (None: of leads) in order, which nobody else edits until this unit ends. To delete one: where
    nobody puts anything in either. Raises `NotFound`."""
    if pipeline_id is None:
        return [*held_lead_stages(session, to_delete=to_delete)]
    return [*held_deal_stages(session, pipeline_id, to_delete=to_delete)]


def held_lead_stages(session: WriteSession, *, to_delete: bool = False) -> list[LeadStage]:
    """All stages of leads, as `held_stages` holds them."""
    held = select(LeadStage).order_by(LeadStage.id).with_for_update(key_share=not to_delete)
    rows = session.execute(held.execution_options(populate_existing=True)).scalars()
    return sorted(rows, key=lambda stage: (stage.position, stage.id))


def held_deal_stages(session: WriteSession, pipeline_id: int, *, to_delete: bool = False) -> list[Stage]:
    """All stages of a pipeline, as `held_stages` holds them."""
    held_pipeline(session, pipeline_id)
    held = select(Stage).where(Stage.pipeline_id == pipeline_id).order_by(Stage.id)
    held = held.with_for_update(key_share=not to_delete).execution_options(populate_existing=True)
    return sorted(session.execute(held).scalars(), key=lambda stage: stage.position)


def held_pipelines(session: WriteSession) -> list[Pipeline]:
    """All pipelines in order, which nobody else edits until this unit ends."""
    rows = session.execute(select(Pipeline).order_by(Pipeline.id).with_for_update(key_share=True)).scalars()
    return sorted(rows, key=lambda pipeline: (pipeline.position, pipeline.id))


def held_pipeline(session: WriteSession, pipeline_id: int) -> Pipeline:
    """A pipeline whose stages nobody else edits until this unit ends. Raises `NotFound`."""
    row = session.get(Pipeline, pipeline_id, with_for_update={"key_share": True})
    if row is None:
        raise NotFound("There is no such pipeline (any more): load the page again.")
    return row


def pipeline_of(session: ReadSession, stage_id: int) -> int:
    """The pipeline that a stage of deals is in. Raises `NotFound`."""
    found = session.execute(select(Stage.pipeline_id).where(Stage.id == stage_id)).scalar()
    if found is None:
        raise NotFound(GONE)
    return found


def put_in_order(session: WriteSession, rows: Sequence[AnyStage] | Sequence[Pipeline]) -> None:
    """Number them as they come. (No two stages of a pipeline may have one number, not even for a moment.)"""
    for position, row in enumerate(rows):
        row.position = -1 - position
    session.flush()
    for position, row in enumerate(rows):
        row.position = position
    session.flush()


def add(session: WriteSession, row: AnyStage | Pipeline) -> int:
    """Insert a pipeline or stage; its id."""
    session.add(row)
    session.flush()
    return row.id


def delete(session: WriteSession, row: AnyStage | Pipeline) -> None:
    """Delete a pipeline or stage in which nothing stands."""
    session.delete(row)
    session.flush()


def move_some(session: WriteSession, stage: AnyStage, target: AnyStage, limit: int) -> int:
    """Let so many leads or deals at most, deleted ones too, stand in another stage of the same kind; how many there were."""
    table = Deal if isinstance(stage, Stage) else Lead
    chosen = select(table.id).where(table.stage_id == stage.id).order_by(table.id).limit(limit)
    ids = list(session.execute(chosen.with_for_update()).scalars())
    values = {"stage_id": target.id}
    if isinstance(target, Stage):
        values["pipeline_id"] = target.pipeline_id
    moved = update(table).where(table.id.in_(ids)).values(values)
    session.execute(moved.execution_options(synchronize_session=False))
    return len(ids)


def count_in(session: ReadSession, stage: AnyStage) -> int:
    """How many leads or deals stand in a stage, those that were deleted and can come back among them."""
    table = Deal if isinstance(stage, Stage) else Lead
    return session.execute(select(func.count()).select_from(table).where(table.stage_id == stage.id)).scalar_one()


def counts(session: ReadSession, _: Viewer, kind: RecordType) -> dict[int, int]:
    """How many leads or deals stand in each stage, deleted ones among them; stages without any are left out."""
    table = Deal if kind is RecordType.DEAL else Lead
    rows = session.execute(select(table.stage_id, func.count().label("number")).group_by(table.stage_id))
    return {row.stage_id: row.number for row in rows}


def arrivals_in(session: ReadSession, pipeline_id: int) -> list[str]:
    """Names of the stages of leads that make deals in a pipeline."""
    rows = session.execute(select(LeadStage).where(LeadStage.on_arrival.is_not(None))).scalars()
    return [row.name for row in rows if row.on_arrival and row.on_arrival["pipeline_id"] == pipeline_id]
