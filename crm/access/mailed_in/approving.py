"""The owner's word about mail to their secret address that was held: take it after all, or let it be."""

from core.errors import Conflict, NotFound
from crm.access.mailed_in import repository
from crm.access.mailed_in.repository import MailedIn
from crm.access.viewer import Viewer
from storage.jobs import POST_FROM_MAIL, TASK_FROM_MAIL, OfIntakeDelivery, enqueue
from storage.models import IntakeState, Purpose
from storage.sessions import WriteSession

_JOBS = {Purpose.TASK: TASK_FROM_MAIL, Purpose.FEED: POST_FROM_MAIL}


def approve(session: WriteSession, viewer: Viewer, delivery_id: int) -> None:
    """Make of a held mail what its address is for. Raises `NotFound` for mail that is not the viewer's own to judge."""
    mail = _own(session, viewer, delivery_id)
    _settle(session, delivery_id, IntakeState.ACCEPTED, "Its owner approved it.")
    job = _JOBS[mail.purpose]
    enqueue(session, job, OfIntakeDelivery(delivery_id), key=f"{job.name}:{delivery_id}")


def discard(session: WriteSession, viewer: Viewer, delivery_id: int) -> None:
    """Make nothing of a held mail; the mail itself stays where it is. Raises as `approve`."""
    _own(session, viewer, delivery_id)
    _settle(session, delivery_id, IntakeState.REFUSED, "Its owner did not want it.")


def _own(session: WriteSession, viewer: Viewer, delivery_id: int) -> MailedIn:
    mail = repository.mailed_in(session, viewer, delivery_id)
    if mail is None or mail.owner.id != viewer.user_id:
        raise NotFound("There is no such mail to your secret addresses.")
    return mail


def _settle(session: WriteSession, delivery_id: int, state: IntakeState, reason: str) -> None:
    if not repository.settle_held(session, delivery_id, state, reason):
        raise Conflict("It was decided already what becomes of this mail.")
