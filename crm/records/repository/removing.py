"""Removing a deleted record for ever, so many rows at a time: what names it, and what stands on nothing without it.

Mail stays: a message is its mailbox's, and what it was on a record is only its line in the story. That line goes where no
other record has it, so that the mail may stand on a new record of its sender.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, delete, exists, func, select, update
from sqlalchemy.orm import aliased

from crm.access.viewer import Viewer
from crm.records.gone import Record
from crm.records.paths import record_path
from crm.records.repository.naming import BOUND, MERGED_INTO, NAMED_BY, TABLES, of_kind
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Comment,
    DuplicatePair,
    Notification,
    Place,
    RecordFile,
    RecordMerge,
    RecordType,
)
from storage.sessions import ReadSession, WriteSession

OWNERSHIP = (RecordType.DEAL, RecordType.LEAD, RecordType.CONTACT, RecordType.COMPANY)
"""Which record an activity belongs to first."""
BY_HAND = (ActivityKind.COMMENT, ActivityKind.CALL, ActivityKind.MEETING)


@dataclass(frozen=True, slots=True)
class Going:
    """What nobody finds any more once the record is removed: notes, calls and files of it alone, and mail that it alone has
    kept."""

    notes: int
    mails: int
    files: int


def going(session: ReadSession, viewer: Viewer, record: Record) -> Going:
    """What goes with a record when it is removed for ever."""
    del viewer
    elsewhere = aliased(ActivityBinding)
    only_here = (
        ActivityBinding.record_type == record[0],
        ActivityBinding.record_id == record[1],
        ~exists().where(elsewhere.activity_id == Activity.id, elsewhere.id != ActivityBinding.id),
    )
    placed = exists().where(Place.message_id == Activity.message_id)
    unplaced = (Activity.kind == ActivityKind.MAIL) & ~placed
    files = select(func.count()).where(RecordFile.activity_id == Activity.id, RecordFile.deleted_at.is_(None))
    query = select(
        func.count().filter(Activity.kind.in_(BY_HAND)),
        func.count().filter(unplaced),
        func.coalesce(func.sum(files.correlate(Activity).scalar_subquery()), 0),
    )
    query = query.select_from(ActivityBinding).join(Activity, Activity.id == ActivityBinding.activity_id)
    return Going(*session.execute(query.where(*only_here)).one())


def with_merged(session: ReadSession, record: Record) -> list[int]:
    """The id of a record and of those that were merged into it."""
    kind, record_id = record
    merged = MERGED_INTO.get(kind)
    if merged is None:
        return [record_id]
    table: Any = TABLES[kind]
    return [record_id, *session.execute(select(table.id).where(merged == record_id)).scalars()]


def take_off_story(session: WriteSession, kind: RecordType, ids: Sequence[int], limit: int) -> int:
    """Take up to so many entries off these records; those that stand on no other go, with what was said about them."""
    here = (ActivityBinding.record_type == kind, ActivityBinding.record_id.in_(ids))
    rows = session.execute(select(ActivityBinding.id, ActivityBinding.activity_id).where(*here).limit(limit)).all()
    if not rows:
        return 0
    _execute(session, delete(ActivityBinding).where(ActivityBinding.id.in_([row.id for row in rows])))
    activities = {row.activity_id for row in rows}
    bound = select(ActivityBinding.activity_id).where(ActivityBinding.activity_id.in_(activities))
    elsewhere = set(session.execute(bound).scalars())
    _forget_activities(session, activities - elsewhere)
    _give_owner(session, elsewhere)
    return len(rows)


def take_out_of_columns(session: WriteSession, kind: RecordType, ids: Sequence[int], limit: int) -> int:
    """Let up to so many rows name nobody any more, where they name these; how many."""
    changed = 0
    for column in NAMED_BY[kind]:
        table = column.class_
        some = select(table.id).where(column.in_(ids)).limit(limit - changed)
        these = list(session.execute(some).scalars())
        if these:
            _execute(session, update(table).where(table.id.in_(these)).values({column.key: None}))
        changed += len(these)
        if changed >= limit:
            break
    return changed


def remove_rows(session: WriteSession, kind: RecordType, ids: Sequence[int]) -> None:
    """Remove these records, whom nothing big names any more, and the little that does: channels, followers, notifications."""
    for table in BOUND:
        _execute(session, delete(table).where(of_kind(table, kind), table.record_id.in_(ids)))
    links = [record_path((kind, record_id)) for record_id in ids]
    _execute(session, delete(Notification).where(Notification.link.in_(links)))
    _execute(session, delete(RecordMerge).where(RecordMerge.record_type == kind, RecordMerge.survivor_id.in_(ids)))
    either = DuplicatePair.first_id.in_(ids) | DuplicatePair.second_id.in_(ids)
    _execute(session, delete(DuplicatePair).where(DuplicatePair.record_type == kind, either))
    table = TABLES[kind]
    merged = MERGED_INTO.get(kind)
    if merged is not None:
        _execute(session, delete(table).where(merged.in_(ids)))
    _execute(session, delete(table).where(table.id.in_(ids)))


def _forget_activities(session: WriteSession, ids: set[int]) -> None:
    if ids:
        said = (Comment.subject_type == "activity", Comment.subject_id.in_(ids))
        _execute(session, delete(Comment).where(*said))
        _execute(session, delete(Activity).where(Activity.id.in_(ids)))


def _give_owner(session: WriteSession, activity_ids: set[int]) -> None:
    """Let those of which the owner went belong to the first that is left: deal, lead, contact, company."""
    if not activity_ids:
        return
    owned = set(
        session.execute(
            select(ActivityBinding.activity_id).where(
                ActivityBinding.activity_id.in_(activity_ids), ActivityBinding.owner
            )
        ).scalars()
    )
    heirs: dict[int, int] = {}
    left = select(ActivityBinding.activity_id, ActivityBinding.id).where(
        ActivityBinding.activity_id.in_(activity_ids - owned)
    )
    for activity_id, binding_id in session.execute(left.order_by(_rank(), ActivityBinding.record_id)):
        heirs.setdefault(activity_id, binding_id)
    if heirs:
        _execute(session, update(ActivityBinding).where(ActivityBinding.id.in_(heirs.values())).values(owner=True))


def _rank() -> ColumnElement[int]:
    ranks = {kind.value: rank for rank, kind in enumerate(OWNERSHIP)}
    return case(ranks, value=ActivityBinding.record_type, else_=len(ranks))


def _execute(session: WriteSession, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
