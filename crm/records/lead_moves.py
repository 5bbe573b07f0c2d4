"""Moving a lead from stage to stage, with all that its arrival there means. What a rule does to a lead's stage, it does here."""

from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.records.conversions import SYSTEM, Conversion, convert_lead, hold_clients
from crm.records.leads import enter_stage, put_aside, take_up
from crm.records.repository import lead_stages, writing
from crm.records.views import Arrival
from storage.models import LeadState
from storage.sessions import ReadSession, WriteSession


def move_lead(session: WriteSession, lead_id: int, stage_id: int, *, viewer: Viewer = SYSTEM) -> bool:
    """Put a lead into a stage, with an entry in its timeline; False when it stands there already.

    In a stage for junk its mails wait for no answer any more. In one that converts what arrives it becomes, in this unit, what
    the stage says. Raises `NotFound`, and `Conflict` for a lead that was converted and for a stage that converts nothing
    by itself; what `convert_lead` raises.
    """
    if lead_stages.is_kind(session, stage_id, LeadState.CONVERTED):
        hold_clients(session, [lead_id])
    target = lead_stages.held_stage(session, stage_id)
    lead = writing.lead_for_change(session, lead_id)
    if lead.stage_id == target.id:
        return False
    if lead.state is LeadState.CONVERTED:
        raise Conflict("This lead was converted: what it became is moved instead.")
    if target.kind is LeadState.CONVERTED:
        arrival = lead_stages.arrival_of(target)
        if arrival is None:
            raise Conflict(f"“{target.name}” asks what becomes of a lead: convert it on its page.")
        convert_lead(session, lead_id, on_arrival(session, arrival), into=target.id, viewer=viewer)
    elif lead.state is target.kind:
        enter_stage(session, lead, target, viewer.user_id)
    elif target.kind is LeadState.JUNK:
        put_aside(session, lead_id, stage_id=target.id, user_id=viewer.user_id)
    else:
        take_up(session, lead_id, stage_id=target.id, user_id=viewer.user_id)
    return True


def on_arrival(session: ReadSession, arrival: Arrival) -> Conversion:
    """What a lead becomes that arrives: its person stays responsible, what is planned stays so."""
    stage = writing.first_open_stage(session, arrival.pipeline_id) if arrival.pipeline_id else None
    if arrival.pipeline_id and stage is None:
        raise Conflict(
            "The pipeline that deals of this stage begin in is not there any more: choose another in Settings."
        )
    return Conversion(arrival.client, arrival.deal, stage_id=stage.id if stage else None)
