"""Following records."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.stream.views import RecordKey
from storage.models import Follow, User
from storage.sessions import ReadSession, WriteSession


def follow(session: WriteSession, viewer: Viewer, record: RecordKey) -> None:
    """Hear of everything on the record from now on. Raises `NotFound` when there is none for this viewer."""
    if viewer.user_id is None or not names_of(session, viewer, [record]):
        raise NotFound("There is no such record, or it was deleted.")
    dialect_insert = postgresql.insert if session.on_postgresql else sqlite.insert
    row = {"user_id": viewer.user_id, "record_type": record[0], "record_id": record[1]}
    session.execute(dialect_insert(Follow).values(**row).on_conflict_do_nothing())


def unfollow(session: WriteSession, viewer: Viewer, record: RecordKey) -> None:
    """Hear no more of it."""
    session.execute(delete(Follow).where(_is(record), Follow.user_id == viewer.user_id))


def is_following(session: ReadSession, viewer: Viewer, record: RecordKey) -> bool:
    """Whether the viewer follows the record."""
    return bool(session.execute(select(exists().where(_is(record), Follow.user_id == viewer.user_id))).scalar())


def followers(session: ReadSession, viewer: Viewer, records: Collection[RecordKey]) -> set[int]:
    """Everybody active who follows one of the records."""
    del viewer
    if not records:
        return set()
    query = select(Follow.user_id).join(User, User.id == Follow.user_id).where(User.active.is_(True))
    return set(session.execute(query.where(or_(*(_is(record) for record in records)))).scalars())


def _is(record: RecordKey) -> ColumnElement[bool]:
    return and_(Follow.record_type == record[0], Follow.record_id == record[1])
