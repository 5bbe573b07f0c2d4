"""Actions that the server is still to be told about: made, found by the places they are about, cancelled."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import aliased

from mailsync.actions.repository.server_flags import OPEN
from storage.models import ActionKind, ActionState, Folder, MailAction, Place
from storage.sessions import ReadSession, WriteSession

AT_ONCE = 500
"""Ids in one IN (…)."""


@dataclass(frozen=True, slots=True)
class Act:
    """One press of a button by one person (None: the program); all that it changes carries `name`."""

    name: str
    user_id: int | None
    now: datetime


def row_of(act: Act, kind: ActionKind, place: Place) -> dict[str, Any]:
    """What every action about a place has."""
    return {
        "mailbox_id": place.mailbox_id,
        "message_id": place.message_id,
        "place_id": place.id,
        "user_id": act.user_id,
        "act": act.name,
        "kind": kind,
        "due_at": act.now,
        "created_at": act.now,
    }


def insert_actions(session: WriteSession, rows: list[dict[str, Any]]) -> None:
    """Store them; none is none."""
    if rows:
        session.execute(insert(MailAction), rows)


def cancel(session: WriteSession, rows: Sequence[MailAction]) -> set[int]:
    """Cancel those that still wait. Returns the places of those that did."""
    cancelled: set[int] = set()
    for chunk in chunks([row.id for row in rows]):
        statement = update(MailAction).where(MailAction.id.in_(chunk), MailAction.state == ActionState.WAITING)
        found = session.execute(
            statement.values(state=ActionState.CANCELLED)
            .returning(MailAction.place_id)
            .execution_options(synchronize_session=False)
        )
        cancelled.update(place_id for (place_id,) in found if place_id is not None)
    return cancelled


def open_flags(session: ReadSession, places: Sequence[Place]) -> list[MailAction]:
    """Marks that the server is still to be told about, in order."""
    return _open(session, ActionKind.FLAG, places)


def open_moves(session: ReadSession, places: Sequence[Place]) -> dict[int, MailAction]:
    """By place, the move that the server is still to be told about."""
    return {row.place_id: row for row in _open(session, ActionKind.MOVE, places) if row.place_id is not None}


def _open(session: ReadSession, kind: ActionKind, places: Sequence[Place]) -> list[MailAction]:
    found: list[MailAction] = []
    for chunk in chunks([place.id for place in places]):
        where = (MailAction.place_id.in_(chunk), MailAction.kind == kind, MailAction.state.in_(OPEN))
        found += session.execute(select(MailAction).where(*where).order_by(MailAction.id)).scalars()
    return found


def validities(session: ReadSession, folder_ids: Collection[int]) -> dict[int, int | None]:
    """By folder, as they are in the database now; labels of Gmail carry the UIDs of All Mail."""
    all_mail = aliased(Folder)
    validity = case((Folder.labels_of_id.is_(None), Folder.uidvalidity), else_=all_mail.uidvalidity)
    query = select(Folder.id, validity).outerjoin(all_mail, all_mail.id == Folder.labels_of_id)
    return {row[0]: row[1] for row in session.execute(query.where(Folder.id.in_(folder_ids)))}


def folders_by_id(session: ReadSession, folder_ids: Collection[int]) -> dict[int, Folder]:
    """These folders."""
    return {row.id: row for row in session.execute(select(Folder).where(Folder.id.in_(folder_ids))).scalars()}


def chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """So many ids as go into one statement."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
