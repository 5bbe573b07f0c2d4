"""Step 2: copies of what we sent ourselves are tied to the outgoing mail they are copies of, or known as a campaign's."""

from crm.intake.batch import Batch, Item
from storage.models import FolderRole


def recognise_own(batch: Batch, item: Item) -> bool:
    """A signed id counts only in our mailbox with From ours; from anyone else the message is like any other."""
    letter, signed_id = item.letter, item.mail.signed_id
    if letter.of_campaign:
        item.decide("own mail", "of a campaign", "The campaign tells about it; it is put on no record.")
        return False
    if signed_id is None or not letter.voice.circle.author_is_ours:
        return False
    outgoing_id = batch.context.signed(signed_id)
    if outgoing_id is not None:
        letter.outgoing_id = outgoing_id
        batch.sent_copies.append((outgoing_id, item.role is FolderRole.SENT))
        item.decide("own mail", "sent from here", "It carries the id that we gave it.")
    return False
