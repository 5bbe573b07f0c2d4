"""Step 0: which folder, which way, and whether it is news."""

from collections.abc import Sequence

from crm.intake.batch import Batch, Item
from crm.intake.context import MailboxContext
from crm.intake.mail import Person
from storage.models import Direction, FolderRole

RECIPIENTS = frozenset({"to", "cc", "bcc"})
FOLDER_WORDS = {FolderRole.JUNK: "junk", FolderRole.TRASH: "the trash", FolderRole.DRAFTS: "the drafts"}


def direction_of(people: Sequence[Person], context: MailboxContext, *, author_is_ours: bool) -> Direction:
    """Seen from the company. What a form of ours sends for somebody outside (Reply-To) comes in, from them."""
    if not author_is_ours:
        return Direction.INCOMING
    outside = {person.role for person in people if person.key and not context.is_ours(person.key)}
    if outside & RECIPIENTS:
        return Direction.OUTGOING
    return Direction.INCOMING if "reply_to" in outside else Direction.INTERNAL


def look_at_folder(batch: Batch, item: Item) -> bool:
    """Junk, Trash and Drafts stop here. Elsewhere the first place of a message in this mailbox may be news."""
    if item.kept_out:
        item.decide(
            "folder", "stored only", f"It lies in {FOLDER_WORDS[item.role]}: nothing is done until it is moved."
        )
        return True
    letter, context = item.letter, batch.context
    first_here = context.mailbox_id not in letter.arrived_in
    item.is_new = first_here and item.prepared.internal_date >= context.new_since
    if first_here:
        letter.arrived_in = [*letter.arrived_in, context.mailbox_id]
    letter.waits_as_new |= item.is_new
    if item.is_new:
        item.decide("folder", "new", f"The mail is {letter.direction.value}.")
    else:
        reason = "It is older than the connection of this mailbox." if first_here else "This mailbox has had it before."
        item.decide("folder", "not new", reason)
    return False
