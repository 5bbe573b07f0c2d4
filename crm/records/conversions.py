"""Turning a lead into what it turned out to be: a contact, a company, a deal, or any of them (mission C4, C19)."""

from core.clock import utcnow
from core.errors import Conflict, UsageError
from crm.access.viewer import Viewer
from crm.records.arrivals import MADE
from crm.records.clients_of_leads import client_of, hold_clients, require_field
from crm.records.deals import require_amount
from crm.records.deals_of_leads import fill_in_new, make_deal, takes_amount
from crm.records.gone import Record
from crm.records.handing_over import tell_of_lead
from crm.records.lead_values import told_by, write_on
from crm.records.leads import enter_stage, stage_for
from crm.records.outcomes import DEFAULT, Conversion, Converted
from crm.records.repository import conversion, writing
from crm.records.teams import HeldTeam, OneOfMany, Team, require_receiver
from storage.models import Lead, LeadStage, LeadState, RecordType
from storage.sessions import WriteSession

SYSTEM = Viewer.system()


def convert_lead(
    session: WriteSession,
    lead_id: int,
    how: Conversion = DEFAULT,
    *,
    into: int | None = None,
    viewer: Viewer = SYSTEM,
    one_of: OneOfMany | None = None,
    by_stage: bool = False,
) -> Converted:
    """Turn an active lead into client and deal; it goes into the stage `into`, or the first one for converted leads.

    Raises `NotFound`, `Conflict` when it is not active any more, `UsageError` for what can not be chosen, `Forbidden` where the
    viewer may not add what it becomes, or not change a known client that it would give an address or phone.

    The lead stays readable, with its mail; all that stands on it stands on the new records too, which own it from now on,
    its tags, notes and custom fields are written on them, whoever followed it follows them, and later mail of its addresses
    finds the client. A repeat lead becomes a repeat deal of the client that it names, and nothing else. A new person who is
    responsible hears of it, at once or (`one_of` many) with the last of them. `by_stage`: whose that is was chosen in
    Settings, and who moves the lead need not have the right to choose it.
    """
    author = SYSTEM if by_stage else viewer
    team = how.team if one_of is None else None  # Of many it was asked for before the first of them.
    require_receiver(session, author, how.responsible_id, team)
    hold_clients(session, [lead_id])
    stage = stage_for(session, LeadState.CONVERTED, into)
    lead = _active(session, lead_id)
    _check(viewer, lead, how)
    told = told_by(session, viewer, lead_id, how.along)  # Now, for it may become somebody else's.
    before = lead.responsible_id
    lead.responsible_id = _responsible(session, author, lead, how, one_of)
    converted, made = _become(session, viewer, lead, how)
    _close(session, viewer, lead, stage, converted, complete=how.complete)
    money = ("currency",) if lead.amount and takes_amount(viewer, how) else ()
    fill_in_new(session, author, how, made, of_lead=money)
    write_on(session, viewer, told, converted.records, made)
    _tell(session, viewer, lead, converted, before, one_of)
    return converted


def _active(session: WriteSession, lead_id: int) -> Lead:
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is not LeadState.ACTIVE:
        raise Conflict("Only an active lead can be converted.")
    return lead


def _check(viewer: Viewer, lead: Lead, how: Conversion) -> None:
    if lead.repeat and not how.deal:
        raise UsageError("The client of a repeat lead is known: it can only become a deal.")
    if how.client is None and not how.deal:
        raise UsageError("Choose what the lead becomes: a contact, a company, a deal, or several of them.")
    for kind in how.values:
        if kind not in MADE or {"responsible_id", "contact_id", "company_id"} & {*how.values[kind]}:
            raise UsageError("More fields are those of a deal, contact or company, without whom they belong to.")
    require_amount(how.amount or 0)
    if how.amount:
        require_field(viewer, RecordType.DEAL, "amount")


def _responsible(
    session: WriteSession, author: Viewer, lead: Lead, how: Conversion, one_of: OneOfMany | None
) -> int | None:
    """Whose it is from now on; the right to choose somebody else is asked of the `author`."""
    chosen = how.responsible_id if how.team is None else _turn(session, how.team, one_of)
    if chosen is None or chosen == lead.responsible_id:
        return lead.responsible_id
    require_field(author, RecordType.LEAD, "responsible_id")
    return chosen


def _turn(session: WriteSession, team: Team, one_of: OneOfMany | None) -> int:
    """Who of a team is next; nobody else gives out its turns until this unit ends."""
    if one_of is not None:
        return one_of.turn()
    held = HeldTeam(session, team)
    user_id = held.next()
    held.write()
    return user_id


def _become(session: WriteSession, viewer: Viewer, lead: Lead, how: Conversion) -> tuple[Converted, set[Record]]:
    """What the lead becomes, and what of it is new."""
    made = set[Record]()
    known = lead.contact_id, lead.company_id
    contact_id, company_id = known if lead.repeat else client_of(session, viewer, lead, how, made)
    deal_id = make_deal(session, viewer, lead, how, contact_id, company_id) if how.deal else None
    if deal_id is not None:
        made.add((RecordType.DEAL, deal_id))
    return Converted(deal_id, contact_id, company_id, lead.responsible_id), made


def _close(
    session: WriteSession, viewer: Viewer, lead: Lead, stage: LeadStage, converted: Converted, *, complete: bool
) -> None:
    """The lead names what it became, which has all that stands on it."""
    lead.contact_id, lead.company_id, lead.deal_id = converted.contact_id, converted.company_id, converted.deal_id
    lead.converted_at = utcnow()
    enter_stage(session, lead, stage, viewer.user_id)
    if complete:  # Before others have the activities, too.
        conversion.complete_planned(session, lead.id, lead.converted_at)
    _hand_over(session, lead.id, converted.records)


def _hand_over(session: WriteSession, lead_id: int, records: list[Record]) -> None:
    activities = writing.activities_of(session, RecordType.LEAD, lead_id)
    writing.hand_over(session, activities, records)
    conversion.follow_too(session, (RecordType.LEAD, lead_id), records[:1])


def _tell(
    session: WriteSession,
    viewer: Viewer,
    lead: Lead,
    converted: Converted,
    before: int | None,
    one_of: OneOfMany | None,
) -> None:
    """The last step: whatever fails before it has used no turn, and nobody hears of it."""
    handed_to = lead.responsible_id if lead.responsible_id not in (before, viewer.user_id) else None
    if one_of is not None:
        one_of.done(handed_to)
    elif handed_to is not None:
        tell_of_lead(session, lead.id, lead.title, converted.records[0], handed_to)
