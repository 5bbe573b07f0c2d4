"""Messages that lie in no folder any more: since when, and which of them may go."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select, update

from mailsync.removal.repository.planning import stands_on_records
from storage.models import Message, Place
from storage.sessions import ReadSession, WriteSession

_PLACED = exists().where(Place.message_id == Message.id)


def highest_message(session: ReadSession) -> int:
    """The id up to which there are messages; 0 without any."""
    return session.execute(select(func.max(Message.id))).scalar_one() or 0


def newly_unplaced(session: ReadSession, above: int, up_to: int) -> list[int]:
    """Messages with ids in that range that lost their last place since somebody looked."""
    some = Message.id > above, Message.id <= up_to
    return list(session.execute(select(Message.id).where(*some, Message.unplaced_at.is_(None), ~_PLACED)).scalars())


def note_unplaced(session: WriteSession, message_ids: Sequence[int], now: datetime) -> None:
    """Their time begins now, for those that still lie nowhere."""
    these = update(Message).where(Message.id.in_(message_ids), Message.unplaced_at.is_(None), ~_PLACED)
    session.execute(these.values(unplaced_at=now).execution_options(synchronize_session=False))


def forget_returned(session: WriteSession) -> None:
    """Messages that came back to a folder have no time that runs."""
    back = update(Message).where(Message.unplaced_at.is_not(None), _PLACED)
    session.execute(back.values(unplaced_at=None).execution_options(synchronize_session=False))


def overdue(session: ReadSession, before: datetime, after_id: int, limit: int) -> list[int]:
    """Messages that have lain nowhere since before then, and that nothing in the CRM stands on; ascending."""
    query = select(Message.id).where(
        Message.unplaced_at < before, Message.id > after_id, ~_PLACED, ~stands_on_records(Message.id)
    )
    return list(session.execute(query.order_by(Message.id).limit(limit)).scalars())
