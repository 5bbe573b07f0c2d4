"""The ledger as the sender uses it: attempts written down before they are made, results in batches behind them.

Results of the last group and attempts of the next travel in one commit. Nothing is sent until its attempt is durable;
nothing that was answered is forgotten, because a batch that could not be written stays in hand until it is, and the
trail beside the ledger tells the next process how far this one had come.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from campaigns.outcomes import Ending
from campaigns.repository import ledger
from campaigns.repository.ledger import Claimed
from campaigns.repository.suppression import suppress
from campaigns.trail import Trail
from core.addresses import address_key
from core.errors import Conflict, Transient
from storage import leases
from storage.leases import HeldLease
from storage.models import SendState
from storage.sessions import WriteSession
from storage.store import Store

BOUNCED = "bounced"
PATIENCE = (0.1, 0.5, 2.0, 5.0)
"""Seconds between tries to write while the database is busy or away."""
T = TypeVar("T")


class Bookkeeper:
    """Writes one campaign's ledger, one unit of work after the other, in a thread of its own."""

    def __init__(self, store: Store, campaign_id: int, lease: HeldLease, data_dir: Path) -> None:
        self._store = store
        self._campaign_id = campaign_id
        self._lease = lease
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._turn = asyncio.Lock()
        self._trail = Trail(data_dir, campaign_id, lease.fence)
        self._endings: list[tuple[Ending, str]] = []
        self.sent = 0

    def hand_over(self, recipient_id: int) -> None:
        """The mail goes to the connections now."""
        self._trail.handed(recipient_id)

    def note(self, ending: Ending, address: str) -> None:
        """An attempt has ended; the trail knows at once, the ledger with the next unit."""
        self._trail.ended(ending.settled)
        self._endings.append((ending, address))
        self.sent += ending.settled.state is SendState.SENT

    async def claim(self, limit: int) -> list[Claimed]:
        """The next recipients. Raises `Conflict` when another process has the campaign now."""

        def work(session: WriteSession) -> list[Claimed]:
            if not leases.still_held(session, self._lease):
                raise Conflict("This campaign is sent by another process now.")
            return ledger.claim(session, self._campaign_id, self._lease.fence, limit)

        async with self._turn:
            return await self._unit(work)

    async def exchange(self, about_to_send: Sequence[int]) -> set[int]:
        """Write down all results so far and the attempts that follow; returns those that may be sent."""
        async with self._turn:
            endings, self._endings = self._endings, []

            def work(session: WriteSession) -> set[int]:
                self._write(session, endings)
                if not about_to_send:
                    return set()
                return ledger.mark_attempted(session, self._campaign_id, self._lease.fence, about_to_send)

            try:
                return await self._unit(work)
            except BaseException:
                # Also when cancelled while the thread writes: results written twice change nothing, lost ones put
                # mails that were sent in doubt.
                self._endings = endings + self._endings
                raise

    async def flush(self) -> None:
        """Write down the results so far, if there are any."""
        if self._endings:
            await self.exchange([])

    async def close(self, *, complete: bool) -> None:
        """Write what is left, give back what was not attempted, and end the thread.

        `complete` says that every attempt has its end; else the trail is left for whoever goes on.
        """
        written = False
        try:
            await self.flush()
            await self._give_back()
            written = True
        finally:
            self._trail.close(complete=complete and written)
            self._thread.shutdown(wait=False)

    async def _give_back(self) -> None:
        def work(session: WriteSession) -> int:
            return ledger.give_back(session, self._campaign_id, self._lease.fence)

        async with self._turn:
            await self._unit(work)

    def _write(self, session: WriteSession, endings: Sequence[tuple[Ending, str]]) -> None:
        if endings:
            ledger.settle(session, self._lease.fence, [ending.settled for ending, _ in endings])
            barred = [address_key(address) for ending, address in endings if ending.bars]
            suppress(session, barred, BOUNCED, self._campaign_id)

    async def _unit(self, work: Callable[[WriteSession], T]) -> T:
        loop = asyncio.get_running_loop()
        for seconds in PATIENCE:
            try:
                return await loop.run_in_executor(self._thread, self._commit, work)
            except Transient:
                await asyncio.sleep(seconds)
        return await loop.run_in_executor(self._thread, self._commit, work)

    def _commit(self, work: Callable[[WriteSession], T]) -> T:
        with self._store.database.unit_of_work() as session:
            return work(session)
