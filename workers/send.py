"""The `send` role: every campaign that is due or being sent, each under its own lease, all in one asyncio process.

One campaign's trouble stays its own. The list is looked at every second and whenever a campaign was started or resumed
in this process; a server that takes nothing is left alone for a while, longer each time.
"""

import asyncio
from dataclasses import dataclass

from campaigns.outcomes import RetryPolicy
from campaigns.repository import campaigns, ledger
from campaigns.running import CampaignRun
from core.config import Settings
from core.errors import Conflict, Transient
from core.logging import get_logger
from mailsync.oauth.tokens import access_token
from storage.leases import HeldLease
from storage.models import Queue
from storage.store import Store
from workers.holding import Hands

LOOK_SECONDS = 1.0
REST_SECONDS = 15.0
"""After a failure that nobody foresaw."""
GRACE_SECONDS = 15.0
"""For the mails that a server is taking just now; what it has not answered by then is in doubt."""

log = get_logger(__name__)


@dataclass(slots=True)
class Rest:
    """A campaign that is left alone until `until` (loop time), after so many `troubles` in a row."""

    until: float
    troubles: int = 0


class SendRole:
    """Takes campaigns by lease and sends them."""

    name = "send"

    def __init__(self, store: Store, settings: Settings, policy: RetryPolicy | None = None) -> None:
        self._store = store
        self._settings = settings
        self._policy = policy or RetryPolicy()
        self._hands = Hands(store, ledger.LEASE, self._send, GRACE_SECONDS)
        self._rests: dict[int, Rest] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; what the connections hold is finished, and campaigns go on at the next start."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake(queue: Queue) -> None:
            if queue is Queue.BULK:
                loop.call_soon_threadsafe(woken.set)

        forget = self._store.database.notifier.listen(wake)
        try:
            while not stop.is_set():
                woken.clear()
                try:
                    await self._look()
                except Transient:
                    log.warning("send.waiting")
                await self._pause(woken, stop)
        finally:
            forget()
            await self._hands.end()

    async def _pause(self, woken: asyncio.Event, stop: asyncio.Event) -> None:
        """Until something happens, or for a second."""
        events = [asyncio.create_task(woken.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait([*events, *self._hands.tasks], timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for event in events:
            event.cancel()

    async def _look(self) -> None:
        """Take up what waits and does not rest; what is held ends by itself."""
        now = asyncio.get_running_loop().time()
        waiting = await self._hands.aside(self._wanted)
        resting = {campaign_id for campaign_id, rest in self._rests.items() if rest.until > now}
        await self._hands.look(self._hands.ids | (set(waiting) - resting))

    async def _send(self, campaign_id: int, lease: HeldLease, stop: asyncio.Event) -> None:
        """Work on one campaign; what nobody foresaw is logged and tried again after a rest."""
        rest = self._rests.setdefault(campaign_id, Rest(0.0))
        seconds = LOOK_SECONDS / 2
        try:
            run = CampaignRun(self._store, self._settings, campaign_id, lease, self._policy, access_token)
            trouble = await run.work(stop)
        except Conflict:
            log.info("campaign.lost", campaign_id=campaign_id)
        except Exception:
            log.exception("campaign.crashed", campaign_id=campaign_id)
            seconds = REST_SECONDS
        else:
            if trouble is None:
                rest.troubles = 0
            else:
                usual = self._policy.trouble[min(rest.troubles, len(self._policy.trouble) - 1)]
                seconds = max(usual, trouble.retry_after or 0.0)
                rest.troubles += 1
                log.warning("campaign.server_in_trouble", campaign_id=campaign_id, again_in=seconds)
        rest.until = asyncio.get_running_loop().time() + seconds

    def _wanted(self) -> list[int]:
        with self._store.database.reading() as session:
            return campaigns.to_be_worked_on(session)
