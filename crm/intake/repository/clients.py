"""Records that mail of a batch may belong to: by address, by domain, by thread, and what is open for those clients."""

from collections.abc import Collection

from sqlalchemy import and_, or_, select

from crm.intake.batch import Batch
from crm.intake.clients import Clients, Facts
from crm.intake.repository.among import among
from crm.records.channels import EMAIL
from storage.models import (
    Activity,
    ActivityBinding,
    Channel,
    Company,
    Contact,
    Deal,
    Lead,
    LeadState,
    RecordType,
    StageKind,
)
from storage.sessions import WriteSession

Ids = dict[RecordType, set[int]]


def load_clients(
    session: WriteSession, batch: Batch, addresses: Collection[str], domains: Collection[str], threads: Collection[int]
) -> None:
    """Add to `batch.clients` and `batch.records_of` all that these can lead to. Seven statements at most."""
    clients, ids = batch.clients, {record_type: set[int]() for record_type in RecordType}
    _by_address(session, clients, ids, addresses)
    _by_thread(session, batch, ids, threads)
    _leads(session, clients, ids)
    _contacts(session, clients, ids)
    _companies(session, clients, ids, domains)
    _items(session, clients, ids)


def _by_address(session: WriteSession, clients: Clients, ids: Ids, addresses: Collection[str]) -> None:
    if not addresses:
        return
    statement = select(Channel.key, Channel.record_type, Channel.record_id).where(
        Channel.kind == EMAIL, among(Channel.key, addresses)
    )
    for key, record_type, record_id in session.execute(statement):
        clients.add_address(key, (record_type, record_id))
        ids[record_type].add(record_id)


def _by_thread(session: WriteSession, batch: Batch, ids: Ids, threads: Collection[int]) -> None:
    if not threads:
        return
    statement = (
        select(Activity.thread_id, ActivityBinding.record_type, ActivityBinding.record_id)
        .join(ActivityBinding, ActivityBinding.activity_id == Activity.id)
        .where(among(Activity.thread_id, threads))
        .distinct()
    )
    for thread_id, record_type, record_id in session.execute(statement):
        if thread_id is not None:
            root = batch.conversations.forest.root(thread_id)
            batch.records_of.setdefault(root, set()).add((record_type, record_id))
            ids[record_type].add(record_id)


def _leads(session: WriteSession, clients: Clients, ids: Ids) -> None:
    """Leads of an address or thread, and the clients that they name."""
    if not ids[RecordType.LEAD]:
        return
    statement = select(Lead.id, Lead.contact_id, Lead.company_id, Lead.responsible_id, Lead.state).where(
        among(Lead.id, ids[RecordType.LEAD]), Lead.deleted_at.is_(None)
    )
    for row in session.execute(statement):
        is_open = row.state is LeadState.ACTIVE
        clients.add(Facts(RecordType.LEAD, row.id, row.contact_id, row.company_id, row.responsible_id, is_open))
        ids[RecordType.CONTACT].update(filter(None, [row.contact_id]))
        ids[RecordType.COMPANY].update(filter(None, [row.company_id]))


def _contacts(session: WriteSession, clients: Clients, ids: Ids) -> None:
    if not ids[RecordType.CONTACT]:
        return
    statement = select(Contact.id, Contact.company_id, Contact.responsible_id).where(
        among(Contact.id, ids[RecordType.CONTACT]), Contact.deleted_at.is_(None)
    )
    for row in session.execute(statement):
        clients.add(Facts(RecordType.CONTACT, row.id, company_id=row.company_id, responsible_id=row.responsible_id))
        ids[RecordType.COMPANY].update(filter(None, [row.company_id]))


def _companies(session: WriteSession, clients: Clients, ids: Ids, domains: Collection[str]) -> None:
    ways = []
    if ids[RecordType.COMPANY]:
        ways.append(among(Company.id, ids[RecordType.COMPANY]))
    if domains:
        ways.append(among(Company.domain, domains))
    if not ways:
        return
    statement = select(Company.id, Company.domain, Company.responsible_id).where(
        or_(*ways), Company.deleted_at.is_(None)
    )
    for row in session.execute(statement.order_by(Company.id)):
        clients.add(Facts(RecordType.COMPANY, row.id, responsible_id=row.responsible_id))
        ids[RecordType.COMPANY].add(row.id)
        if row.domain:
            clients.by_domain.setdefault(row.domain, row.id)


def _items(session: WriteSession, clients: Clients, ids: Ids) -> None:
    """Deals of threads, and everything that is open for the clients found."""
    contacts, companies = ids[RecordType.CONTACT], ids[RecordType.COMPANY]
    for table, record_type, is_open, takes_mail in (
        (Deal, RecordType.DEAL, StageKind.OPEN, Deal.stage_kind == StageKind.OPEN),
        (Lead, RecordType.LEAD, LeadState.ACTIVE, Lead.state == LeadState.ACTIVE),
    ):
        ways = []
        if ids[record_type] and record_type is RecordType.DEAL:
            ways.append(among(table.id, ids[record_type]))
        if contacts:
            ways.append(and_(among(table.contact_id, contacts), takes_mail))
        if companies:
            ways.append(and_(among(table.company_id, companies), takes_mail))
        if not ways:
            continue
        state = Deal.stage_kind if table is Deal else Lead.state
        columns = (table.id, table.contact_id, table.company_id, table.responsible_id, state.label("state"))
        for row in session.execute(select(*columns).where(or_(*ways), table.deleted_at.is_(None))):
            clients.add(
                Facts(record_type, row.id, row.contact_id, row.company_id, row.responsible_id, row.state is is_open)
            )
