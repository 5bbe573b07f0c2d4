"""Moving a lead from stage to stage, with all that its arrival there means. What a rule does to a lead, it does here."""

from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.records.arrivals import still_there
from crm.records.clients_of_leads import hold_clients
from crm.records.conversions import convert_lead
from crm.records.leads import enter_stage, put_aside, stage_for, take_up
from crm.records.outcomes import DEFAULT, Conversion, Converted
from crm.records.repository import lead_stages, writing
from crm.records.views import Arrival
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession, WriteSession

SYSTEM = Viewer.system()


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
        how = on_arrival(session, arrival)
        convert_lead(session, lead_id, how, into=target.id, viewer=viewer, by_stage=True)
    elif lead.state is target.kind:
        enter_stage(session, lead, target, viewer.user_id)
    elif target.kind is LeadState.JUNK:
        put_aside(session, lead_id, stage_id=target.id, user_id=viewer.user_id)
    else:
        take_up(session, lead_id, stage_id=target.id, user_id=viewer.user_id)
    return True


def convert_by_rule(
    session: WriteSession, lead_id: int, how: Conversion = DEFAULT, *, into: int | None = None
) -> Converted:
    """What a rule calls that converts a lead (one that moves it calls `move_lead`): what it became, by this call or before.

    To be called as often as its job runs, each in a unit of work of its own, also at once: a lead is converted once, whatever
    the rule says the second time. Nobody need have the right to do it, and nobody is asked for what a stage requires; whoever
    gets the client hears of it. Raises `NotFound` for a lead or stage that is gone, `Conflict` for one that was called junk
    or where nobody of a team is there, `UsageError` for what can not be chosen: none of these changes anything.
    """
    hold_clients(session, [lead_id])
    stage_for(session, LeadState.CONVERTED, into)
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is LeadState.CONVERTED:
        return Converted(lead.deal_id, lead.contact_id, lead.company_id, lead.responsible_id)
    return convert_lead(session, lead_id, how, into=into)


def on_arrival(session: ReadSession, arrival: Arrival) -> Conversion:
    """What becomes of a lead that arrives now. Raises `Conflict` where its deal has no stage to begin in any more."""
    return Conversion(
        arrival.client,
        arrival.deal,
        stage_id=_stage(session, arrival) if arrival.deal else None,
        responsible_id=arrival.responsible_id,
        team=arrival.team,
        along=arrival.along,
        values={kind: still_there(session, RecordType(kind), values) for kind, values in arrival.values.items()},
    )


def _stage(session: ReadSession, arrival: Arrival) -> int | None:
    """The chosen stage, else the first one of the pipeline, also where the chosen one is gone or an end by now."""
    if arrival.stage_id is not None and writing.is_open_stage(session, arrival.stage_id):
        return arrival.stage_id
    stage = writing.first_open_stage(session, arrival.pipeline_id) if arrival.pipeline_id else None
    if arrival.pipeline_id and stage is None:
        raise Conflict(
            "The pipeline that deals of this stage begin in is not there any more: choose another in Settings."
        )
    return stage.id if stage else None
