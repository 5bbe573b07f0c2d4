"""Names of our own mail beside its Message-ID: of the address that an answer is sent to, and those that relays give it."""

from core.addresses import address_key
from crm.intake.batch import Batch, Item
from crm.intake.context import MailboxContext
from crm.intake.mail import Cited
from crm.intake.understanding import hashed_id
from delivery.reply_addresses import named_message


def named_by_address(item: Item, context: MailboxContext) -> tuple[Cited, ...]:
    """The mails of ours that it answers by the address that it was sent to: signed by us, at an address of ours."""
    return tuple(
        Cited(name, hashed_id(name))
        for address in item.mail.sent_to
        if (name := named_message(address))
        and context.is_ours(address_key(address))
        and context.signed(name) is not None
    )


def own_outgoing(item: Item, context: MailboxContext) -> int | None:
    """The mail of ours that this is a copy of: with our signature, and From ours."""
    signed_id = item.mail.signed_id
    if signed_id is None or not item.letter.voice.circle.author_is_ours:
        return None
    return context.signed(signed_id)


def own_names(batch: Batch, item: Item) -> tuple[Cited, ...]:
    """What else a copy of a mail of ours is called: the id that we gave it, where a relay replaced that, and the relay's."""
    outgoing_id = own_outgoing(item, batch.context)
    if outgoing_id is None or item.mail.signed_id is None:
        return ()
    ours = item.mail.signed_id.strip().strip("<>")
    names = (Cited(name, hashed_id(name)) for name in (ours, *batch.known_as.get(outgoing_id, ())))
    return tuple(name for name in names if name.hash != item.mail.id_hash)
