"""Step 6: mail among ourselves is nobody's business, and neither is mail that pretends to be ours."""

from crm.intake.batch import Batch, Item
from storage.models import Direction


def leave_out_internal(_: Batch, item: Item) -> bool:
    """Stop where all participants are our own people, or where From is ours and our server says that is not true.

    Where From is somebody else's, that is only noted: mail of many clients fails such checks, by their own mistakes.
    """
    if item.letter.says_to_be_ours_falsely:
        item.decide("sender", "false", "It says to be from us, and the mailbox's server found that it is not.")
        return True
    if item.letter.direction is Direction.INTERNAL:
        item.decide("people", "internal", "Everybody in it is one of us.")
        return True
    if item.authenticated is False:
        item.decide("sender", "not confirmed", "The mailbox's server found that it is not from whom it says to be.")
    elif item.letter.authenticated is False:
        item.decide("sender", "not confirmed", "Another mailbox's server found that it is not from whom it says to be.")
    return False
