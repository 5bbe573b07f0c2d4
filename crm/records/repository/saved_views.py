"""Rows of saved views."""

from typing import Any

from sqlalchemy import or_, select

from crm.access.viewer import Viewer
from storage.models import RecordType, SavedView, User
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert


def views(session: ReadSession, viewer: Viewer, record_type: RecordType) -> list[tuple[SavedView, str]]:
    """Views that the viewer may open, each with the name of whose it is."""
    statement = select(SavedView, User.name).join(User, User.id == SavedView.user_id)
    statement = statement.where(SavedView.record_type == record_type)
    mine_or_shared = or_(SavedView.user_id == viewer.user_id, SavedView.shared)
    return [(row[0], row[1]) for row in session.execute(statement.where(mine_or_shared))]


def view(session: ReadSession, _: Viewer, view_id: int) -> SavedView | None:
    """One view of anybody."""
    return session.get(SavedView, view_id)


def view_for_change(session: WriteSession, viewer: Viewer, view_id: int) -> SavedView | None:
    """The same, which nobody else changes until this unit ends; no other view of the viewer gets a name meanwhile."""
    if viewer.user_id is not None:
        session.execute(select(User.id).where(User.id == viewer.user_id).with_for_update())
    return session.get(SavedView, view_id, with_for_update=True)


def names_of_own(session: ReadSession, viewer: Viewer, record_type: RecordType) -> set[str]:
    """What the viewer's own views of a list are called."""
    own = (SavedView.record_type == record_type, SavedView.user_id == viewer.user_id)
    return set(session.execute(select(SavedView.name).where(*own)).scalars())


def put(session: WriteSession, **values: Any) -> int:
    """Keep one, instead of the one that this person had by that name; its id."""
    again = {"query": values["query"], "shared": values["shared"]}
    statement = upsert(session, SavedView).values(**values)
    kept = statement.on_conflict_do_update(index_elements=["user_id", "record_type", "name"], set_=again)
    return session.execute(kept.returning(SavedView.id)).scalar_one()
