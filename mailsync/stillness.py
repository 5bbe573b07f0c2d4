"""A mailbox in which nothing moves, seen by one command and without asking the store.

Thousands of idle mailboxes are looked at every minute. When a pass found every folder as it was, what the server told of
them is kept as a digest; while it tells the same, another pass would find nothing either. What only the store knows (what
people did or chose, a folder to be tried again) comes with a nudge, and every quarter of an hour a pass asks it all the same.
"""

import asyncio
from dataclasses import dataclass

from core.jitter import jittered
from mailsync.imap.connection import ImapConnection

TRUSTED_SECONDS = 750.0
"""A fifth less or more, so that thousands of mailboxes that became still together do not ask the store together."""


@dataclass(slots=True)
class Stillness:
    """What the server told when a pass last found that nothing had moved and nothing was owed."""

    _picture: bytes | None = None
    _until: float = 0.0

    def begin(self, picture: bytes | None) -> None:
        """A pass has found nothing to do, and the server told this; None where another pass may find something all the same."""
        self._picture = picture
        self._until = asyncio.get_running_loop().time() + jittered(TRUSTED_SECONDS)

    async def lasts(self, connection: ImapConnection) -> bool:
        """Ask the server whether all stands as it did. Raises the connection's errors."""
        if self._picture is None or asyncio.get_running_loop().time() >= self._until:
            return False
        return await connection.picture() == self._picture
