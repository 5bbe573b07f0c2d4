"""Step 10: the rest of the program hears of new mail, once a message; history that is loaded says nothing."""

from crm.intake.batch import CORRESPONDENCE, Batch, Item
from storage import jobs
from storage.models import Direction

JOBS = {Direction.INCOMING: jobs.MESSAGE_RECEIVED, Direction.OUTGOING: jobs.MESSAGE_SENT}


def tell(batch: Batch, item: Item) -> bool:
    """Enqueue `message.received` or `message.sent`, keyed by the message."""
    letter = item.letter
    if item.is_new and not letter.too_many and (item.mail.kind in CORRESPONDENCE or item.letter.always_new):
        job = JOBS[letter.direction]
        args = jobs.OfMessage(letter.id, batch.context.mailbox_id)
        batch.orders.append(jobs.Order(job, args, f"{job.name}:{letter.id}"))
    return False
