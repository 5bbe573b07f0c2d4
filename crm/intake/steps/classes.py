"""Step 4: what no person wrote goes its own way."""

from crm.intake.batch import CORRESPONDENCE, MASS_MAIL, Batch, Item
from parsers.model import Kind
from storage import jobs
from storage.models import Direction

WORDS = {
    Kind.BOUNCE: "It reports that a mail could not be delivered.",
    Kind.COMPLAINT: "It reports a complaint about a mail of ours.",
    Kind.AUTO_REPLY: "A program answered, not a person.",
    Kind.OUT_OF_OFFICE: "The other side is away.",
    Kind.RECEIPT: "It only tells that a mail was read or delivered.",
    Kind.BULK: "It went to many people, or the server took it for spam: it creates nothing.",
    Kind.LIST: "It came by a mailing list: it creates nothing.",
}


def sort_by_class(batch: Batch, item: Item) -> bool:
    """Bounces and complaints become a job when they are new; other automatic mail stays in its thread only.

    Each copy is judged by itself: one server may take for spam what another does not.
    """
    kind = item.mail.kind
    if kind in CORRESPONDENCE:
        return False
    item.decide("class", kind.value, WORDS[kind])
    is_report = kind in (Kind.BOUNCE, Kind.COMPLAINT) and item.letter.direction is Direction.INCOMING
    if is_report and item.is_new:
        args = jobs.OfMessage(item.letter.id, batch.context.mailbox_id)
        batch.orders.append(jobs.Order(jobs.CAMPAIGN_BOUNCE, args, f"campaigns.bounce:{item.letter.id}"))
    return kind not in MASS_MAIL
