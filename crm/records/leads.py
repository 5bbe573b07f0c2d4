"""Leads (Classic mode): made, put aside as junk, taken up again. What they become: `conversions`."""

from collections.abc import Iterable, Sequence

from core.clock import utcnow
from core.errors import Conflict, UsageError
from crm.records.channels import give_channels
from crm.records.repository import conversion, lead_stages, writing
from crm.records.repository.lead_runs import PutAside
from crm.records.stage_changes import note_change
from storage.models import Lead, LeadStage, LeadState, RecordType
from storage.sessions import WriteSession


def create_lead(
    session: WriteSession,
    title: str,
    *,
    stage_id: int | None = None,
    name: str = "",
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    contact_id: int | None = None,
    company_id: int | None = None,
    responsible_id: int | None = None,
    source: str = "",
) -> int:
    """A new lead, in the first active stage unless `stage_id` is given, with its channels; its id. Naming a known contact or
    company makes it a repeat lead.

    Raises `UsageError` without a title, `NotFound`, or `Conflict` for a stage that is not for active leads.
    """
    if not title.strip():
        raise UsageError("A lead needs a title.")
    lead = Lead(
        title=title.strip(),
        name=name.strip(),
        stage_id=stage_for(session, LeadState.ACTIVE, stage_id).id,
        contact_id=contact_id,
        company_id=company_id,
        repeat=contact_id is not None or company_id is not None,
        responsible_id=responsible_id,
        source=source,
        created_at=utcnow(),
    )
    lead_id = writing.add(session, lead)
    give_channels(session, RecordType.LEAD, lead_id, emails=emails, phones=phones)
    return lead_id


def put_aside(
    session: WriteSession, lead_id: int, *, stage_id: int | None = None, user_id: int | None = None
) -> PutAside:
    """Call an active lead junk, with an entry in its timeline. Its mails wait for no answer any more, and later ones of its
    addresses stand on it and make nothing new.

    Raises `NotFound`, or `Conflict` when it is not active.
    """
    stage = stage_for(session, LeadState.JUNK, stage_id)
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is not LeadState.ACTIVE:
        raise Conflict("Only an active lead can be called junk.")
    before = lead.stage_id
    mails = conversion.complete_mails(session, lead_id, utcnow())
    enter_stage(session, lead, stage, user_id)
    return PutAside(before, tuple(mails))


def take_up(
    session: WriteSession,
    lead_id: int,
    *,
    stage_id: int | None = None,
    mails: Sequence[int] = (),
    user_id: int | None = None,
) -> None:
    """Make a lead active again that was called junk; those of its `mails` wait for an answer again.

    Raises `NotFound`, or `Conflict` when it is no junk.
    """
    stage = stage_for(session, LeadState.ACTIVE, stage_id)
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is not LeadState.JUNK:
        raise Conflict("This lead was not called junk.")
    conversion.reopen(session, lead_id, mails)
    enter_stage(session, lead, stage, user_id)


def name_client(session: WriteSession, lead_id: int, contact_id: int | None) -> None:
    """Say of whom an active lead comes: it is a repeat lead of that contact and their company then, with None of nobody known.

    Raises `NotFound`, or `Conflict` when it is not active.
    """
    company_id = conversion.require_client(session, contact_id, None)
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is not LeadState.ACTIVE:
        raise Conflict("Only an active lead can be given to a client.")
    lead.contact_id, lead.company_id, lead.repeat = contact_id, company_id, contact_id is not None
    session.flush()


def stage_for(session: WriteSession, kind: LeadState, stage_id: int | None) -> LeadStage:
    """The chosen stage, or the first one of its kind; nobody deletes it until this unit ends.

    Raises `NotFound`, or `Conflict` for a stage of another kind.
    """
    if stage_id is None:
        return lead_stages.first_stage(session, kind)
    stage = lead_stages.held_stage(session, stage_id)
    if stage.kind is not kind:
        raise Conflict(f"“{stage.name}” is no stage for {kind.value} leads (any more): load the page again.")
    return stage


def enter_stage(session: WriteSession, lead: Lead, stage: LeadStage, user_id: int | None) -> None:
    """Put a lead into a stage and its state, with an entry in its timeline."""
    with session.no_autoflush:  # What else was changed of the lead is written with this, by one statement.
        before = lead_stages.name_of(session, lead.stage_id)
    lead.stage_id, lead.state = stage.id, stage.kind
    note_change(session, lead, before, stage.name, [(RecordType.LEAD, lead.id)], user_id=user_id)
