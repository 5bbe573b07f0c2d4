"""What somebody has decided about a conversation goes before what its mail says: records it stands on, and those it does not.

A post in the stream that goes by mail is such a word, too: its mail and the answers to it stand on what the post is about.
"""

from collections.abc import Iterator

from crm.intake.batch import Batch, Item, Letter
from crm.intake.clients import Match
from crm.intake.context import MailboxContext
from crm.intake.names import named_by_address


def outgoing_ids(item: Item, context: MailboxContext) -> Iterator[int]:
    """The mails of ours that this is a copy of or that it answers, by our signature in their ids."""
    mail = item.mail
    named = [mail.signed_id] if mail.signed_id is not None else []
    cites = (*mail.cites, *named_by_address(item, context))
    for message_id in (*named, *(cited.message_id for cited in cites)):
        if (outgoing_id := context.signed(message_id)) is not None:
            yield outgoing_id


def follow_posts(batch: Batch, item: Item) -> bool:
    """The conversation stands on what the post is about whose mail it carries or answers."""
    for outgoing_id in outgoing_ids(item, batch.context) if batch.posted else ():
        for key in batch.posted.get(outgoing_id, ()):
            batch.bind_by_hand(item.letter.voice.node, key)
    return False


def as_decided(batch: Batch, letter: Letter, match: Match) -> Match:
    """The match with what was decided by hand about its conversation."""
    words = batch.words_by_hand(letter.voice.node)
    if not words:
        return match
    bound = [batch.clients.by_key[key] for key, wanted in words.items() if wanted and key in batch.clients.by_key]
    return match.decided(bound, frozenset(key for key, wanted in words.items() if not wanted))
