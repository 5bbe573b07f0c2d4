"""Actions that ended are forgotten, and with them the bytes of drafts that only they named."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from mailsync.actions.repository.server_flags import OPEN
from storage.blobs import forget_unnamed
from storage.models import MailAction
from storage.sessions import ReadSession, WriteSession

FORGOTTEN_AT_ONCE = 2000
KEPT_DAYS = 30
"""How long settled actions can be looked up."""


def forget_settled(session: WriteSession, now: datetime) -> int:
    """Delete up to `FORGOTTEN_AT_ONCE` actions that ended long ago, but for those that tell what a server keeps marked as
    deleted; how many there were."""
    old = select(MailAction.id, MailAction.blob_id).where(
        MailAction.created_at < now - timedelta(days=KEPT_DAYS),
        MailAction.state.not_in(OPEN),
        MailAction.left_behind.is_(False),
    )
    rows = session.execute(old.limit(FORGOTTEN_AT_ONCE)).all()
    _delete(session, {row.id for row in rows})
    forget_unnamed(session, {row.blob_id for row in rows if row.blob_id is not None})
    return len(rows)


def drop_told_drafts(session: WriteSession) -> int:
    """Delete the bytes of up to `FORGOTTEN_AT_ONCE` drafts that the server has, or is not to be told of any more.

    The drafts themselves stay as messages. Returns how many there were.
    """
    ended = select(MailAction.id, MailAction.blob_id).where(
        MailAction.blob_id.is_not(None), MailAction.state.not_in(OPEN)
    )
    rows = session.execute(ended.limit(FORGOTTEN_AT_ONCE)).all()
    ids = [row.id for row in rows]
    unnamed = update(MailAction).where(MailAction.id.in_(ids)).values(blob_id=None)
    session.execute(unnamed.execution_options(synchronize_session=False))
    forget_unnamed(session, {row.blob_id for row in rows})
    return len(rows)


def forget_actions(session: WriteSession, mailbox_id: int, limit: int) -> int:
    """Forget up to `limit` actions of a mailbox that is going, with their bytes; how many there were."""
    mine = select(MailAction.id, MailAction.blob_id).where(MailAction.mailbox_id == mailbox_id)
    rows = session.execute(mine.limit(limit)).all()
    _delete(session, {row.id for row in rows})
    forget_unnamed(session, {row.blob_id for row in rows if row.blob_id is not None})
    return len(rows)


def blobs_of_drafts(session: ReadSession, message_ids: Collection[int]) -> set[int]:
    """Bytes that actions name which go together with these messages."""
    named = select(MailAction.blob_id).where(MailAction.message_id.in_(message_ids), MailAction.blob_id.is_not(None))
    return {blob_id for blob_id in session.execute(named).scalars() if blob_id is not None}


def _delete(session: WriteSession, ids: Collection[int]) -> None:
    gone = delete(MailAction).where(MailAction.id.in_(ids))
    session.execute(gone.execution_options(synchronize_session=False))
