"""Who and what is known of that which rows name: looked up, and put into the picture."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from crm.access.viewer import Viewer
from crm.records.channels import EMAIL, PHONE
from crm.records.fields.custom import fields_of
from crm.records.importing.fields import CustomFields
from crm.records.importing.kinds import Kind, further_fields
from crm.records.importing.known_clients import KnownCompany, KnownContact
from crm.records.importing.named import Named
from crm.records.importing.picture import MOST_SHARING, Known, Picture
from crm.records.importing.stages import KnownStage, Stages
from crm.records.importing.values import ChannelKey
from crm.records.repository.fields import custom_values
from crm.records.repository.naming import TABLES
from storage.among import among
from storage.folding import name_key
from storage.models import (
    Channel,
    Company,
    Contact,
    Deal,
    DealLine,
    ImportRow,
    Lead,
    LeadStage,
    LeadState,
    Pipeline,
    RecordType,
    RowOutcome,
    Stage,
    User,
)
from storage.sessions import ReadSession, WriteSession

OF_LINES = "The amount is the sum of this deal's products: change those, or leave the column out."


def colleagues(session: ReadSession, _: Viewer) -> dict[str, int]:
    """All colleagues, those who have left too, by address key and, where it is one person's, by name in lower case."""
    rows = session.execute(select(User.id, User.email_key, User.name)).all()
    names = [row.name.casefold() for row in rows]
    by_name = {name: row.id for name, row in zip(names, rows, strict=True) if names.count(name) == 1}
    return by_name | {row.email_key: row.id for row in rows}


def custom_fields(session: ReadSession, viewer: Viewer, kind: RecordType) -> CustomFields:
    """The further standard and the custom fields of records of that kind."""
    fields, further = fields_of(session, viewer, kind), further_fields(kind)
    return {field.key: field for field in fields if field.custom_id is not None or field.key in further}


def stages_of(session: ReadSession, _: Viewer, kind: RecordType) -> Stages:
    """All stages in which such records stand, in order; none of those that stand in none."""
    if kind is RecordType.LEAD:
        rows = session.execute(select(LeadStage).order_by(LeadStage.position, LeadStage.id)).scalars()
        return Stages.of([KnownStage(row.id, row.name, row.kind) for row in rows])
    if kind is not RecordType.DEAL:
        return Stages()
    asked = select(Stage, Pipeline.name).join(Pipeline, Pipeline.id == Stage.pipeline_id)
    ordered = asked.order_by(Pipeline.position, Pipeline.id, Stage.position)
    found = session.execute(ordered.execution_options(populate_existing=True)).all()
    return Stages.of([KnownStage(row.id, row.name, row.kind, row.pipeline_id, pipeline) for row, pipeline in found])


def hold_stages(session: WriteSession, kind: RecordType) -> None:
    """Let nobody delete a stage in which such records stand, until this unit ends."""
    table = {RecordType.LEAD: LeadStage, RecordType.DEAL: Stage}.get(kind)
    if table is not None:
        session.execute(select(table.id).order_by(table.id).with_for_update(read=True, key_share=True)).all()


def add_known_to(picture: Picture, session: ReadSession, named: Named, run_id: int | None) -> None:
    """Have the picture show all that rows name, and what the run did to it so far."""
    add_companies_to(picture, session, named.companies, named.domains)
    if picture.kind.names_clients:
        add_contacts_to(picture, session, named.contacts, named.emails)
    add_records_to(picture, session, named, run_id)


def add_companies_to(picture: Picture, session: ReadSession, names: Collection[str], domains: Collection[str]) -> None:
    """Have the picture show the companies of these names and domains; what was merged is found as what it became."""
    merged = aliased(Company)
    columns = Company.id, Company.name, Company.domain
    for column, values in ((Company.name_key, {name_key(name) for name in names}), (Company.domain, domains)):
        if not values:
            continue
        there = select(*columns).where(among(column, values), Company.deleted_at.is_(None))
        picture.companies.add(KnownCompany(*row) for row in session.execute(there.order_by(Company.id)))
        became = select(*columns, merged.name, merged.domain).join(merged, merged.merged_into_id == Company.id)
        became = became.where(among(getattr(merged, column.key), values), Company.deleted_at.is_(None))
        for company_id, own_name, own_domain, name, domain in session.execute(became.order_by(merged.id)):
            picture.companies.add([KnownCompany(company_id, own_name, own_domain)])
            picture.companies.add_merged(company_id, name, domain)


