"""Rows of records as pages and programs see them: with their channels and custom fields, without what is hidden."""

from sqlalchemy import select

from crm.access.viewer import Viewer
from crm.records.fields.standard import FURTHER
from crm.records.fields.values import Value
from crm.records.repository.fields import custom_values
from crm.records.repository.filtering import Rows
from crm.records.repository.hidden import without_hidden
from crm.records.repository.lead_stages import lead_stage_view
from crm.records.views import ChannelView, CompanyView, ContactView, DealView, LeadView, Named, Person, StageView
from storage.models import Channel, Company, Contact, Lead, RecordType, Stage, User
from storage.sessions import ReadSession


def contact_views(session: ReadSession, viewer: Viewer, statement: Rows) -> list[ContactView]:
    """Of rows of a contact, its company and who is responsible."""
    rows = session.execute(statement).all()
    ids = [row[0].id for row in rows]
    channels, custom = _channels(session, RecordType.CONTACT, ids), custom_values(session, RecordType.CONTACT, ids)
    views = [
        ContactView(
            id=contact.id,
            name=contact.name,
            position=contact.position,
            company=_company_name(company),
            responsible=_person(user),
            tags=tuple(contact.tags),
            source=contact.source,
            notes=contact.notes,
            channels=channels.get(contact.id, ()),
            created_at=contact.created_at,
            fields={**_further(contact), **custom.get(contact.id, {})},
        )
        for contact, company, user in rows
    ]
    return without_hidden(session, viewer, RecordType.CONTACT, views)


def company_views(session: ReadSession, viewer: Viewer, statement: Rows) -> list[CompanyView]:
    """Of rows of a company and who is responsible."""
    rows = session.execute(statement).all()
    ids = [row[0].id for row in rows]
    channels, custom = _channels(session, RecordType.COMPANY, ids), custom_values(session, RecordType.COMPANY, ids)
    views = [
        CompanyView(
            id=company.id,
            name=company.name,
            domain=company.domain,
            responsible=_person(user),
            tags=tuple(company.tags),
            source=company.source,
            notes=company.notes,
            channels=channels.get(company.id, ()),
            created_at=company.created_at,
            fields={**_further(company), **custom.get(company.id, {})},
        )
        for company, user in rows
    ]
    return without_hidden(session, viewer, RecordType.COMPANY, views)


def lead_views(session: ReadSession, viewer: Viewer, statement: Rows) -> list[LeadView]:
    """Of rows of a lead, its stage, contact, company, who is responsible, and the deal that it became."""
    rows = session.execute(statement).all()
    ids = [row[0].id for row in rows]
    channels, custom = _channels(session, RecordType.LEAD, ids), custom_values(session, RecordType.LEAD, ids)
    views = [
        LeadView(
            id=lead.id,
            title=lead.title,
            name=lead.name,
            state=lead.state,
            stage=lead_stage_view(stage),
            contact=_contact_name(contact),
            company=_company_name(company),
            amount=lead.amount,
            currency=lead.currency,
            repeat=lead.repeat,
            responsible=_person(user),
            tags=tuple(lead.tags),
            source=lead.source,
            notes=lead.notes,
            channels=channels.get(lead.id, ()),
            created_at=lead.created_at,
            deal=Named(RecordType.DEAL, deal.id, deal.title) if deal else None,
            converted_at=lead.converted_at,
            fields={**_further(lead), **custom.get(lead.id, {})},
        )
        for lead, stage, contact, company, user, deal in rows
    ]
    return without_hidden(session, viewer, RecordType.LEAD, views)


def deal_views(session: ReadSession, viewer: Viewer, statement: Rows) -> list[DealView]:
    """Of rows of a deal, its stage, contact, company and who is responsible."""
    rows = session.execute(statement).all()
    custom = custom_values(session, RecordType.DEAL, [row[0].id for row in rows])
    views = [
        DealView(
            id=deal.id,
            title=deal.title,
            pipeline_id=deal.pipeline_id,
            stage=stage_view(stage),
            contact=_contact_name(contact),
            company=_company_name(company),
            amount=deal.amount,
            currency=deal.currency,
            repeat=deal.repeat,
            responsible=_person(user),
            tags=tuple(deal.tags),
            source=deal.source,
            notes=deal.notes,
            created_at=deal.created_at,
            updated_at=deal.updated_at,
            closes_on=deal.closes_on,
            fields=custom.get(deal.id, {}),
            closed_at=deal.closed_at,
        )
        for deal, stage, contact, company, user in rows
    ]
    return without_hidden(session, viewer, RecordType.DEAL, views)


def stage_view(row: Stage) -> StageView:
    """A stage row as pages see it."""
    return StageView(row.id, row.pipeline_id, row.name, row.position, row.kind, row.probability, tuple(row.required))


def _further(row: Contact | Company | Lead) -> dict[str, Value]:
    """The further standard fields of a record that are filled in, by key."""
    fields = FURTHER[RecordType(row.__tablename__)]
    return {field.key: value for field in fields if (value := getattr(row, field.key))}


def _channels(session: ReadSession, record_type: RecordType, ids: list[int]) -> dict[int, tuple[ChannelView, ...]]:
    found: dict[int, tuple[ChannelView, ...]] = {}
    if not ids:
        return found
    statement = select(Channel).where(Channel.record_type == record_type, Channel.record_id.in_(ids))
    for row in session.execute(statement.order_by(Channel.id)).scalars():
        found[row.record_id] = (*found.get(row.record_id, ()), ChannelView(row.kind, row.value))
    return found


def _person(user: User | None) -> Person | None:
    return None if user is None else Person(user.id, user.name)


def _contact_name(row: Contact | None) -> Named | None:
    return None if row is None else Named(RecordType.CONTACT, row.id, row.name, row.deleted_at is not None)


def _company_name(row: Company | None) -> Named | None:
    return None if row is None else Named(RecordType.COMPANY, row.id, row.name, row.deleted_at is not None)
