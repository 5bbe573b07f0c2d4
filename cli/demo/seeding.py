"""The sample company enters an empty store: its people, customers and deals, its secret addresses, its mailboxes."""

from dataclasses import dataclass
from datetime import timedelta

from cli.demo.company.model import Company, Mailbox
from core.clock import utcnow
from core.config import Settings
from crm.access.people import NewPerson, add_person
from crm.access.viewer import Viewer
from crm.intake.addresses import create_intake_address
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm.records.modes import Client as ModeClient
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository import reading
from crm.records.repository.writing import add_pipeline
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.imap.server import Security
from mailsync.repository import add_members
from storage.models import Purpose, Role, ShareLevel, StageKind
from storage.sessions import WriteSession
from storage.store import Store

NEW_FOR = timedelta(days=14)
"""Mail of the last two weeks counts as new, so that the demo's mailboxes are as lively as after two weeks of use."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the demo's mail server and sink listen."""

    imap_host: str
    imap_port: int
    smtp_url: str


def seed_people(store: Store, company: Company) -> dict[str, int]:
    """Add the colleagues; their user ids by key."""
    viewer = Viewer.system()
    return {
        person.key: add_person(
            store,
            viewer,
            NewPerson(person.email, person.name, Role(person.role), person.password, person.time_zone),
        )
        for person in company.people
    }


def seed_secret_addresses(store: Store, users: dict[str, int]) -> dict[str, str]:
    """A task and a feed address for everybody; tokens by the names that the sample mails use (`task:marta`)."""
    with store.database.unit_of_work() as session:
        return {
            f"{purpose.value}:{key}": create_intake_address(session, store.keys, user_id, purpose)
            for key, user_id in users.items()
            for purpose in Purpose
        }


def seed_records(store: Store, company: Company, users: dict[str, int], *, classic: bool) -> None:
    """Companies, contacts and deals as they stood before the first mail was synced; leads in Classic mode."""
    with store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC if classic else Mode.SIMPLE, ModeClient.BOTH))
        stages = _pipeline(session, company)
        companies = {
            client.key: create_company(session, client.name, domain=client.domain, responsible_id=users[client.owner])
            for client in company.clients
        }
        contacts = _contacts(session, company, users, companies)
        for deal in company.deals:
            create_deal(
                session,
                deal.title,
                stage_id=stages[deal.stage],
                contact_id=contacts[deal.contact],
                company_id=companies.get(deal.client),
                amount=deal.amount,
                currency=deal.currency,
                responsible_id=users[deal.owner],
                source="Demo",
            )
        for lead in company.leads if classic else ():
            create_lead(session, lead.title, name=lead.name, emails=[lead.email], responsible_id=users[lead.owner])


def seed_mailboxes(store: Store, settings: Settings, company: Company, users: dict[str, int], servers: Servers) -> None:
    """Connect every mailbox, each tested as a person's would be."""
    for mailbox in company.mailboxes:
        mailbox_id = add_mailbox(store, settings, _new_mailbox(mailbox, company, users, servers))
        with store.database.unit_of_work() as session:
            add_members(session, mailbox_id, [users[member] for member in mailbox.members])


def _pipeline(session: WriteSession, company: Company) -> dict[str, int]:
    add_pipeline(session, company.pipeline, [(stage.name, StageKind(stage.outcome)) for stage in company.stages])
    views = reading.pipelines(session, Viewer.system())
    return {stage.name: stage.id for view in views if view.name == company.pipeline for stage in view.stages}


def _contacts(
    session: WriteSession, company: Company, users: dict[str, int], companies: dict[str, int]
) -> dict[str, int]:
    return {
        contact.key: create_contact(
            session,
            contact.name,
            emails=[contact.email],
            phones=[contact.phone] if contact.phone else [],
            company_id=companies.get(contact.client),
            responsible_id=users[contact.owner],
            position=contact.position,
            tags=contact.tags,
            source="Demo",
        )
        for contact in company.contacts
    }


def _new_mailbox(mailbox: Mailbox, company: Company, users: dict[str, int], servers: Servers) -> NewMailbox:
    return NewMailbox(
        email=mailbox.email,
        password=mailbox.password,
        name=mailbox.name,
        imap_host=servers.imap_host,
        imap_port=servers.imap_port,
        imap_security=Security.NONE,
        smtp_url=servers.smtp_url,
        owner_id=None if mailbox.shared else users[mailbox.members[0]],
        shared=mailbox.shared,
        share_level=ShareLevel.EVERYTHING,
        new_since=utcnow() - NEW_FOR,
        receives_intake=mailbox.key == company.intake_mailbox,
        authserv_id=company.authserv_id,
    )
