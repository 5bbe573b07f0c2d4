"""What every step of a pass works with: the store, the connection, the lease on the mailbox, how far back to go."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from core.config import Settings
from mailsync.imap.connection import ImapConnection
from mailsync.traffic.metering import Meter
from storage.sessions import ReadSession, WriteSession
from storage.store import Store

T = TypeVar("T")

Fence = Callable[[WriteSession], None]
"""Raises when the lease on the mailbox is lost; called inside every transaction of a pass."""


@dataclass(frozen=True, slots=True)
class SyncContext:
    """One pass over one mailbox through one connection."""

    store: Store
    settings: Settings
    connection: ImapConnection
    mailbox_id: int
    depth_since: datetime | None
    fence: Fence
    on_stored: Callable[[int], None]
    """Told how many messages each batch stored: progress for people, and the beat of a supervisor."""
    meter: Meter
    """Counts what the connection moves, and knows what waits because the provider bounds it by the day."""

    async def read(self, question: Callable[[ReadSession], T]) -> T:
        """What `question` finds, asked in a thread: the loop never waits for the database."""

        def asked() -> T:
            with self.store.database.reading() as session:
                return question(session)

        return await asyncio.to_thread(asked)

    async def write(self, change: Callable[[WriteSession], T]) -> T:
        """One unit of work in a thread, under the lease. Raises what the fence raises when the lease is lost."""

        def written() -> T:
            with self.meter.counting() as count, self.store.database.unit_of_work() as session:
                self.fence(session)
                count(session)
                return change(session)

        return await asyncio.to_thread(written)
