"""Who is known of those that rows tell about, and the rows of contacts and companies that an import makes and changes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import aliased

from crm.access.viewer import Viewer
from crm.records.channels import EMAIL, PHONE
from crm.records.fields.custom import fields_of
from crm.records.fields.values import Value, canonical, is_empty
from crm.records.importing.fields import CustomFields
from crm.records.importing.picture import MOST_SHARING, Known, KnownCompany, Picture
from crm.records.importing.values import ChannelKey
from crm.records.repository.fields import custom_values, put_value, remove_value
from storage.among import among
from storage.bulk import insert_rows
from storage.folding import name_key
from storage.models import Channel, Company, Contact, FieldValue, ImportRow, RecordChange, RecordType, RowOutcome, User
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert


def colleagues(session: ReadSession, _: Viewer) -> dict[str, int]:
    """All colleagues, those who have left too, by address key and, where it is one person's, by name in lower case."""
    rows = session.execute(select(User.id, User.email_key, User.name)).all()
    names = [row.name.casefold() for row in rows]
    by_name = {name: row.id for name, row in zip(names, rows, strict=True) if names.count(name) == 1}
    return by_name | {row.email_key: row.id for row in rows}


def custom_fields(session: ReadSession, viewer: Viewer) -> CustomFields:
    """The custom fields of contacts."""
    fields = fields_of(session, viewer, RecordType.CONTACT)
    return {field.key: field for field in fields if field.custom_id is not None}


def add_companies_to(picture: Picture, session: ReadSession, names: Collection[str], domains: Collection[str]) -> None:
    """Have the picture show the companies of these names and domains; what was merged is found as what it became."""
    merged = aliased(Company)
    columns = Company.id, Company.name, Company.domain
    for column, values in ((Company.name_key, {name_key(name) for name in names}), (Company.domain, domains)):
        there = select(*columns).where(among(column, values), Company.deleted_at.is_(None))
        picture.add_companies(KnownCompany(*row) for row in session.execute(there.order_by(Company.id)))
        became = select(*columns, merged.name, merged.domain).join(merged, merged.merged_into_id == Company.id)
        became = became.where(among(getattr(merged, column.key), values), Company.deleted_at.is_(None))
        for company_id, own_name, own_domain, name, domain in session.execute(became.order_by(merged.id)):
            picture.add_companies([KnownCompany(company_id, own_name, own_domain)])
            picture.add_merged(company_id, name, domain)


def add_contacts_to(
    picture: Picture,
    session: ReadSession,
    named: Mapping[ChannelKey, Collection[str]],
    ids: Collection[int],
    run_id: int | None,
) -> None:
    """Have the picture show the contacts of these ids or channels (`trying.named_in`), and what the run did to them so far."""
    found = set(ids) | _holders(picture, session, named)
    _add(picture, session, sorted(found - picture.contacts.keys()), run_id)


def _add(picture: Picture, session: ReadSession, ids: Collection[int], run_id: int | None) -> None:
    """In a run the contacts are held first: what somebody is writing on one just now is waited for, and read."""
    wanted = select(Contact).where(among(Contact.id, ids), Contact.deleted_at.is_(None)).order_by(Contact.id)
    if isinstance(session, WriteSession):
        wanted = wanted.with_for_update()
    rows = session.execute(wanted.execution_options(populate_existing=True)).scalars().all()
    channels = _channels(session, ids)
    custom = custom_values(session, RecordType.CONTACT, list(ids))
    seen = _seen(session, run_id, ids) if run_id is not None else {}
    for row in rows:
        picture.add_contact(_known(row, channels.get(row.id, {}), custom.get(row.id, {}), seen.get(row.id)))


def _known(row: Contact, channels: dict[ChannelKey, str], custom: dict[str, Value], made: bool | None) -> Known:
    """`made`: by the run; None where no earlier row of it was about the contact."""
    return Known(
        id=row.id,
        name=row.name,
        position=row.position,
        company_id=row.company_id,
        responsible_id=row.responsible_id,
        tags=tuple(row.tags),
        source=row.source,
        notes=row.notes,
        since=None,
        channels=channels,
        custom=custom,
        touched=made is not None,
        made=bool(made),
    )


def _holders(picture: Picture, session: ReadSession, named: Mapping[ChannelKey, Collection[str]]) -> set[int]:
    """Who has these channels; of phones that are crowded only those who are called as the rows say."""
    emails, phones = ([key for kind, key in named if kind == wanted] for wanted in (EMAIL, PHONE))
    asked = [key for key in phones if (PHONE, key) not in picture.crowded]
    picture.crowded |= {(PHONE, key) for key in _crowded(session, asked)}
    crowded = [key for key in phones if (PHONE, key) in picture.crowded]
    names = {name_key(name) for key in crowded for name in named[PHONE, key]} - {""}
    told_apart = [key for key in asked if (PHONE, key) not in picture.crowded]
    found = _having(session, EMAIL, emails) | _having(session, PHONE, told_apart)
    if crowded:
        found |= _having(session, PHONE, crowded, among(Channel.record_id, _called(session, names)))
    return found


