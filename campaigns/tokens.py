"""What ties a request, a bounce or a reply to the one mail it is about, without an address in it.

A click or open token carries campaign, recipient and the second of sending, so that a click is judged without asking
the database. The key for unsubscribing is another one, and never ends.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.crypto import KeyRing
from delivery.message_ids import CAMPAIGN, MessageIds
from delivery.tokens import TokenCodec


@dataclass(frozen=True, slots=True)
class Mailing:
    """One mail of a campaign to one recipient."""

    campaign_id: int
    recipient_id: int
    sent_at: datetime


class CampaignTokens:
    """Makes and reads all tokens of campaign mail."""

    def __init__(self, keys: KeyRing) -> None:
        self._tracking = TokenCodec(keys, "campaign.tracking")
        self._unsubscribe = TokenCodec(keys, "campaign.unsubscribe")
        self._message_ids = MessageIds(keys, CAMPAIGN)

    def tracking(self, campaign_id: int, recipient_id: int, sent_at: int) -> str:
        """The token of `/c` and `/o`; `sent_at` in seconds."""
        return self._tracking.make(campaign_id, recipient_id, sent_at)

    def read_tracking(self, token: str) -> Mailing | None:
        """Whose mail it stood in; None for anything that we did not make."""
        ids = self._tracking.read(token)
        if ids is None or len(ids) != 3:
            return None
        return Mailing(ids[0], ids[1], datetime.fromtimestamp(ids[2], UTC))

    def unsubscribe(self, campaign_id: int, recipient_id: int) -> str:
        """The token of `/u`."""
        return self._unsubscribe.make(campaign_id, recipient_id)

    def read_unsubscribe(self, token: str) -> tuple[int, int] | None:
        """Campaign and recipient of an unsubscribe token."""
        ids = self._unsubscribe.read(token)
        return (ids[0], ids[1]) if ids is not None and len(ids) == 2 else None

    def message_id(self, recipient_id: int, domain: str) -> str:
        """The Message-ID of a mail, without brackets."""
        return self._message_ids.make(recipient_id, domain)

    def read_message_id(self, message_id: str) -> int | None:
        """The recipient whose mail this is."""
        return self._message_ids.verify(message_id)
