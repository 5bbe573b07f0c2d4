"""What a further copy of a mail changes on its activity, which the first one made."""

from sqlalchemy import ColumnElement, select, update

from crm.intake.batch import Batch
from crm.records.repository.writing import hand_over
from storage.models import Activity
from storage.sessions import WriteSession


def write_second_looks(session: WriteSession, batch: Batch) -> None:
    """Deadlines and owners that mail has got by being news in this mailbox."""
    for message_id, deadline in batch.late_deadlines.items():
        waits = (Activity.message_id == message_id, Activity.deadline.is_(None), Activity.completed_at.is_(None))
        _update(session, waits, deadline=deadline)
    for move in batch.moves:
        activity_ids = (
            session.execute(select(Activity.id).where(Activity.message_id == move.message_id)).scalars().all()
        )
        hand_over(session, list(activity_ids), move.bindings)
        if move.responsible_id is not None:
            _update(session, (Activity.message_id == move.message_id,), responsible_id=move.responsible_id)


def _update(session: WriteSession, where: tuple[ColumnElement[bool], ...], **values: object) -> None:
    session.execute(update(Activity).where(*where).values(**values).execution_options(synchronize_session=False))
