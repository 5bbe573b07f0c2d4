"""Rows of drafts that the server is to store."""

from datetime import datetime

from sqlalchemy import insert, select, update

from mailsync.actions.repository.open_actions import Act
from mailsync.actions.repository.server_flags import OPEN
from storage.last_copies import remove_places
from storage.models import UNTOLD, ActionKind, ActionState, Folder, MailAction, Place
from storage.sessions import WriteSession

NEVER_SENT = (ActionState.WAITING, ActionState.REFUSED)


def want_stored(session: WriteSession, act: Act, folder: Folder, blob_id: int, *, due_at: datetime) -> int:
    """Have the bytes of a blob stored in `folder`; the id of the action."""
    values = {
        "mailbox_id": folder.mailbox_id,
        "user_id": act.user_id,
        "act": act.name,
        "kind": ActionKind.APPEND,
        "folder_id": folder.id,
        "blob_id": blob_id,
        "due_at": due_at,
        "created_at": act.now,
    }
    return session.execute(insert(MailAction).values(**values).returning(MailAction.id)).scalar_one()


def note_place(session: WriteSession, action_id: int, place_id: int | None, now: datetime) -> None:
    """The draft is taken in as this place: the server may be told."""
    message = select(Place.message_id).where(Place.id == place_id).scalar_subquery()
    session.execute(
        update(MailAction)
        .where(MailAction.id == action_id)
        .values(place_id=place_id, message_id=message)
        .execution_options(synchronize_session=False)
    )
    waiting = update(MailAction).where(MailAction.id == action_id, MailAction.state == ActionState.WAITING)
    session.execute(waiting.values(due_at=now).execution_options(synchronize_session=False))


def never_mind(session: WriteSession, place: Place, successor_id: int | None) -> bool:
    """Forget a draft that the server was not told of, or refused. False when it is being told, or its number is awaited.

    What was to be removed once it is stored waits for action `successor_id` instead, and for nothing where that is None.
    """
    statement = update(MailAction).where(MailAction.id == UNTOLD - place.uid, MailAction.state.in_(NEVER_SENT))
    cancelled = session.execute(
        statement.values(state=ActionState.CANCELLED)
        .returning(MailAction.id)
        .execution_options(synchronize_session=False)
    ).first()
    if cancelled is None:
        return False
    followers = update(MailAction).where(MailAction.after_id == cancelled.id, MailAction.state.in_(OPEN))
    session.execute(followers.values(after_id=successor_id).execution_options(synchronize_session=False))
    remove_places(session, [place.id])
    return True
