"""Files that somebody deleted from a record, as long as they can be brought back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from core.clock import utcnow
from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.gone import KEPT_FOR
from crm.records.repository.naming import TABLES
from crm.records.repository.reading import names_of
from crm.records.views import Named
from crm.stream.views import RecordKey
from storage.models import ActivityBinding, RecordFile, User
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class DeletedFile:
    """A file that waits; `record`: the first of those that it stood on and that the viewer may know of."""

    id: int
    filename: str
    at: datetime
    by: str | None
    record: Named

    @property
    def goes_at(self) -> datetime:
        """When nobody can bring it back any more."""
        return self.at + KEPT_FOR


def deleted_files(session: ReadSession, viewer: Viewer, limit: int) -> list[DeletedFile]:
    """Files of records that the viewer may know of, what was deleted last first; those of deleted records come with them."""
    stands = select(ActivityBinding.id).where(ActivityBinding.activity_id == RecordFile.activity_id, _on_record(viewer))
    rows = session.execute(
        select(RecordFile.id, RecordFile.activity_id, RecordFile.filename, RecordFile.deleted_at, User.name)
        .outerjoin(User, User.id == RecordFile.deleted_by_id)
        .where(RecordFile.deleted_at > utcnow() - KEPT_FOR, stands.exists())
        .order_by(RecordFile.deleted_at.desc(), RecordFile.id.desc())
        .limit(limit)
    ).all()
    standing = _standing(session, viewer, [row.activity_id for row in rows])
    return [
        DeletedFile(row.id, row.filename, row.deleted_at, row.name, standing[row.activity_id])
        for row in rows
        if row.activity_id in standing
    ]


def _on_record(viewer: Viewer) -> ColumnElement[bool]:
    """Of `ActivityBinding`: whether it names a record that is there and that the viewer may know of."""
    of_kinds = []
    for kind, table in TABLES.items():
        there = (table.id == ActivityBinding.record_id, table.deleted_at.is_(None), *within(viewer, kind))
        of_kinds.append(and_(ActivityBinding.record_type == kind, exists().where(*there)))
    return or_(*of_kinds)


def _standing(session: ReadSession, viewer: Viewer, entry_ids: list[int]) -> dict[int, Named]:
    """By entry the first record that it stands on, its owner before others."""
    bindings = select(ActivityBinding.activity_id, ActivityBinding.record_type, ActivityBinding.record_id)
    rows = session.execute(
        bindings.where(ActivityBinding.activity_id.in_(entry_ids)).order_by(ActivityBinding.owner.desc())
    ).all()
    keys: list[RecordKey] = [(row.record_type, row.record_id) for row in rows]
    named = {(one.type, one.id): one for one in names_of(session, viewer, list(dict.fromkeys(keys)))}
    found: dict[int, Named] = {}
    for row, key in zip(rows, keys, strict=True):
        if key in named:
            found.setdefault(row.activity_id, named[key])
    return found
