"""Rows of edits of many records."""

from datetime import datetime

from sqlalchemy import func, select

from core.errors import NotFound
from crm.access.viewer import Viewer
from storage.models import BulkEdit, RecordChange, Role, User
from storage.sessions import ReadSession, WriteSession

NOT_THERE = "There is no such edit."


def bulk_edit(session: ReadSession, viewer: Viewer, bulk_edit_id: int) -> BulkEdit:
    """One edit, for who asked for it and for administrators. Raises `NotFound`."""
    row = session.get(BulkEdit, bulk_edit_id)
    if row is None or not (viewer.may_administer or row.user_id == viewer.user_id):
        raise NotFound(NOT_THERE)
    return row


def held(session: WriteSession, bulk_edit_id: int) -> BulkEdit | None:
    """The same for the job, which nobody else does at this moment."""
    return session.execute(select(BulkEdit).where(BulkEdit.id == bulk_edit_id).with_for_update()).scalar()


def asked_since(session: ReadSession, viewer: Viewer, since: datetime, limit: int) -> list[BulkEdit]:
    """The viewer's own edits since then, newest first."""
    statement = select(BulkEdit).where(BulkEdit.user_id == viewer.user_id, BulkEdit.at >= since)
    return list(session.execute(statement.order_by(BulkEdit.id.desc()).limit(limit)).scalars())


def changes_made(session: ReadSession, bulk_edit_id: int, skipped: int, limit: int) -> list[RecordChange]:
    """What the edit changed, in order."""
    statement = select(RecordChange).where(RecordChange.bulk_edit_id == bulk_edit_id).order_by(RecordChange.id)
    return list(session.execute(statement.offset(skipped).limit(limit)).scalars())


def count_changes(session: ReadSession, bulk_edit_id: int) -> int:
    """How many records the edit changed."""
    statement = select(func.count()).select_from(RecordChange).where(RecordChange.bulk_edit_id == bulk_edit_id)
    return session.execute(statement).scalar_one()


def viewer_of(session: ReadSession, row: BulkEdit) -> Viewer:
    """On whose behalf the job works: who asked, with the rights that they have by now."""
    if row.user_id is None:
        return Viewer.system()
    role = session.execute(select(User.role).where(User.id == row.user_id, User.active)).scalar()
    return Viewer(row.user_id, role if role is not None else Role.GUEST)
