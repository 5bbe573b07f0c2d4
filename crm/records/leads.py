"""Leads (Classic mode): made, converted into the client and deal they turned out to be, or put aside."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.addresses import domain_of, is_free_mail, organisational_domain
from core.clock import utcnow
from core.errors import Conflict, UsageError
from crm.records.channels import EMAIL, give_channels
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.modes import Client
from crm.records.repository import conversion, writing
from crm.records.stage_changes import note_change
from storage.models import Lead, LeadState, RecordType
from storage.sessions import WriteSession


@dataclass(frozen=True, slots=True)
class Converted:
    """What a lead became. A repeat lead keeps the client that it named."""

    deal_id: int | None
    contact_id: int | None
    company_id: int | None


def create_lead(
    session: WriteSession,
    title: str,
    *,
    name: str = "",
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    contact_id: int | None = None,
    company_id: int | None = None,
    responsible_id: int | None = None,
    source: str = "",
) -> int:
    """A new active lead with its channels; its id. Naming a known contact or company makes it a repeat lead."""
    if not title.strip():
        raise UsageError("A lead needs a title.")
    lead = Lead(
        title=title.strip(),
        name=name.strip(),
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


def convert_lead(
    session: WriteSession,
    lead_id: int,
    *,
    client: Client = Client.CONTACT,
    deal: bool = True,
    stage_id: int | None = None,
    complete: bool = False,
    user_id: int | None = None,
) -> Converted:
    """Turn an active lead into client and deal. Raises `NotFound`, or `Conflict` when it is not active any more.

    The lead stays readable, with its mail; all that stands on it stands on the new records too, which own it from now on,
    whoever followed it follows them, and later mail of its addresses finds the client. A repeat lead becomes a repeat deal of
    the client that it names; one whose address or phone a contact has becomes a deal of that contact. The deal begins in
    `stage_id`, or where new deals do. What is planned stays so, unless it is to be `complete`.
    """
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is not LeadState.ACTIVE:
        raise Conflict("Only an active lead can be converted.")
    if not lead.repeat:
        _make_client(session, lead, client)
    deal_id = None
    if deal:
        deal_id = create_deal(
            session,
            lead.title,
            stage_id=stage_id,
            contact_id=lead.contact_id,
            company_id=lead.company_id,
            repeat=lead.repeat,
            responsible_id=lead.responsible_id,
            source=lead.source,
        )
    lead.deal_id, lead.converted_at = deal_id, utcnow()
    _change_state(session, lead, LeadState.CONVERTED, user_id)
    converted = Converted(deal_id, lead.contact_id, lead.company_id)
    if complete:
        conversion.complete_planned(session, lead_id, lead.converted_at)
    _hand_over(session, lead_id, converted)
    return converted


def put_aside(session: WriteSession, lead_id: int, *, user_id: int | None = None) -> None:
    """Call an active lead junk, with an entry in its timeline. Its mails wait for no answer any more, and later ones of its
    addresses stand on it and make nothing new.

    Raises `NotFound`, or `Conflict` when it is not active.
    """
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is not LeadState.ACTIVE:
        raise Conflict("Only an active lead can be called junk.")
    conversion.complete_mails(session, lead_id, utcnow())
    _change_state(session, lead, LeadState.JUNK, user_id)


def take_up(session: WriteSession, lead_id: int, *, user_id: int | None = None) -> None:
    """Make a lead active again that was called junk. Raises `NotFound`, or `Conflict` when it is no junk."""
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is not LeadState.JUNK:
        raise Conflict("This lead was not called junk.")
    _change_state(session, lead, LeadState.ACTIVE, user_id)


def _change_state(session: WriteSession, lead: Lead, state: LeadState, user_id: int | None) -> None:
    before, after = lead.state.value.capitalize(), state.value.capitalize()
    lead.state = state
    note_change(session, lead, before, after, [(RecordType.LEAD, lead.id)], user_id=user_id)


def _make_client(session: WriteSession, lead: Lead, client: Client) -> None:
    channels = writing.channels_of(session, RecordType.LEAD, lead.id)
    known = conversion.known_contact(session, lead.id)
    if known is not None:
        lead.contact_id, lead.company_id = known.id, known.company_id
        return
    emails = [channel["value"] for channel in channels if channel["kind"] == EMAIL]
    phones = [channel["value"] for channel in channels if channel["kind"] != EMAIL]
    name = lead.name or lead.title
    if client is not Client.CONTACT:
        lead.company_id = _company(session, lead, name, [c["key"] for c in channels if c["kind"] == EMAIL])
    if client is Client.COMPANY and lead.company_id is not None:
        give_channels(session, RecordType.COMPANY, lead.company_id, emails=emails, phones=phones)
        return
    lead.contact_id = create_contact(
        session,
        name,
        emails=emails,
        phones=phones,
        company_id=lead.company_id,
        responsible_id=lead.responsible_id,
        source=lead.source,
    )


def _company(session: WriteSession, lead: Lead, name: str, keys: list[str]) -> int:
    """The company of the lead's domain, known or new; a new one by the person's name where the domain tells nothing."""
    domains = [organisational_domain(domain_of(key)) for key in keys if not is_free_mail(domain_of(key))]
    known = writing.company_by_domain(session, domains[0]) if domains else None
    if known is not None:
        return known.id
    return create_company(
        session,
        domains[0] if domains else name,
        domain=domains[0] if domains else None,
        responsible_id=lead.responsible_id,
        source=lead.source,
    )


def _hand_over(session: WriteSession, lead_id: int, converted: Converted) -> None:
    parties = (
        (RecordType.DEAL, converted.deal_id),
        (RecordType.CONTACT, converted.contact_id),
        (RecordType.COMPANY, converted.company_id),
    )
    records = [(kind, record_id) for kind, record_id in parties if record_id is not None]
    activities = writing.activities_of(session, RecordType.LEAD, lead_id)
    writing.hand_over(session, activities, records)
    conversion.follow_too(session, (RecordType.LEAD, lead_id), records[:1])