def _crowded(session: ReadSession, phones: Sequence[str]) -> set[str]:
    counted = select(Channel.key).where(*_on_contacts(PHONE, phones)).group_by(Channel.key)
    return set(session.execute(_there(counted).having(func.count() > MOST_SHARING)).scalars())


def _called(session: ReadSession, names: Collection[str]) -> list[int]:
    statement = select(Contact.id).where(among(Contact.name_key, names), Contact.deleted_at.is_(None))
    return list(session.execute(statement).scalars())


def _having(session: ReadSession, kind: str, keys: Sequence[str], *conditions: ColumnElement[bool]) -> set[int]:
    statement = select(Channel.record_id).where(*_on_contacts(kind, keys), *conditions)
    return set(session.execute(_there(statement)).scalars())


def _on_contacts(kind: str, keys: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return Channel.kind == kind, among(Channel.key, keys), Channel.record_type == RecordType.CONTACT


def _there(channels: Select[Any]) -> Select[Any]:
    """Channels of contacts that were not deleted."""
    return channels.join(Contact, and_(Contact.id == Channel.record_id, Contact.deleted_at.is_(None)))


def _channels(session: ReadSession, ids: Collection[int]) -> dict[int, dict[ChannelKey, str]]:
    found: dict[int, dict[ChannelKey, str]] = {}
    statement = select(Channel.record_id, Channel.kind, Channel.key, Channel.value).where(
        Channel.record_type == RecordType.CONTACT, among(Channel.record_id, ids)
    )
    for row in session.execute(statement.order_by(Channel.id)):
        found.setdefault(row.record_id, {})[row.kind, row.key] = row.value
    return found


def _seen(session: ReadSession, run_id: int, ids: Collection[int]) -> dict[int, bool]:
    """Contacts that earlier rows were about, and whether one of them made it."""
    statement = select(ImportRow.contact_id, ImportRow.outcome).where(
        ImportRow.run_id == run_id, among(ImportRow.contact_id, ids)
    )
    seen: dict[int, bool] = {}
    for row in session.execute(statement):
        seen[row.contact_id] = seen.get(row.contact_id, False) or row.outcome is RowOutcome.NEW
    return seen


def insert_companies(session: WriteSession, companies: list[dict[str, Any]]) -> None:
    """Rows of companies, with their ids."""
    insert_rows(session, Company, companies)


def insert_contacts(session: WriteSession, contacts: list[dict[str, Any]]) -> None:
    """Rows of contacts, with their ids."""
    insert_rows(session, Contact, contacts)


def insert_channels(session: WriteSession, rows: list[dict[str, Any]]) -> None:
    """Channels of contacts; one that somebody else has given meanwhile stays."""
    if rows:
        session.execute(upsert(session, Channel).on_conflict_do_nothing(), rows)


def field_id_of(key: str) -> int | None:
    """Of a custom field's key; None for the name of a column."""
    number = key.removeprefix("field_")
    return int(number) if number != key and number.isdigit() else None


def put_custom(session: WriteSession, contact_id: int, key: str, value: Value) -> None:
    """Fill in a custom field of a contact, or empty it."""
    field_id = field_id_of(key)
    if field_id is None:
        return
    if is_empty(value):
        remove_value(session, field_id, contact_id)
    else:
        put_value(session, field_id, contact_id, canonical(value), _number(value))


def insert_custom(session: WriteSession, values: Mapping[int, Mapping[str, Value]]) -> None:
    """Fill in custom fields of new contacts."""
    rows = [
        {"field_id": field_id_of(key), "record_id": contact_id, "text": canonical(value), "number": _number(value)}
        for contact_id, custom in values.items()
        for key, value in custom.items()
    ]
    insert_rows(session, FieldValue, rows)


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def add_history(session: WriteSession, rows: list[dict[str, Any]]) -> None:
    """What was changed on contacts, for those who ask later."""
    insert_rows(session, RecordChange, rows)


def change_contact(session: WriteSession, contact_id: int, values: Mapping[str, Any]) -> None:
    """Put values into a contact, also into its custom fields."""
    custom = {key: value for key, value in values.items() if field_id_of(key) is not None}
    for key, value in custom.items():
        put_custom(session, contact_id, key, value)
    values = {name: value for name, value in values.items() if name not in custom}
    if not values:
        return
    if "name" in values:
        values["name_key"] = name_key(values["name"])
    statement = update(Contact).where(Contact.id == contact_id).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
