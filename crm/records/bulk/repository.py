"""Rows of edits of many records."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from core.errors import NotFound
from crm.access.roles import viewers
from crm.access.viewer import Viewer
from storage.models import BulkEdit, BulkEditPart, RecordChange, Stage
from storage.sessions import ReadSession, WriteSession

NOT_THERE = "There is no such edit."
IN_ONE_PART = 500


def bulk_edit(session: ReadSession, viewer: Viewer, bulk_edit_id: int) -> BulkEdit:
    """One edit, for who asked for it and for administrators. Raises `NotFound`."""
    row = session.get(BulkEdit, bulk_edit_id)
    if row is None or not (viewer.may_administer or row.user_id == viewer.user_id):
        raise NotFound(NOT_THERE)
    return row


def add(session: WriteSession, row: BulkEdit, record_ids: Sequence[int]) -> None:
    """Keep an edit and which records it is for."""
    session.add(row)
    session.flush()
    parts = [
        {"bulk_edit_id": row.id, "first": first, "record_ids": list(record_ids[first : first + IN_ONE_PART])}
        for first in range(0, len(record_ids), IN_ONE_PART)
    ]
    session.execute(insert(BulkEditPart), parts)


def next_records(session: ReadSession, row: BulkEdit, limit: int) -> list[int]:
    """The next so many records of an edit, or fewer where a part of them ends."""
    part = _part_with(session, row, row.done)
    start = row.done - part.first
    return part.record_ids[start : start + limit]


def keep_made(session: WriteSession, row: BulkEdit, made: Sequence[dict[str, Any]]) -> None:
    """Note what was done to some of the next records, for the undoing."""
    if made:
        part = _part_with(session, row, row.done)
        part.made = [*part.made, *made]


def next_made(session: ReadSession, row: BulkEdit, limit: int) -> tuple[list[dict[str, Any]], int]:
    """The next so many of what was done, for the undoing, and how many records are passed then; of one part of them."""
    part = _part_with(session, row, row.undone_to)
    start = row.undone_to - part.first
    some = part.made[start : start + limit]
    passed = row.undone_to + len(some)
    return some, passed if start + len(some) < len(part.made) else part.first + len(part.record_ids)


def hold_deal_stages(session: WriteSession, stage_ids: Collection[int]) -> None:
    """Nobody deletes these stages until this unit ends, as `crm.records.repository.writing.stage`."""
    held_ids = select(Stage.id).where(Stage.id.in_(stage_ids)).order_by(Stage.id)
    session.execute(held_ids.with_for_update(read=True, key_share=True)).all()


def held(session: WriteSession, bulk_edit_id: int) -> BulkEdit | None:
    """The same for the job, which nobody else does at this moment."""
    statement = select(BulkEdit).where(BulkEdit.id == bulk_edit_id).with_for_update()
    return session.execute(statement.execution_options(populate_existing=True)).scalar()


def asked_since(session: ReadSession, viewer: Viewer, since: datetime, limit: int) -> list[BulkEdit]:
    """The viewer's own edits since then, newest first; administrators see everybody's."""
    statement = select(BulkEdit).where(BulkEdit.at >= since)
    if not viewer.may_administer:
        statement = statement.where(BulkEdit.user_id == viewer.user_id)
    return list(session.execute(statement.order_by(BulkEdit.id.desc()).limit(limit)).scalars())


def changes_made(session: ReadSession, bulk_edit_id: int, after: int, limit: int) -> list[RecordChange]:
    """What the edit changed, in order, behind the change of that id."""
    of_it = (RecordChange.bulk_edit_id == bulk_edit_id, RecordChange.id > after)
    return list(session.execute(select(RecordChange).where(*of_it).order_by(RecordChange.id).limit(limit)).scalars())


def count_changes(session: ReadSession, bulk_edit_id: int) -> int:
    """How many records the edit changed."""
    statement = select(func.count()).select_from(RecordChange).where(RecordChange.bulk_edit_id == bulk_edit_id)
    return session.execute(statement).scalar_one()


def viewer_of(session: ReadSession, row: BulkEdit) -> Viewer:
    """On whose behalf the job works: who asked, with the rights that they have by now."""
    return viewers.viewer_of(session, row.user_id)


def _part_with(session: ReadSession, row: BulkEdit, place: int) -> BulkEditPart:
    of_it = (BulkEditPart.bulk_edit_id == row.id, BulkEditPart.first <= place)
    return session.execute(select(BulkEditPart).where(*of_it).order_by(BulkEditPart.first.desc()).limit(1)).scalar_one()
