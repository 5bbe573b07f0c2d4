"""What undoing an import asks and changes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from crm.access.viewer import Viewer
from crm.records.importing.repository import runs
from crm.records.importing.values import ChannelKey
from crm.records.views import Named
from storage.models import (
    ActivityBinding,
    Channel,
    Company,
    Contact,
    CustomField,
    Deal,
    FieldValue,
    Follow,
    ImportRow,
    Lead,
    RecordChange,
    RecordType,
    RowOutcome,
    Undone,
)
from storage.sessions import ReadSession, WriteSession

DONE_SOMETHING = or_(ImportRow.contact_id.is_not(None), ImportRow.company_id.is_not(None))


def rows_before(session: WriteSession, run_id: int, number: int, limit: int) -> list[ImportRow]:
    """Rows before that one that did something and were not undone (an undoing may have been stopped), the last of them first."""
    statement = select(ImportRow).where(
        ImportRow.run_id == run_id, ImportRow.number < number, DONE_SOMETHING, ImportRow.undone.is_(None)
    )
    return list(session.execute(statement.order_by(ImportRow.number.desc()).limit(limit)).scalars())


def count_between(session: ReadSession, run_id: int, first: int, behind: int) -> int:
    """How many rows there are from one to before another."""
    numbers = ImportRow.number >= first, ImportRow.number < behind
    statement = select(func.count()).where(ImportRow.run_id == run_id, *numbers)
    return session.execute(statement).scalar_one()


def contacts_for_change(session: WriteSession, ids: Collection[int]) -> dict[int, Contact]:
    """Contacts that nobody else changes until this unit ends; without those that are gone."""
    wanted = select(Contact).where(Contact.id.in_(ids), Contact.deleted_at.is_(None)).order_by(Contact.id)
    return {row.id: row for row in session.execute(wanted.with_for_update()).scalars()} if ids else {}


def channels_of(session: ReadSession, ids: Collection[int]) -> dict[int, dict[ChannelKey, str]]:
    """How contacts can be reached."""
    found: dict[int, dict[ChannelKey, str]] = {}
    if ids:
        statement = select(Channel).where(Channel.record_type == RecordType.CONTACT, Channel.record_id.in_(ids))
        for row in session.execute(statement).scalars():
            found.setdefault(row.record_id, {})[row.kind, row.key] = row.value
    return found


def used(session: ReadSession, ids: Collection[int]) -> set[int]:
    """Contacts on which something stands: mail, tasks, comments, deals, leads, or what was merged into them."""
    if not ids:
        return set()
    bound = select(ActivityBinding.record_id).where(
        ActivityBinding.record_type == RecordType.CONTACT, ActivityBinding.record_id.in_(ids)
    )
    deals = select(Deal.contact_id).where(Deal.contact_id.in_(ids), Deal.deleted_at.is_(None))
    leads = select(Lead.contact_id).where(Lead.contact_id.in_(ids), Lead.deleted_at.is_(None))
    others = select(Contact.merged_into_id).where(Contact.merged_into_id.in_(ids))
    return {
        found for statement in (bound, deals, leads, others) for found in session.execute(statement).scalars() if found
    }


def merged(session: ReadSession, ids: Collection[int]) -> set[int]:
    """Contacts that became others."""
    statement = select(Contact.id).where(Contact.id.in_(ids), Contact.merged_into_id.is_not(None))
    return set(session.execute(statement).scalars()) if ids else set()


def what_became_of(session: ReadSession, companies: Collection[int]) -> dict[int, int]:
    """Companies that are there, each as itself or as that one which it was merged into."""
    if not companies:
        return {}
    asked = select(Company.id, Company.merged_into_id).where(Company.id.in_(companies))
    became = {row.id: row.merged_into_id or row.id for row in session.execute(asked)}
    there = select(Company.id).where(Company.id.in_(set(became.values())), Company.deleted_at.is_(None))
    living = set(session.execute(there).scalars())
    return {company_id: now for company_id, now in became.items() if now in living}


def remove_channel(session: WriteSession, contact_id: int, kind: str, key: str) -> None:
    """Take an address or phone from a contact."""
    statement = delete(Channel).where(
        Channel.record_type == RecordType.CONTACT,
        Channel.record_id == contact_id,
        Channel.kind == kind,
        Channel.key == key,
    )
    session.execute(statement.execution_options(synchronize_session=False))


def remove_companies(session: WriteSession, ids: Collection[int], now: datetime) -> None:
    """Remove companies on which nobody and nothing stands any more and that nobody changed; others stay."""
    if not ids:
        return
    bound = and_(ActivityBinding.record_type == RecordType.COMPANY, ActivityBinding.record_id == Company.id)
    channel = and_(Channel.record_type == RecordType.COMPANY, Channel.record_id == Company.id)
    changed = and_(RecordChange.record_type == RecordType.COMPANY, RecordChange.record_id == Company.id)
    followed = and_(Follow.record_type == RecordType.COMPANY, Follow.record_id == Company.id)
    fields = select(CustomField.id).where(CustomField.record_type == RecordType.COMPANY)
    filled_in = and_(FieldValue.field_id.in_(fields), FieldValue.record_id == Company.id)
    another = aliased(Company)
    stands = [exists().where(each) for each in (bound, channel, changed, followed, filled_in)]
    stands.append(exists().where(another.merged_into_id == Company.id))
    stands += [
        exists().where(table.company_id == Company.id, table.deleted_at.is_(None)) for table in (Contact, Deal, Lead)
    ]
    statement = update(Company).where(Company.id.in_(ids), Company.deleted_at.is_(None), ~or_(*stands))
    session.execute(statement.values(deleted_at=now).execution_options(synchronize_session=False))


def counts(session: ReadSession, run_id: int) -> dict[str, int]:
    """Contacts that were removed, put back and kept, and companies that were kept."""
    kept = select(ImportRow.contact_id).where(ImportRow.run_id == run_id, ImportRow.undone == Undone.KEPT)
    undone = select(ImportRow.contact_id).where(
        ImportRow.run_id == run_id, ImportRow.undone == Undone.UNDONE, ImportRow.contact_id.not_in(kept)
    )
    made = select(ImportRow.contact_id).where(ImportRow.run_id == run_id, ImportRow.outcome == RowOutcome.NEW)
    distinct = func.count(ImportRow.contact_id.distinct())

    def count(*conditions: ColumnElement[bool]) -> int:
        statement = select(distinct).where(ImportRow.run_id == run_id, *conditions)
        return session.execute(statement).scalar_one()

    return {
        "removed": count(ImportRow.contact_id.in_(undone), ImportRow.contact_id.in_(made)),
        "put_back": count(ImportRow.contact_id.in_(undone), ImportRow.contact_id.not_in(made)),
        "kept": count(ImportRow.undone == Undone.KEPT),
        "companies_kept": len(_companies_there(session, run_id)),
    }


def kept_contacts(session: ReadSession, viewer: Viewer, run_id: int, limit: int) -> list[Named]:
    """Who was kept, because somebody changed or used them since; who was merged into another as that one. Raises `NotFound`."""
    runs.run_view(session, viewer, run_id)
    kept = select(ImportRow.contact_id).where(ImportRow.run_id == run_id, ImportRow.undone == Undone.KEPT)
    became = select(func.coalesce(Contact.merged_into_id, Contact.id)).where(Contact.id.in_(kept))
    statement = select(Contact.id, Contact.name).where(Contact.id.in_(became)).order_by(Contact.id).limit(limit)
    return [Named(RecordType.CONTACT, row.id, row.name) for row in session.execute(statement)]


def kept_companies(session: ReadSession, viewer: Viewer, run_id: int, limit: int) -> list[Named]:
    """Companies that the import made and that are still there after it was undone. Raises `NotFound`."""
    runs.run_view(session, viewer, run_id)
    there = sorted(_companies_there(session, run_id))[:limit]
    statement = select(Company.id, Company.name).where(Company.id.in_(there)).order_by(Company.id)
    return [Named(RecordType.COMPANY, row.id, row.name) for row in session.execute(statement)]


def _companies_there(session: ReadSession, run_id: int) -> set[int]:
    made = select(ImportRow.company_id).where(ImportRow.run_id == run_id, ImportRow.company_id.is_not(None))
    statement = select(Company.id).where(Company.id.in_(made), Company.deleted_at.is_(None))
    return set(session.execute(statement).scalars())
