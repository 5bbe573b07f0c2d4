"""Answers to campaigns: somebody's mail that names one of ours is counted, once, for the recipient it went to."""

from campaigns.bounces import note_reply
from campaigns.repository.campaigns import any_sent
from campaigns.tokens import CampaignTokens
from core.errors import NotFound
from crm.access.mail import read_message
from crm.access.viewer import Viewer
from parsers.message import parse_message
from storage.store import Store


def count_reply(store: Store, message_id: int) -> None:
    """Count a stored message as an answer where it is one; again it changes nothing."""
    with store.database.reading() as session:
        if not any_sent(session):
            return
        try:
            raw = read_message(session, store.blobs, Viewer.system(), message_id).raw
        except NotFound:  # Deleted meanwhile: nobody's answer.
            return
    parsed = parse_message(raw, limits=store.limits)
    tokens = CampaignTokens(store.keys)
    cited = (*parsed.in_reply_to, *reversed(parsed.references))
    if any(tokens.read_message_id(one) is not None for one in cited):
        with store.database.unit_of_work() as session:
            note_reply(session, tokens, message_id, iter(cited))
