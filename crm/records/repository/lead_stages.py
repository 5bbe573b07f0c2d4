"""The steps that leads go through: asked for pages, and held for whoever puts a lead into one.

Who also changes a lead asks for the stage first: a stage that is deleted holds its own row, then its leads'.
"""

from sqlalchemy import select

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.modes import Client
from crm.records.teams import read_team
from crm.records.views import Arrival, LeadStageView
from storage.models import Lead, LeadStage, LeadState
from storage.sessions import ReadSession, WriteSession

_FIRST = select(LeadStage).order_by(LeadStage.position, LeadStage.id).limit(1)
"""Asked with every batch of mail: built once."""


def lead_stages(session: ReadSession, _: Viewer) -> list[LeadStageView]:
    """All of them, in order; at least one of each kind."""
    rows = session.execute(select(LeadStage).order_by(LeadStage.position, LeadStage.id)).scalars()
    return [lead_stage_view(row) for row in rows]


def held_stage(session: WriteSession, stage_id: int) -> LeadStage:
    """A stage that nobody deletes until this unit ends. Raises `NotFound`."""
    row = session.get(LeadStage, stage_id, with_for_update={"read": True, "key_share": True})
    if row is None:
        raise NotFound("There is no such stage of leads (any more): load the page again.")
    return row


def hold_stages(session: WriteSession) -> None:
    """Let nobody delete a stage until this unit ends, where it is known only from the leads which of them is meant."""
    held = select(LeadStage.id).order_by(LeadStage.id).with_for_update(read=True, key_share=True)
    session.execute(held).all()


def first_stage(session: WriteSession, kind: LeadState) -> LeadStage:
    """The first stage of that kind, which nobody deletes until this unit ends."""
    held = _FIRST.where(LeadStage.kind == kind).with_for_update(read=True, key_share=True)
    return session.execute(held).scalar_one()


def stage_meant(session: ReadSession, stage_id: int | None, kind: LeadState | None) -> LeadStage | None:
    """A stage by its id, else the first one of a kind; None where there is none."""
    if stage_id is not None:
        return session.get(LeadStage, stage_id)
    return session.execute(_FIRST.where(LeadStage.kind == kind)).scalar()


def stage_of(session: ReadSession, lead_id: int) -> int | None:
    """Where a lead stands; None where there is no such lead."""
    return session.execute(select(Lead.stage_id).where(Lead.id == lead_id)).scalar()


def lead_stage_view(row: LeadStage) -> LeadStageView:
    """A stage row as pages see it."""
    return LeadStageView(row.id, row.name, row.position, row.kind, arrival_of(row), tuple(row.required))


def arrival_of(row: LeadStage) -> Arrival | None:
    """What a lead becomes that is moved there; None where somebody is asked."""
    if row.on_arrival is None:
        return None
    chosen = row.on_arrival
    along = chosen.get("along")
    return Arrival(
        Client(chosen["client"]) if chosen["client"] else None,
        chosen["deal"],
        chosen["pipeline_id"],
        chosen.get("stage_id"),
        chosen.get("responsible_id"),
        read_team(chosen.get("team")),
        None if along is None else tuple(along),
        chosen.get("values", {}),
    )


def name_of(session: ReadSession, stage_id: int) -> str:
    """What a stage is called that a lead stands in."""
    return session.execute(select(LeadStage.name).where(LeadStage.id == stage_id)).scalar_one()


def is_kind(session: ReadSession, stage_id: int | None, kind: LeadState) -> bool:
    """Whether there is such a stage, for leads of that state."""
    statement = select(LeadStage.id).where(LeadStage.id == stage_id, LeadStage.kind == kind)
    return session.execute(statement).scalar() is not None
