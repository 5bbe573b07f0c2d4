"""Following records."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.records.views import Named
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


def followed(
    session: ReadSession, viewer: Viewer, *, before: int | None = None, limit: int = 50
) -> tuple[list[Named], int | None]:
    """The records that the viewer follows and may know of, the latest first, out of at most `limit` that they follow; and
    `before` of the next page, None at the end."""
    query = select(Follow).where(Follow.user_id == viewer.user_id).order_by(Follow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Follow.id < before)
    rows = list(session.execute(query).scalars())
    keys = [(row.record_type, row.record_id) for row in rows]
    named = {(one.type, one.id): one for one in names_of(session, viewer, keys)}
    return [named[key] for key in keys if key in named], rows[-1].id if len(rows) == limit else None


def followers(session: ReadSession, viewer: Viewer, records: Collection[RecordKey]) -> set[int]:
    """Everybody active who follows one of the records."""
    del viewer
    if not records:
        return set()
    query = select(Follow.user_id).join(User, User.id == Follow.user_id).where(User.active.is_(True))
    return set(session.execute(query.where(or_(*(_is(record) for record in records)))).scalars())


def _is(record: RecordKey) -> ColumnElement[bool]:
    return and_(Follow.record_type == record[0], Follow.record_id == record[1])
