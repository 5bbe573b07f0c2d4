"""What is known of a lead before it is converted: clients that it may be, and names for new ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from core.addresses import AddressLists, domain_of
from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.office.address_lists import read_lists
from crm.records.repository import reading
from crm.records.repository.shared_channels import shared_with
from crm.records.views import LeadView, Named
from storage.models import Channel, Company, Contact, RecordType
from storage.sessions import ReadSession

MOST = 5


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A contact or company that a lead may be: `by` is the address, phone or domain that they share."""

    record: Named
    by: str
    company: Named | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom a lead may be of those who are known, and what new ones would be called (empty: somebody must say)."""

    contacts: tuple[KnownClient, ...]
    companies: tuple[KnownClient, ...]
    contact_name: str
    company_name: str


def proposal(session: ReadSession, viewer: Viewer, lead_id: int) -> Proposal:
    """Clients with an address, a phone or the domain of the lead, the oldest first. Raises `NotFound`."""
    lead = reading.lead(session, viewer, lead_id)
    domains = _domains(lead, read_lists(session))
    contacts = _contacts(session, viewer, lead_id)
    companies = {each.record.id: each for each in _companies(session, viewer, lead_id, domains)}
    for contact in contacts:
        if contact.company is not None:
            companies.setdefault(contact.company.id, KnownClient(contact.company, contact.record.name))
    known = tuple(companies.values())[:MOST]
    told = str(lead.fields.get("company_name", ""))
    return Proposal(tuple(contacts), known, lead.name, told or (domains[0] if domains else ""))


def _domains(lead: LeadView, lists: AddressLists) -> list[str]:
    mailed = [domain_of(channel.value) for channel in lead.channels if channel.kind == "email"]
    return [name for domain in mailed if (name := lists.organisation(domain))]


def _contacts(session: ReadSession, viewer: Viewer, lead_id: int) -> list[KnownClient]:
    shared = shared_with(session, viewer, (RecordType.LEAD, lead_id), RecordType.CONTACT)
    companies = within(viewer, RecordType.COMPANY)
    statement = (
        select(Contact, Company, Channel.value)
        .join(Channel, Channel.record_id == Contact.id)
        .outerjoin(Company, and_(Company.id == Contact.company_id, Company.deleted_at.is_(None), *companies))
        .where(shared, Contact.deleted_at.is_(None), *within(viewer, RecordType.CONTACT))
    )
    found: dict[int, KnownClient] = {}
    for contact, company, by in session.execute(statement.order_by(Contact.id, Channel.id).limit(4 * MOST)):
        theirs_is = Named(RecordType.COMPANY, company.id, company.name) if company else None
        found.setdefault(contact.id, KnownClient(Named(RecordType.CONTACT, contact.id, contact.name), by, theirs_is))
    return list(found.values())[:MOST]


def _companies(session: ReadSession, viewer: Viewer, lead_id: int, domains: Sequence[str]) -> list[KnownClient]:
    shared = shared_with(session, viewer, (RecordType.LEAD, lead_id), RecordType.COMPANY)
    reached = select(Company, Channel.value).join(Channel, Channel.record_id == Company.id).where(shared)
    shown = [] if viewer.hides(RecordType.COMPANY, "domain") else domains
    named = select(Company, Company.domain).where(Company.domain.in_(shown))
    found: dict[int, KnownClient] = {}
    there = (Company.deleted_at.is_(None), *within(viewer, RecordType.COMPANY))
    for statement in (reached, named):
        kept = statement.where(*there).order_by(Company.id).limit(4 * MOST)
        for company, by in session.execute(kept):
            found.setdefault(company.id, KnownClient(Named(RecordType.COMPANY, company.id, company.name), by or ""))
    return list(found.values())
