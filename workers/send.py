"""The `send` role: every campaign that is due or being sent, each under its own lease, all in one asyncio process.

One campaign's trouble stays its own. The list is looked at every second and whenever a campaign was started or resumed
in this process; a server that takes nothing is left alone for a while, longer each time.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from campaigns.outcomes import RetryPolicy
from campaigns.repository import campaigns, ledger
from campaigns.running import CampaignRun
from core.config import Settings
from core.errors import Conflict, Transient
from core.logging import get_logger
from storage import leases
from storage.leases import HeldLease
from storage.models import Queue
from storage.store import Store
from workers.scheduler import holder_name

LOOK_SECONDS = 1.0
LEASE_FOR = timedelta(seconds=45)
RENEW_AFTER = 15.0
GRACE_SECONDS = 15.0
"""For the mails that a server is taking just now; what it has not answered by then is in doubt."""

log = get_logger(__name__)


@dataclass(slots=True)
class Held:
    """A campaign in our hands."""

    lease: HeldLease
    task: asyncio.Task[None]
    stop: asyncio.Event
    renewed_at: float


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
        self._holder = holder_name()
        self._held: dict[int, Held] = {}
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
            await asyncio.gather(*(self._let_go(campaign_id) for campaign_id in list(self._held)))

    async def _pause(self, woken: asyncio.Event, stop: asyncio.Event) -> None:
        """Until something happens, or for a second."""
        events = [asyncio.create_task(woken.wait()), asyncio.create_task(stop.wait())]
        tasks = [held.task for held in self._held.values() if not held.task.done()]
        await asyncio.wait([*events, *tasks], timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for event in events:
            event.cancel()

    async def _look(self) -> None:
        """Take up what waits, renew what is held, let go of what has ended."""
        now = asyncio.get_running_loop().time()
        for campaign_id, held in list(self._held.items()):
            if held.task.done():
                await self._let_go(campaign_id)
            elif now - held.renewed_at > RENEW_AFTER:
                await self._renew(campaign_id, held)
        for campaign_id in await asyncio.to_thread(self._wanted):
            rest = self._rests.get(campaign_id)
            if campaign_id in self._held or (rest is not None and rest.until > now):
                continue
            lease = await asyncio.to_thread(self._acquire, campaign_id)
            if lease is not None:
                stop = asyncio.Event()
                task = asyncio.create_task(self._guarded(campaign_id, lease, stop))
                self._held[campaign_id] = Held(lease, task, stop, now)

    async def _guarded(self, campaign_id: int, lease: HeldLease, stop: asyncio.Event) -> None:
        """Work on one campaign; what nobody foresaw is logged and tried again after a rest."""
        rest = self._rests.setdefault(campaign_id, Rest(0.0))
        seconds = LOOK_SECONDS / 2
        try:
            trouble = await CampaignRun(self._store, self._settings, campaign_id, lease, self._policy).work(stop)
        except Conflict:
            log.info("campaign.lost", campaign_id=campaign_id)
        except Exception:
            log.exception("campaign.crashed", campaign_id=campaign_id)
            seconds = RENEW_AFTER
        else:
            if trouble is None:
                rest.troubles = 0
            else:
                seconds = self._policy.trouble[min(rest.troubles, len(self._policy.trouble) - 1)]
                rest.troubles += 1
                log.warning("campaign.server_in_trouble", campaign_id=campaign_id, again_in=seconds)
        rest.until = asyncio.get_running_loop().time() + seconds

    async def _renew(self, campaign_id: int, held: Held) -> None:
        lease = await asyncio.to_thread(self._acquire, campaign_id)
        if lease is None or lease.fence != held.lease.fence:
            await self._let_go(campaign_id)
        else:
            held.renewed_at = asyncio.get_running_loop().time()

    async def _let_go(self, campaign_id: int) -> None:
        held = self._held.pop(campaign_id)
        held.stop.set()
        _, late = await asyncio.wait([held.task], timeout=GRACE_SECONDS)
        for task in late:
            task.cancel()
            await asyncio.wait([task], timeout=5)
        await asyncio.to_thread(self._release, held.lease)

    def _wanted(self) -> list[int]:
        with self._store.database.reading() as session:
            return campaigns.to_be_worked_on(session)

    def _acquire(self, campaign_id: int) -> HeldLease | None:
        with self._store.database.unit_of_work() as session:
            return leases.acquire(session, f"{ledger.LEASE}{campaign_id}", self._holder, LEASE_FOR)

    def _release(self, lease: HeldLease) -> None:
        with self._store.database.unit_of_work() as session:
            leases.release(session, lease)