def add_contacts_to(picture: Picture, session: ReadSession, names: Collection[str], emails: Collection[str]) -> None:
    """Have the picture show the contacts of these names and addresses, whom leads and deals name."""
    columns, there = (Contact.id, Contact.name, Contact.company_id), Contact.deleted_at.is_(None)
    if names:
        called = select(*columns).where(among(Contact.name_key, {name_key(name) for name in names}), there)
        for row in session.execute(called.order_by(Contact.id)):
            picture.contacts.add(KnownContact(*row))
    if emails:
        having = select(*columns, Channel.key).join(Channel, Channel.record_id == Contact.id)
        having = having.where(*_on(RecordType.CONTACT, EMAIL, emails), there).order_by(Contact.id)
        for contact_id, name, company_id, key in session.execute(having):
            picture.contacts.add(KnownContact(contact_id, name, company_id), [key])


def add_records_to(picture: Picture, session: ReadSession, named: Named, run_id: int | None) -> None:
    """Have the picture show the records of the file's kind that rows name, and what the run did to them so far."""
    found = set(named.ids) | _holders(picture, session, named) | _labelled(picture, session, named.labels)
    if picture.kind.type is RecordType.COMPANY:
        found |= {company_id for company_id in picture.companies.by_id if company_id > 0}
    _add(picture, session, sorted(found - picture.records.keys()), run_id)


def _add(picture: Picture, session: ReadSession, ids: Collection[int], run_id: int | None) -> None:
    """In a run the records are held first: what somebody is writing on one just now is waited for, and read."""
    kind = picture.kind
    table = TABLES[kind.type]
    wanted = select(table).where(among(table.id, ids), *_there(kind.type)).order_by(table.id)
    if isinstance(session, WriteSession):
        wanted = wanted.with_for_update()
    rows = session.execute(wanted.execution_options(populate_existing=True)).scalars().all()
    channels = _channels(session, kind.type, ids) if kind.has_channels else {}
    custom = custom_values(session, kind.type, list(ids))
    seen = _seen(session, run_id, ids) if run_id is not None else {}
    with_lines = _with_lines(session, ids) if kind.type is RecordType.DEAL else set()
    for row in rows:
        known = _known(row, kind, channels.get(row.id, {}), custom.get(row.id, {}))
        known.touched, known.made = row.id in seen, seen.get(row.id, False)
        known.fixed = {"amount": OF_LINES} if row.id in with_lines else {}
        picture.add(known)
        if kind.type is RecordType.COMPANY:  # It may be found by an address, or by its number.
            picture.companies.add([KnownCompany(row.id, row.name, row.domain)])


def _known(row: Any, kind: Kind, channels: dict[ChannelKey, str], custom: dict[str, Any]) -> Known:
    values = {name: getattr(row, name) for name in kind.columns}
    values["tags"] = tuple(values["tags"])
    if values.get("closes_on") is not None:
        values["closes_on"] = values["closes_on"].isoformat()
    return Known(row.id, values, channels, custom)


def _holders(picture: Picture, session: ReadSession, named: Named) -> set[int]:
    """Who has these channels; of phones that are crowded only those who are called as the rows say."""
    kind = picture.kind.type
    emails, phones = ([key for sort, key in named.channels if sort == wanted] for wanted in (EMAIL, PHONE))
    asked = [key for key in phones if (PHONE, key) not in picture.crowded]
    picture.crowded |= {(PHONE, key) for key in _crowded(session, kind, asked)}
    crowded = [key for key in phones if (PHONE, key) in picture.crowded]
    told_apart = [key for key in asked if (PHONE, key) not in picture.crowded]
    found = _having(session, kind, EMAIL, emails) | _having(session, kind, PHONE, told_apart)
    if crowded:
        names = {name_key(name) for key in crowded for name in named.channels[PHONE, key]} - {""}
        found |= _having(
            session, kind, PHONE, crowded, among(Channel.record_id, _called(session, kind, crowded, names))
        )
    return found


