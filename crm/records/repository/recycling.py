"""Rows of records that are deleted, restored, and removed for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from core.clock import utcnow
from core.cursors import Cursor
from core.errors import NotFound
from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.gone import KEPT_FOR, NOT_THERE, Deleted, InRecycleBin, Merged, Record
from crm.records.repository.files import files_on
from crm.records.repository.naming import LABELS, MERGED_INTO, NAMED_BY, TABLES
from crm.records.repository.removing import BY_HAND
from crm.records.views import Person
from storage.models import Activity, ActivityBinding, ActivityKind, Follow, RecordType, User
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a record. `people` are the contacts of a company, `notes` what was written or planned by hand."""

    deals: int = 0
    leads: int = 0
    people: int = 0
    mails: int = 0
    tasks: int = 0
    notes: int = 0
    files: int = 0
    followers: int = 0


@dataclass(frozen=True, slots=True)
class BinFilter:
    """Which deleted records are listed: all words in the name; those behind `behind`."""

    words: str = ""
    type: RecordType | None = None
    behind: Cursor | None = None
    limit: int = 50


def why_gone(session: ReadSession, viewer: Viewer, record: Record) -> NotFound:
    """What to answer when a record is asked for and is not there: `InRecycleBin`, `Merged`, or that there is none."""
    kind, record_id = record
    merged = MERGED_INTO.get(kind)
    survivor = literal(None) if merged is None else merged
    table: Any = TABLES[kind]
    row = session.execute(
        select(LABELS[kind], table.deleted_at, User.id, User.name, survivor)
        .outerjoin(User, User.id == table.deleted_by_id)
        .where(table.id == record_id, *within(viewer, kind))
    ).one_or_none()
    if row is None:
        return NotFound(NOT_THERE)
    name, deleted_at, user_id, user_name, survivor_id = row
    if survivor_id is not None:
        return Merged(record, survivor_id)
    if deleted_at is None or deleted_at <= utcnow() - KEPT_FOR:
        return NotFound(NOT_THERE)
    return InRecycleBin(Deleted(kind, record_id, name, deleted_at, Person(user_id, user_name) if user_id else None))


def hanging(session: ReadSession, viewer: Viewer, record: Record) -> Hanging:
    """What hangs on a record that the viewer sees, counted: of other records those that they see."""
    kind, record_id = record
    here = (ActivityBinding.record_type == kind, ActivityBinding.record_id == record_id)
    kinds = (
        select(Activity.kind, func.count())
        .join(ActivityBinding, ActivityBinding.activity_id == Activity.id)
        .where(*here, Activity.deleted_at.is_(None))
        .group_by(Activity.kind)
    )
    found: dict[ActivityKind, int] = dict(session.execute(kinds).all())
    return Hanging(
        deals=_named_in(session, viewer, RecordType.DEAL, record),
        leads=_named_in(session, viewer, RecordType.LEAD, record),
        people=_named_in(session, viewer, RecordType.CONTACT, record),
        mails=found.get(ActivityKind.MAIL, 0),
        tasks=found.get(ActivityKind.TASK, 0),
        notes=sum(found.get(each, 0) for each in BY_HAND),
        files=files_on(session, record) if found.get(ActivityKind.FILE) else 0,
        followers=session.execute(
            select(func.count()).select_from(Follow).where(Follow.record_type == kind, Follow.record_id == record_id)
        ).scalar_one(),
    )


def deleted_records(session: ReadSession, viewer: Viewer, wanted: BinFilter) -> list[Deleted]:
    """What is in the recycle bin of records that the viewer may know of, what was deleted last first."""
    kinds = [wanted.type] if wanted.type else list(RecordType)
    rows = union_all(*(_bin_rows(viewer, kind, wanted) for kind in kinds)).subquery()
    columns = rows.c
    query = select(columns.type, columns.id, columns.name, columns.at, User.id, User.name)
    query = query.outerjoin(User, User.id == columns.by_id)
    found = session.execute(query.order_by(columns.at.desc(), columns.id.desc()).limit(wanted.limit))
    return [
        Deleted(RecordType(kind), record_id, name, at, Person(user_id, user_name) if user_id else None)
        for kind, record_id, name, at, user_id, user_name in found
    ]


def record_for_change(session: WriteSession, record: Record) -> Any:
    """The row of a record, deleted or not, that nobody else changes until this unit ends; None where there is none."""
    table: Any = TABLES[record[0]]
    return session.execute(select(table).where(table.id == record[1]).with_for_update()).scalar()


def expired(session: ReadSession, now: datetime, limit: int) -> list[Record]:
    """Records of which the time in the recycle bin is over."""
    found: list[Record] = []
    for kind in RecordType:
        table: Any = TABLES[kind]
        rows = select(table.id).where(table.deleted_at <= now - KEPT_FOR, *_not_merged(kind))
        found += [(kind, record_id) for record_id in session.execute(rows.order_by(table.id).limit(limit)).scalars()]
    return found


def _bin_rows(viewer: Viewer, kind: RecordType, wanted: BinFilter) -> Select[*tuple[Any, ...]]:
    table: Any = TABLES[kind]
    label = LABELS[kind]
    conditions = [table.deleted_at > utcnow() - KEPT_FOR, *_not_merged(kind), *within(viewer, kind)]
    conditions += [label.icontains(word, autoescape=True) for word in wanted.words.split()]
    if (last := wanted.behind) is not None:
        conditions.append((table.deleted_at < last.at) | ((table.deleted_at == last.at) & (table.id < last.id)))
    columns = select(
        literal(kind.value).label("type"),
        table.id.label("id"),
        label.label("name"),
        table.deleted_at.label("at"),
        table.deleted_by_id.label("by_id"),
    )
    return columns.where(*conditions)


def _not_merged(kind: RecordType) -> list[Any]:
    merged = MERGED_INTO.get(kind)
    return [] if merged is None else [merged.is_(None)]


def _named_in(session: ReadSession, viewer: Viewer, kind: RecordType, record: Record) -> int:
    """How many records of a kind that the viewer sees, and which are not deleted, name this one."""
    table: Any = TABLES[kind]
    columns: Sequence[Any] = [column for column in NAMED_BY[record[0]] if column.class_ is table]
    if not columns:
        return 0
    living = (columns[0] == record[1], table.deleted_at.is_(None), *within(viewer, kind))
    return session.execute(select(func.count()).select_from(table).where(*living)).scalar_one()
