"""What a further copy of a mail changes on its activity, which the first one made."""

from sqlalchemy import ColumnElement, delete, select, update

from crm.intake.batch import Batch, Move
from crm.intake.clients import ITEMS
from crm.records.repository.writing import hand_over
from storage.models import Activity, ActivityBinding
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
        if move.leaves_items:
            _leave_items(session, list(activity_ids), move)
        if move.responsible_id is not None:
            _update(session, (Activity.message_id == move.message_id,), responsible_id=move.responsible_id)


def _leave_items(session: WriteSession, activity_ids: list[int], move: Move) -> None:
    for record_type in ITEMS:
        stay = [record_id for kind, record_id in move.bindings if kind is record_type]
        gone = delete(ActivityBinding).where(
            ActivityBinding.activity_id.in_(activity_ids),
            ActivityBinding.record_type == record_type,
            ActivityBinding.record_id.not_in(stay),
        )
        session.execute(gone.execution_options(synchronize_session=False))


def _update(session: WriteSession, where: tuple[ColumnElement[bool], ...], **values: object) -> None:
    session.execute(update(Activity).where(*where).values(**values).execution_options(synchronize_session=False))