def _crowded(session: ReadSession, kind: RecordType, phones: Sequence[str]) -> set[str]:
    if not phones:
        return set()
    counted = select(Channel.key).where(*_on(kind, PHONE, phones)).group_by(Channel.key)
    return set(session.execute(_living(counted, kind).having(func.count() > MOST_SHARING)).scalars())


def _called(session: ReadSession, kind: RecordType, phones: Sequence[str], names: Collection[str]) -> list[int]:
    """Those of a name among many with these phones. A lead has no key of its person's name: theirs are all read."""
    if kind is RecordType.LEAD:
        having = select(Lead.id, Lead.name).join(Channel, Channel.record_id == Lead.id)
        rows = session.execute(having.where(*_on(kind, PHONE, phones), *_there(kind)))
        return [row.id for row in rows if name_key(row.name) in names]
    table = TABLES[kind]
    called = select(table.id).where(among(table.name_key, names), *_there(kind))
    return list(session.execute(called).scalars())


def _labelled(picture: Picture, session: ReadSession, labels: Collection[str]) -> set[int]:
    """By name or title; deals only of the clients that rows name, or of none: many may be called “Renewal”."""
    kind = picture.kind.type
    if not labels:
        return set()
    table = TABLES[kind]
    called = select(table.id).where(among(table.name_key, {name_key(label) for label in labels}), *_there(kind))
    if kind is RecordType.DEAL:
        theirs = ((Deal.company_id, picture.companies.by_id), (Deal.contact_id, picture.contacts.by_id))
        nobodys = and_(Deal.company_id.is_(None), Deal.contact_id.is_(None))
        called = called.where(or_(nobodys, *(among(column, [*known]) for column, known in theirs if known)))
    return set(session.execute(called).scalars())


def _having(
    session: ReadSession, kind: RecordType, sort: str, keys: Sequence[str], *conditions: ColumnElement[bool]
) -> set[int]:
    if not keys:
        return set()
    statement = select(Channel.record_id).where(*_on(kind, sort, keys), *conditions)
    return set(session.execute(_living(statement, kind)).scalars())


def _on(kind: RecordType, sort: str, keys: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return Channel.kind == sort, among(Channel.key, keys), Channel.record_type == kind


def _there(kind: RecordType) -> list[ColumnElement[bool]]:
    """Records that were not deleted; a lead that was converted is a client by now."""
    conditions: list[ColumnElement[bool]] = [TABLES[kind].deleted_at.is_(None)]
    if kind is RecordType.LEAD:
        conditions.append(Lead.state != LeadState.CONVERTED)
    return conditions


def _living(channels: Select[Any], kind: RecordType) -> Select[Any]:
    """Channels of records that are there."""
    table = TABLES[kind]
    return channels.join(table, and_(table.id == Channel.record_id, *_there(kind)))


def _channels(session: ReadSession, kind: RecordType, ids: Collection[int]) -> dict[int, dict[ChannelKey, str]]:
    found: dict[int, dict[ChannelKey, str]] = {}
    statement = select(Channel.record_id, Channel.kind, Channel.key, Channel.value).where(
        Channel.record_type == kind, among(Channel.record_id, ids)
    )
    for row in session.execute(statement.order_by(Channel.id)):
        found.setdefault(row.record_id, {})[row.kind, row.key] = row.value
    return found


def _seen(session: ReadSession, run_id: int, ids: Collection[int]) -> dict[int, bool]:
    """Records that earlier rows were about, and whether one of them made it."""
    statement = select(ImportRow.record_id, ImportRow.outcome).where(
        ImportRow.run_id == run_id, among(ImportRow.record_id, ids)
    )
    seen: dict[int, bool] = {}
    for row in session.execute(statement):
        seen[row.record_id] = seen.get(row.record_id, False) or row.outcome is RowOutcome.NEW
    return seen


def _with_lines(session: ReadSession, ids: Collection[int]) -> set[int]:
    return set(session.execute(select(DealLine.deal_id).where(among(DealLine.deal_id, ids))).scalars())
