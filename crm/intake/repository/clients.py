"""Records that mail of a batch may belong to: by address, by domain, by thread, and what is open for those clients."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, or_, select

from crm.intake.batch import Batch, Word
from crm.intake.clients import Clients, Facts
from crm.intake.phones import phones_of
from crm.intake.repository.tables import table_of
from crm.records.channels import EMAIL, PHONE
from storage.among import among_given
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
    ThreadBinding,
)
from storage.sessions import ReadSession, WriteSession

Ids = dict[RecordType, set[int]]


_CHANNEL, _ACTIVITY, _BINDING = table_of(Channel).c, table_of(Activity).c, table_of(ActivityBinding).c
_LEAD, _DEAL, _CONTACT, _COMPANY = table_of(Lead).c, table_of(Deal).c, table_of(Contact).c, table_of(Company).c
_BY_ADDRESS = select(_CHANNEL.key, _CHANNEL.record_type, _CHANNEL.record_id).where(
    _CHANNEL.kind == EMAIL, among_given(_CHANNEL.key, "keys")
)
_BY_PHONE = select(_CHANNEL.key, _CHANNEL.record_type, _CHANNEL.record_id).where(
    _CHANNEL.kind == PHONE, among_given(_CHANNEL.key, "keys")
)
_BY_THREAD = (
    select(_ACTIVITY.thread_id, _BINDING.record_type, _BINDING.record_id)
    .join_from(Activity, ActivityBinding, _BINDING.activity_id == _ACTIVITY.id)
    .where(among_given(_ACTIVITY.thread_id, "ids"))
    .distinct()
)
_BY_HAND = (
    select(
        ThreadBinding.thread_id,
        ThreadBinding.record_type,
        ThreadBinding.record_id,
        ThreadBinding.id,
        ThreadBinding.bound,
    )
    .where(among_given(table_of(ThreadBinding).c.thread_id, "ids"))
    .order_by(ThreadBinding.id)
)
_LEADS = (
    select(_LEAD.id, _LEAD.contact_id, _LEAD.company_id, _LEAD.responsible_id, _LEAD.state)
    .where(among_given(_LEAD.id, "ids"), _LEAD.deleted_at.is_(None))
    .order_by(_LEAD.id)
)
_HELD_LEADS = _LEADS.with_for_update(read=True)
"""While something is written nobody converts them beside us: what we put on a lead is handed over, or finds the client that it
became."""
_CONTACTS = select(_CONTACT.id, _CONTACT.company_id, _CONTACT.responsible_id).where(
    among_given(_CONTACT.id, "ids"), _CONTACT.deleted_at.is_(None)
)
_COMPANIES = (
    select(_COMPANY.id, _COMPANY.domain, _COMPANY.responsible_id, _COMPANY.merged_into_id)
    .where(
        or_(among_given(_COMPANY.id, "ids"), among_given(_COMPANY.domain, "domains")),
        or_(_COMPANY.deleted_at.is_(None), _COMPANY.merged_into_id.is_not(None)),
    )
    .order_by(_COMPANY.id)
)
"""With those that were merged into others: mail of their domains finds the survivor."""
_DEALS = select(
    _DEAL.id, _DEAL.contact_id, _DEAL.company_id, _DEAL.responsible_id, _DEAL.stage_kind.label("state")
).where(
    or_(
        among_given(_DEAL.id, "ids"),
        among_given(_DEAL.contact_id, "contacts") & (_DEAL.stage_kind == StageKind.OPEN),
        among_given(_DEAL.company_id, "companies") & (_DEAL.stage_kind == StageKind.OPEN),
    ),
    _DEAL.deleted_at.is_(None),
)
_LEADS_OF_CLIENTS = (
    select(_LEAD.id, _LEAD.contact_id, _LEAD.company_id, _LEAD.responsible_id, _LEAD.state)
    .where(
        or_(among_given(_LEAD.contact_id, "contacts"), among_given(_LEAD.company_id, "companies")),
        _LEAD.deleted_at.is_(None),
    )
    .order_by(_LEAD.id)
)
"""Of any state: asked for active ones, SQLite would walk through all active leads that there are."""
_HELD_LEADS_OF_CLIENTS = _LEADS_OF_CLIENTS.with_for_update(read=True)


def load_clients(
    session: ReadSession, batch: Batch, addresses: Collection[str], domains: Collection[str], threads: Collection[int]
) -> None:
    """Add to `batch.clients` and `batch.records_of` all that these can lead to. Eleven statements at most."""
    clients, ids = batch.clients, {record_type: set[int]() for record_type in RecordType}
    _by_address(session, clients, ids, addresses)
    _by_phone(session, batch, ids, addresses)
    _by_thread(session, batch, ids, threads)
    _by_hand(session, batch, ids, threads)
    _leads(session, clients, ids)
    _contacts(session, clients, ids[RecordType.CONTACT], ids)
    _companies(session, clients, ids[RecordType.COMPANY], domains)
    _items(session, clients, ids)
    _without_deleted(session, clients, ids)


def _by_address(session: ReadSession, clients: Clients, ids: Ids, addresses: Collection[str]) -> None:
    if not addresses:
        return
    for key, record_type, record_id in session.execute(_BY_ADDRESS, {"keys": addresses}):
        clients.add_address(key, (record_type, record_id))
        ids[record_type].add(record_id)


def _by_phone(session: ReadSession, batch: Batch, ids: Ids, addresses: Collection[str]) -> None:
    """Whose phone it is that a gateway names as the sender. One statement where one does, else none."""
    phones = phones_of(addresses, batch.context)
    if not phones:
        return
    senders: dict[str, list[str]] = {}
    for address, spelled in phones.items():
        for number in spelled:
            senders.setdefault(number, []).append(address)
    for number, record_type, record_id in session.execute(_BY_PHONE, {"keys": senders.keys()}):
        ids[record_type].add(record_id)
        for address in senders[number]:
            batch.clients.by_phone.setdefault(address, set()).add((record_type, record_id))


def _by_thread(session: ReadSession, batch: Batch, ids: Ids, threads: Collection[int]) -> None:
    if not threads:
        return
    for thread_id, record_type, record_id in session.execute(_BY_THREAD, {"ids": threads}):
        if thread_id is not None:
            root = batch.conversations.forest.root(thread_id)
            batch.records_of.setdefault(root, set()).add((record_type, record_id))
            ids[record_type].add(record_id)


def _by_hand(session: ReadSession, batch: Batch, ids: Ids, threads: Collection[int]) -> None:
    """What was decided about these threads, and what the posts are about whose mail this is."""
    for thread_id, kind, record_id, word_id, bound in session.execute(_BY_HAND, {"ids": threads}) if threads else ():
        batch.hear(thread_id, (kind, record_id), Word(word_id, bound))
        ids[kind].add(record_id)
    for kind, record_id in {key for keys in batch.posted.values() for key in keys}:
        ids[kind].add(record_id)


def _leads(session: ReadSession, clients: Clients, ids: Ids) -> None:
    """Leads of an address or thread, and the clients that they name."""
    if not ids[RecordType.LEAD]:
        return
    statement = _HELD_LEADS if isinstance(session, WriteSession) else _LEADS
    for row in session.execute(statement, {"ids": ids[RecordType.LEAD]}):
        clients.add(_item(RecordType.LEAD, row))
        ids[RecordType.CONTACT].update(filter(None, [row.contact_id]))
        ids[RecordType.COMPANY].update(filter(None, [row.company_id]))


def _contacts(session: ReadSession, clients: Clients, wanted: set[int], ids: Ids) -> None:
    if not wanted:
        return
    for row in session.execute(_CONTACTS, {"ids": wanted}):
        clients.add(Facts(RecordType.CONTACT, row.id, company_id=row.company_id, responsible_id=row.responsible_id))
        ids[RecordType.COMPANY].update(filter(None, [row.company_id]))


def _companies(session: ReadSession, clients: Clients, wanted: set[int], domains: Collection[str]) -> None:
    if not wanted and not domains:
        return
    rows = session.execute(_COMPANIES, {"ids": wanted, "domains": domains}).all()
    for row in [row for row in rows if row.merged_into_id is None]:
        clients.add(Facts(RecordType.COMPANY, row.id, responsible_id=row.responsible_id))
        wanted.add(row.id)
        if row.domain:
            clients.by_domain.setdefault(row.domain, row.id)
    survivors = {row.domain: row.merged_into_id for row in rows if row.merged_into_id and row.domain in domains}
    clients.by_domain = {**survivors, **clients.by_domain}
    if unknown := {each for each in survivors.values() if (RecordType.COMPANY, each) not in clients.by_key}:
        _companies(session, clients, unknown, ())


def _items(session: ReadSession, clients: Clients, ids: Ids) -> None:
    """Deals of threads, and what the clients found have: open deals, and leads."""
    given = {"contacts": ids[RecordType.CONTACT], "companies": ids[RecordType.COMPANY]}
    if any(given.values()):  # First: the deal of one that is being converted is there when we have waited for that.
        leads = _HELD_LEADS_OF_CLIENTS if isinstance(session, WriteSession) else _LEADS_OF_CLIENTS
        _add_items(session, clients, RecordType.LEAD, leads, given)
    if ids[RecordType.DEAL] or any(given.values()):
        _add_items(session, clients, RecordType.DEAL, _DEALS, {**given, "ids": ids[RecordType.DEAL]})


def _add_items(
    session: ReadSession,
    clients: Clients,
    record_type: RecordType,
    statement: Select[*tuple[Any, ...]],
    given: dict[str, set[int]],
) -> None:
    for row in session.execute(statement, given):
        clients.add(_item(record_type, row))


def _item(record_type: RecordType, row: Any) -> Facts:
    return Facts(
        record_type,
        row.id,
        row.contact_id,
        row.company_id,
        row.responsible_id,
        is_open=row.state in (StageKind.OPEN, LeadState.ACTIVE),
        is_junk=row.state is LeadState.JUNK,
    )


def _without_deleted(session: ReadSession, clients: Clients, ids: Ids) -> None:
    """Let nothing name a client that was deleted. Asked last: what a lead became while we waited for it is seen by now."""
    found = clients.by_key.values()
    further = {facts.contact_id for facts in found if facts.contact_id is not None} - ids[RecordType.CONTACT]
    asked = set(ids[RecordType.COMPANY])
    _contacts(
        session, clients, {record_id for record_id in further if not clients.has(RecordType.CONTACT, record_id)}, ids
    )
    further = {facts.company_id for facts in found if facts.company_id is not None} - asked
    _companies(
        session, clients, {record_id for record_id in further if not clients.has(RecordType.COMPANY, record_id)}, ()
    )
    for facts in found:
        if facts.contact_id is not None and not clients.has(RecordType.CONTACT, facts.contact_id):
            facts.contact_id = None
        if facts.company_id is not None and not clients.has(RecordType.COMPANY, facts.company_id):
            facts.company_id = None
