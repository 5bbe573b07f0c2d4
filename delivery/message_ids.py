"""Message-IDs of our own mail, signed: a reply, a bounce or a Sent copy that names one is tied to what we sent.

The left part is a token in hex digits, because relays and clients are known to change the case. The domain is for the
looks of it and is not signed.
"""

from core.crypto import KeyRing
from delivery.tokens import TokenCodec

SINGLE = "message-id"
CAMPAIGN, CAMPAIGN_TEST = "campaign.message-id", "campaign.test"
"""Kinds of mail whose Message-IDs we sign, each with a key of its own."""
_MARK = "m."


class MessageIds:
    """Makes and recognises the Message-IDs of one kind of mail (`purpose`), by its id."""

    def __init__(self, keyring: KeyRing, purpose: str = SINGLE) -> None:
        self._codec = TokenCodec(keyring, purpose, alphabet="hex")

    def make(self, outgoing_id: int, domain: str) -> str:
        """The Message-ID of a mail, without angle brackets."""
        return f"{_MARK}{self._codec.make(outgoing_id)}@{domain}"

    def verify(self, message_id: str) -> int | None:
        """The id of the mail whose Message-ID this is (with or without brackets); none if we did not make it."""
        left, _, _ = message_id.strip().removeprefix("<").partition("@")
        if not left.lower().startswith(_MARK):
            return None
        ids = self._codec.read(left[len(_MARK) :])
        return ids[0] if ids and len(ids) == 1 else None
