"""Rows of drafts that the server is to store."""

import secrets

from sqlalchemy import insert, update

from core.clock import utcnow
from mailsync.actions.repository.open_actions import Act
from mailsync.actions.repository.server_flags import OPEN
from storage.last_copies import remove_places
from storage.models import UNTOLD, ActionKind, ActionState, MailAction, Place
from storage.sessions import WriteSession

NEVER_SENT = (ActionState.WAITING, ActionState.REFUSED)


def passing_uid() -> int:
    """The UID of a draft inside the transaction that takes it in, until its action has an id: no other place has it."""
    return 2 * UNTOLD - secrets.randbelow(-UNTOLD)


def want_stored(session: WriteSession, act: Act, place_id: int, blob_id: int) -> int:
    """Have the bytes of a blob, which were taken in as this place, stored in its folder; the id of the action."""
    place = session.get_one(Place, place_id)
    values = {
        "mailbox_id": place.mailbox_id,
        "user_id": act.user_id,
        "act": act.name,
        "kind": ActionKind.APPEND,
        "folder_id": place.folder_id,
        "place_id": place.id,
        "message_id": place.message_id,
        "blob_id": blob_id,
        "due_at": utcnow(),
        "created_at": act.now,
    }
    action_id = session.execute(insert(MailAction).values(**values).returning(MailAction.id)).scalar_one()
    place.uid = UNTOLD - action_id
    session.flush()
    return action_id


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
