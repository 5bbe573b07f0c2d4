"""What creation writes: the deal, lead, contact and company of a mail, and that it made them."""

from crm.intake.batch import Batch, Item
from crm.intake.clients import Facts, Match
from crm.intake.mail import Person
from crm.records.channels import EMAIL
from crm.records.modes import Client
from parsers.fields.subjects import base_subject
from storage.models import Channel, Company, Contact, Deal, Effect, Lead, LeadState, RecordType, StageKind

LONGEST_NAME = 200
MADE = "made"
"""Kind of the effects that name the records which a mail has made (`contact:5`)."""


def make_item(batch: Batch, item: Item, person: Person, known: Match, *, repeat: bool) -> Match:
    """A deal with its client (Simple), or a lead (Classic)."""
    why = "it was made from this mail"
    if batch.context.mode.is_classic:
        return Match(_lead(batch, item, person, known, repeat=repeat), known.contact, known.company, why=why)
    contact, company = known.contact, known.company
    client = batch.context.mode.client
    if company is None and contact is None and client is not Client.CONTACT:
        company = _company(batch, item, person)
    if contact is None and (client is not Client.COMPANY or company is None):
        contact = make_contact(batch, item, person, company)
    return Match(_deal(batch, item, person, contact, company, repeat=repeat), contact, company, why=why)


def _deal(
    batch: Batch, item: Item, person: Person, contact: Facts | None, company: Facts | None, *, repeat: bool
) -> Facts:
    deal_id, now = batch.ids.next(Deal), batch.now
    facts = Facts(
        RecordType.DEAL,
        deal_id,
        contact_id=contact.id if contact else None,
        company_id=company.id if company else None,
        responsible_id=_responsible(batch, contact, company),
    )
    batch.write(
        Deal,
        id=deal_id,
        title=_title(item, person),
        pipeline_id=batch.context.pipeline_id,
        stage_id=batch.context.stage_id,
        stage_kind=StageKind.OPEN,
        contact_id=facts.contact_id,
        company_id=facts.company_id,
        amount=0,
        currency=batch.context.currency,
        repeat=repeat,
        responsible_id=facts.responsible_id,
        source=batch.context.policy.source,
        created_at=now,
        updated_at=now,
        closed_at=None,
        deleted_at=None,
    )
    return _made(batch, item, facts)


def _lead(batch: Batch, item: Item, person: Person, known: Match, *, repeat: bool) -> Facts:
    lead_id = batch.ids.next(Lead)
    facts = Facts(
        RecordType.LEAD,
        lead_id,
        contact_id=known.contact.id if known.contact else None,
        company_id=known.company.id if known.company else None,
        responsible_id=_responsible(batch, known.contact, known.company),
    )
    batch.write(
        Lead,
        id=lead_id,
        title=_title(item, person),
        name=_name(person),
        state=LeadState.ACTIVE,
        stage_id=batch.context.lead_stage_id,
        contact_id=facts.contact_id,
        company_id=facts.company_id,
        repeat=repeat,
        responsible_id=facts.responsible_id,
        source=batch.context.policy.source,
        created_at=batch.now,
        deleted_at=None,
    )
    _made(batch, item, facts)
    _give_address(batch, person, facts)
    return facts


def make_contact(batch: Batch, item: Item, person: Person, company: Facts | None) -> Facts:
    """A contact with this person's address; of the company, when there is one."""
    contact_id = batch.ids.next(Contact)
    company_id = company.id if company else None
    responsible_id = _responsible(batch, company)
    batch.write(
        Contact,
        id=contact_id,
        name=_name(person),
        position="",
        company_id=company_id,
        responsible_id=responsible_id,
        tags=[],
        source=batch.context.policy.source,
        created_at=batch.now,
        deleted_at=None,
    )
    facts = Facts(RecordType.CONTACT, contact_id, company_id=company_id, responsible_id=responsible_id)
    _made(batch, item, facts)
    _give_address(batch, person, facts)
    return facts


def _company(batch: Batch, item: Item, person: Person) -> Facts | None:
    """A company by the person's domain; none where anybody can have an address. (Known ones were matched before.)"""
    domain = batch.context.organisation(person.key)
    if domain is None:
        return None
    company_id = batch.ids.next(Company)
    facts = Facts(RecordType.COMPANY, company_id, responsible_id=batch.queue.next())
    batch.write(
        Company,
        id=company_id,
        name=domain,
        domain=domain,
        responsible_id=facts.responsible_id,
        source=batch.context.policy.source,
        created_at=batch.now,
        deleted_at=None,
    )
    batch.clients.by_domain[domain] = company_id
    _made(batch, item, facts)
    if batch.context.mode.client is Client.COMPANY:
        _give_address(batch, person, facts)
    return facts


def _made(batch: Batch, item: Item, facts: Facts) -> Facts:
    """Let the new record be found, and remember which mail made it."""
    batch.write(Effect, message_id=item.letter.id, kind=MADE, target=f"{facts.type.value}:{facts.id}")
    return batch.clients.add(facts)


def _give_address(batch: Batch, person: Person, facts: Facts) -> None:
    batch.write(Channel, kind=EMAIL, key=person.key, value=person.address, record_type=facts.type, record_id=facts.id)
    batch.clients.add_address(person.key, facts.key)
    batch.clients.new_addresses.add(person.key)


def _responsible(batch: Batch, *records: Facts | None) -> int | None:
    known = next((facts.responsible_id for facts in records if facts and facts.responsible_id), None)
    return known or batch.queue.next()


def _name(person: Person) -> str:
    return (person.name.strip() or person.address.partition("@")[0])[:LONGEST_NAME]


def _title(item: Item, person: Person) -> str:
    """What the mail is about, without "Re:" in whatever language."""
    return (base_subject(item.mail.subject) or f"Mail from {_name(person)}")[:LONGEST_NAME]
