"""Rows of records, written for use cases that have decided."""

from sqlalchemy import case, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from core.errors import NotFound
from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from storage.models import (
    Activity,
    ActivityBinding,
    Channel,
    Company,
    Contact,
    Deal,
    Lead,
    Pipeline,
    Queue,
    RecordType,
    Stage,
    StageKind,
)
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

RecordTable = Contact | Company | Lead | Deal
NOT_THERE = "There is no such record, or it was deleted."
_FIRST_OPEN = (
    select(Stage)
    .join(Pipeline, Pipeline.id == Stage.pipeline_id)
    .where(Stage.kind == StageKind.OPEN)
    .order_by(Pipeline.position, Pipeline.id, Stage.position)
    .limit(1)
)
_HELD_FIRST_OPEN = _FIRST_OPEN.with_for_update(read=True, key_share=True, of=Stage)
"""Asked with every batch of mail: built once."""


def add(session: WriteSession, row: RecordTable | Activity) -> int:
    """Insert one row; its id. Open pages hear of a new entry of a timeline."""
    session.add(row)
    session.flush()
    if isinstance(row, Activity):
        session.queues_to_wake.add(Queue.NOW)
    return row.id


def add_channels(session: WriteSession, record_type: RecordType, record_id: int, keyed: list[dict[str, str]]) -> None:
    """Give a record addresses or phones: rows of `kind`, `key`, `value`; those it has already stay as they are."""
    if not keyed:
        return
    rows = [{**channel, "record_type": record_type, "record_id": record_id} for channel in keyed]
    session.execute(upsert(session, Channel).on_conflict_do_nothing(), rows)


def bind(session: WriteSession, activity_id: int, bindings: list[tuple[RecordType, int]]) -> None:
    """Put an activity on records; the first one owns it."""
    rows = [
        {"activity_id": activity_id, "record_type": record_type, "record_id": record_id, "owner": position == 0}
        for position, (record_type, record_id) in enumerate(bindings)
    ]
    session.execute(insert(ActivityBinding), rows)


def deal_for_change(session: WriteSession, deal_id: int) -> Deal:
    """A deal that nobody else changes until this unit ends. Raises `NotFound`."""
    held = select(Deal).where(Deal.id == deal_id, Deal.deleted_at.is_(None)).with_for_update()
    row = session.execute(held.execution_options(populate_existing=True)).scalar()
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def lead_for_change(session: WriteSession, lead_id: int) -> Lead:
    """A lead that nobody else changes until this unit ends. Raises `NotFound`."""
    held = select(Lead).where(Lead.id == lead_id, Lead.deleted_at.is_(None)).with_for_update()
    row = session.execute(held.execution_options(populate_existing=True)).scalar()
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def company_by_domain(session: ReadSession, viewer: Viewer, domain: str) -> Company | None:
    """The oldest company that the viewer sees with this registrable domain, its own or that of one which was merged into it."""
    if viewer.hides(RecordType.COMPANY, "domain"):
        return None
    merged = aliased(Company)
    theirs = select(merged.merged_into_id).where(merged.domain == domain, merged.merged_into_id.is_not(None))
    named = or_(Company.domain == domain, Company.id.in_(theirs))
    seen = within(viewer, RecordType.COMPANY)
    statement = select(Company).where(named, Company.deleted_at.is_(None), *seen)
    return session.execute(
        statement.order_by(case((Company.domain == domain, 0), else_=1), Company.id).limit(1)
    ).scalar()


def stage(session: WriteSession, stage_id: int) -> Stage:
    """A stage that nobody deletes until this unit ends. Raises `NotFound`.

    Whoever also changes a deal asks for the stage first: a stage that is deleted holds its own row, then its deals'.
    """
    row = session.get(Stage, stage_id, with_for_update={"read": True, "key_share": True})
    if row is None:
        raise NotFound("There is no such stage (any more): load the page again.")
    return row


def is_open_stage(session: ReadSession, stage_id: int) -> bool:
    """Whether there is such a stage, for open deals."""
    found = select(Stage.id).where(Stage.id == stage_id, Stage.kind == StageKind.OPEN)
    return session.execute(found).scalar() is not None


def stage_of_deal(session: ReadSession, deal_id: int) -> int | None:
    """Where a deal stands; None where there is no such deal."""
    return session.execute(select(Deal.stage_id).where(Deal.id == deal_id)).scalar()


def stage_name(session: ReadSession, stage_id: int) -> str:
    """What a stage is called that a deal stands in."""
    return session.execute(select(Stage.name).where(Stage.id == stage_id)).scalar_one()


def first_open_stage(session: ReadSession, pipeline_id: int | None = None, *, held: bool = False) -> Stage | None:
    """Where a new deal begins: the first open stage of the pipeline, or of the first pipeline there is; where it is `held`,
    nobody deletes it until this unit ends."""
    statement = _HELD_FIRST_OPEN if held else _FIRST_OPEN
    return session.execute(statement if pipeline_id is None else statement.where(Pipeline.id == pipeline_id)).scalar()


def add_pipeline(session: WriteSession, name: str, stages: list[tuple[str, StageKind]]) -> int | None:
    """A new pipeline behind the others, with its stages; its id, or None where another process was faster."""
    statement = upsert(session, Pipeline)
    position = session.execute(select(func.coalesce(func.max(Pipeline.position) + 1, 0))).scalar_one()
    fresh = statement.values(name=name, position=position).on_conflict_do_nothing(index_elements=["name"])
    pipeline_id = session.execute(fresh.returning(Pipeline.id)).scalar()
    if pipeline_id is not None:
        rows = [
            {"pipeline_id": pipeline_id, "name": stage_name, "position": place, "kind": kind}
            for place, (stage_name, kind) in enumerate(stages)
        ]
        session.execute(insert(Stage), rows)
    return pipeline_id


def channels_of(session: ReadSession, record_type: RecordType, record_id: int) -> list[dict[str, str]]:
    """The channels of a record as rows of `kind`, `key`, `value`, in their order."""
    statement = select(Channel.kind, Channel.key, Channel.value).where(
        Channel.record_type == record_type, Channel.record_id == record_id
    )
    statement = statement.order_by(Channel.id)
    return [{"kind": row.kind, "key": row.key, "value": row.value} for row in session.execute(statement)]


def activities_of(session: ReadSession, record_type: RecordType, record_id: int) -> list[int]:
    """Ids of all activities on a record."""
    statement = select(ActivityBinding.activity_id).where(
        ActivityBinding.record_type == record_type, ActivityBinding.record_id == record_id
    )
    return list(session.execute(statement.order_by(ActivityBinding.activity_id)).scalars())


def hand_over(session: WriteSession, activity_ids: list[int], to: list[tuple[RecordType, int]]) -> None:
    """Put activities on further records, the first of which owns them from now on; old bindings stay."""
    if not activity_ids or not to:
        return
    owned = update(ActivityBinding).where(ActivityBinding.activity_id.in_(activity_ids)).values(owner=False)
    session.execute(owned.execution_options(synchronize_session=False))
    rows = [
        {"activity_id": activity_id, "record_type": record_type, "record_id": record_id, "owner": not position}
        for activity_id in activity_ids
        for position, (record_type, record_id) in enumerate(to)
    ]
    statement = upsert(session, ActivityBinding)
    known = ["activity_id", "record_type", "record_id"]
    session.execute(
        statement.on_conflict_do_update(index_elements=known, set_={"owner": statement.excluded.owner}), rows
    )
