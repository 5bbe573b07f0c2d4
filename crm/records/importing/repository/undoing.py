"""What undoing an import asks and changes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from crm.access.viewer import Viewer
from crm.records.importing.repository import runs
from crm.records.importing.values import ChannelKey
from crm.records.repository.naming import LABELS, MERGED_INTO, NAMED_BY, TABLES
from crm.records.views import Named
from storage.among import among
from storage.models import (
    ActivityBinding,
    Channel,
    Company,
    CustomField,
    DealLine,
    FieldValue,
    Follow,
    ImportRow,
    ImportRun,
    RecordChange,
    RecordType,
    RowOutcome,
    Undone,
)
from storage.sessions import ReadSession, WriteSession

MADE_OR_CHANGED = (ImportRow.record_id, ImportRow.contact_id, ImportRow.company_id)
MADE_FOR = {RecordType.CONTACT: ImportRow.contact_id, RecordType.COMPANY: ImportRow.company_id}
DONE_SOMETHING = or_(*(column.is_not(None) for column in MADE_OR_CHANGED))


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


def records_for_change(session: WriteSession, kind: RecordType, ids: Collection[int]) -> dict[int, Any]:
    """Records that nobody else changes until this unit ends; without those that are gone."""
    table = TABLES[kind]
    wanted = select(table).where(among(table.id, ids), table.deleted_at.is_(None)).order_by(table.id)
    return {row.id: row for row in session.execute(wanted.with_for_update()).scalars()} if ids else {}


def channels_of(session: ReadSession, kind: RecordType, ids: Collection[int]) -> dict[int, dict[ChannelKey, str]]:
    """How records can be reached."""
    found: dict[int, dict[ChannelKey, str]] = {}
    if ids:
        statement = select(Channel).where(Channel.record_type == kind, among(Channel.record_id, [*ids]))
        for row in session.execute(statement).scalars():
            found.setdefault(row.record_id, {})[row.kind, row.key] = row.value
    return found


def used(session: ReadSession, kind: RecordType, ids: Collection[int]) -> set[int]:
    """Records on which something stands: mail, tasks, comments, contacts, deals, leads, products, or what was
    merged into them."""
    if not ids:
        return set()
    bound = select(ActivityBinding.record_id).where(
        ActivityBinding.record_type == kind, among(ActivityBinding.record_id, ids)
    )
    statements: list[Select[Any]] = [bound]
    for column in NAMED_BY[kind]:
        table: Any = column.class_
        if table in TABLES.values():
            statements.append(select(column).where(among(column, ids), table.deleted_at.is_(None)))
    if kind in MERGED_INTO:
        statements.append(select(MERGED_INTO[kind]).where(among(MERGED_INTO[kind], ids)))
    if kind is RecordType.DEAL:
        statements.append(select(DealLine.deal_id).where(among(DealLine.deal_id, ids)))
    return {found for statement in statements for found in session.execute(statement).scalars() if found}


def merged(session: ReadSession, kind: RecordType, ids: Collection[int]) -> set[int]:
    """Records that became others; no deal does."""
    if not ids or kind not in MERGED_INTO:
        return set()
    table = TABLES[kind]
    statement = select(table.id).where(among(table.id, ids), MERGED_INTO[kind].is_not(None))
    return set(session.execute(statement).scalars())


def what_became_of(session: ReadSession, kind: RecordType, ids: Collection[int]) -> dict[int, int]:
    """Companies or contacts that are there, each as itself or as that one which it was merged into."""
    if not ids:
        return {}
    table, into = TABLES[kind], MERGED_INTO[kind]
    became = {row[0]: row[1] or row[0] for row in session.execute(select(table.id, into).where(among(table.id, ids)))}
    there = select(table.id).where(among(table.id, set(became.values())), table.deleted_at.is_(None))
    living = set(session.execute(there).scalars())
    return {record_id: now for record_id, now in became.items() if now in living}


def remove_channel(session: WriteSession, record_type: RecordType, record_id: int, kind: str, key: str) -> None:
    """Take an address or phone from a record."""
    statement = delete(Channel).where(
        Channel.record_type == record_type,
        Channel.record_id == record_id,
        Channel.kind == kind,
        Channel.key == key,
    )
    session.execute(statement.execution_options(synchronize_session=False))


def remove_companies(session: WriteSession, ids: Collection[int], now: datetime) -> None:
    """Remove companies that were made for rows, on which nobody and nothing stands any more and that nobody changed."""
    channel = and_(Channel.record_type == RecordType.COMPANY, Channel.record_id == Company.id)
    _remove_made(session, RecordType.COMPANY, ids, now, exists().where(channel))


def remove_contacts(session: WriteSession, ids: Collection[int], now: datetime) -> None:
    """The same with contacts; the address by which one was named is their own."""
    _remove_made(session, RecordType.CONTACT, ids, now)


def _remove_made(
    session: WriteSession, kind: RecordType, ids: Collection[int], now: datetime, *also: ColumnElement[bool]
) -> None:
    if not ids:
        return
    table = TABLES[kind]
    about = (
        and_(one.record_type == kind, one.record_id == table.id) for one in (ActivityBinding, RecordChange, Follow)
    )
    fields = select(CustomField.id).where(CustomField.record_type == kind)
    filled_in = and_(FieldValue.field_id.in_(fields), FieldValue.record_id == table.id)
    another: Any = aliased(table)
    stands = [*also, *(exists().where(each) for each in (*about, filled_in))]
    stands.append(exists().where(another.merged_into_id == table.id))
    for column in NAMED_BY[kind]:
        theirs: Any = column.class_
        if theirs in TABLES.values():
            stands.append(exists().where(column == table.id, theirs.deleted_at.is_(None)))
    statement = update(table).where(among(table.id, ids), table.deleted_at.is_(None), ~or_(*stands))
    session.execute(statement.values(deleted_at=now).execution_options(synchronize_session=False))


def counts(session: ReadSession, run: ImportRun) -> dict[str, int]:
    """Records that were removed, put back and kept, and companies and contacts that were made for them and kept."""
    of_run = ImportRow.run_id == run.id
    kept = select(ImportRow.record_id).where(of_run, ImportRow.undone == Undone.KEPT)
    undone = select(ImportRow.record_id).where(
        of_run, ImportRow.undone == Undone.UNDONE, ImportRow.record_id.not_in(kept)
    )
    made = select(ImportRow.record_id).where(of_run, ImportRow.outcome == RowOutcome.NEW)
    distinct = func.count(ImportRow.record_id.distinct())

    def count(*conditions: ColumnElement[bool]) -> int:
        return session.execute(select(distinct).where(of_run, *conditions)).scalar_one()

    return {
        "removed": count(ImportRow.record_id.in_(undone), ImportRow.record_id.in_(made)),
        "put_back": count(ImportRow.record_id.in_(undone), ImportRow.record_id.not_in(made)),
        "kept": count(ImportRow.undone == Undone.KEPT),
        "companies_kept": len(_made_there(session, RecordType.COMPANY, run.id)),
        "contacts_kept": len(_made_there(session, RecordType.CONTACT, run.id)),
    }


def kept_records(session: ReadSession, viewer: Viewer, run_id: int, limit: int) -> list[Named]:
    """What was kept, because somebody changed or used it since; what was merged into another as that one. Raises `NotFound`."""
    kind = runs.run_view(session, viewer, run_id).record_type
    table, into = TABLES[kind], MERGED_INTO.get(kind)
    kept = select(ImportRow.record_id).where(ImportRow.run_id == run_id, ImportRow.undone == Undone.KEPT)
    became = select(table.id if into is None else func.coalesce(into, table.id)).where(table.id.in_(kept))
    statement = select(table.id, LABELS[kind]).where(table.id.in_(became)).order_by(table.id).limit(limit)
    return [Named(kind, row[0], row[1]) for row in session.execute(statement)]


def kept_clients(session: ReadSession, viewer: Viewer, run_id: int, limit: int) -> list[Named]:
    """Contacts and companies that were made for rows and that are still there after it was undone. Raises `NotFound`."""
    runs.run_view(session, viewer, run_id)
    found: list[Named] = []
    for kind in MADE_FOR:
        table = TABLES[kind]
        there = sorted(_made_there(session, kind, run_id))[:limit]
        statement = select(table.id, LABELS[kind]).where(table.id.in_(there)).order_by(table.id)
        found += [Named(kind, row[0], row[1]) for row in session.execute(statement)]
    return found


def _made_there(session: ReadSession, kind: RecordType, run_id: int) -> set[int]:
    column, table = MADE_FOR[kind], TABLES[kind]
    made = select(column).where(ImportRow.run_id == run_id, column.is_not(None))
    return set(session.execute(select(table.id).where(table.id.in_(made), table.deleted_at.is_(None))).scalars())
