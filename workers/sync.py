"""The `sync` role: watches every connected mailbox, thousands of them in one asyncio process.

Each mailbox has its own connections, its own failures and its own lease; none of them can stop another. The list of
mailboxes is looked at every few seconds, so a mailbox that was just added, resumed or released elsewhere is taken up.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.config import Settings
from core.errors import Conflict, Transient
from core.logging import get_logger
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.watching import MailboxWatch
from storage import leases
from storage.leases import HeldLease
from storage.models import MailboxState
from storage.sessions import WriteSession
from storage.store import Store
from workers.scheduler import holder_name

LOOK_SECONDS = 1.0
LEASE_FOR = timedelta(seconds=45)
RENEW_AFTER = 15.0
LOGINS_AT_ONCE = 10
GRACE_SECONDS = 5.0
"""For the batch in hand; a server that is silent just now is not waited for."""
NEEDS_A_PERSON = (MailboxState.PAUSED, MailboxState.DISABLED, MailboxState.AUTH_FAILED)

log = get_logger(__name__)


@dataclass(slots=True)
class Watched:
    """A mailbox in our hands."""

    lease: HeldLease
    task: asyncio.Task[None]
    stop: asyncio.Event
    renewed_at: float
    nudged: asyncio.Event
    asked_at: datetime | None = None

    def nudge(self, asked_at: datetime | None) -> None:
        """Have a pass made now, if somebody has asked for one since the last look."""
        if asked_at is not None and asked_at != self.asked_at:
            self.asked_at = asked_at
            self.nudged.set()


class SyncRole:
    """Takes mailboxes by lease and watches them."""

    name = "sync"

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._holder = holder_name()
        self._login_slot = asyncio.Semaphore(LOGINS_AT_ONCE)
        self._watched: dict[int, Watched] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop`; a batch in hand is stored first, then connections are closed and leases given back."""
        while not stop.is_set():
            try:
                await self._look()
            except Transient:
                log.warning("sync.waiting")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        await asyncio.gather(*(self._let_go(mailbox_id) for mailbox_id in list(self._watched)))

    async def _look(self) -> None:
        """Take up what is free, renew what is held, let go of what is paused or gone."""
        wanted = await asyncio.to_thread(self._wanted)
        for mailbox_id, watched in self._watched.items():
            watched.nudge(wanted.get(mailbox_id))
        for mailbox_id in list(self._watched):
            watched = self._watched[mailbox_id]
            if mailbox_id not in wanted or watched.task.done():
                await self._let_go(mailbox_id)
            elif asyncio.get_running_loop().time() - watched.renewed_at > RENEW_AFTER:
                await self._renew(mailbox_id, watched)
        for mailbox_id in wanted.keys() - self._watched.keys():
            lease = await asyncio.to_thread(self._acquire, mailbox_id)
            if lease is not None:
                self._take_up(mailbox_id, lease)

    def _wanted(self) -> dict[int, datetime | None]:
        """Mailboxes to be watched, and when somebody last asked each for a pass."""
        with self._store.database.reading() as session:
            rows = repository.mailboxes(session, Viewer.system())
        return {row.id: row.pass_wanted_at for row in rows if row.state not in NEEDS_A_PERSON}

    def _take_up(self, mailbox_id: int, lease: HeldLease) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def fence(session: WriteSession) -> None:
            if not leases.still_held(session, lease):
                raise Conflict("This mailbox is worked on by another process now.")

        watch = MailboxWatch(self._store, self._settings, mailbox_id, fence, self._login_slot)
        task = asyncio.create_task(self._guarded(watch, mailbox_id, stop))
        self._watched[mailbox_id] = Watched(lease, task, stop, loop.time(), watch.nudged)

    async def _guarded(self, watch: MailboxWatch, mailbox_id: int, stop: asyncio.Event) -> None:
        """One mailbox's trouble stays its own: what nobody foresaw is logged, and tried again at the next look."""
        try:
            await watch.run(stop)
        except Conflict:
            log.info("mailbox.lost", mailbox_id=mailbox_id)
        except Transient:  # Not the mail server, which the watch looks after: our own database.
            log.warning("mailbox.waiting", mailbox_id=mailbox_id)
            await _rest(stop)
        except Exception:
            log.exception("mailbox.crashed", mailbox_id=mailbox_id)
            await _rest(stop)

    async def _renew(self, mailbox_id: int, watched: Watched) -> None:
        lease = await asyncio.to_thread(self._acquire, mailbox_id)
        if lease is None or lease.fence != watched.lease.fence:
            await self._let_go(mailbox_id)
        else:
            watched.renewed_at = asyncio.get_running_loop().time()

    def _acquire(self, mailbox_id: int) -> HeldLease | None:
        with self._store.database.unit_of_work() as session:
            return leases.acquire(session, f"mailbox:{mailbox_id}", self._holder, LEASE_FOR)

    async def _let_go(self, mailbox_id: int) -> None:
        watched = self._watched.pop(mailbox_id)
        watched.stop.set()
        _, late = await asyncio.wait([watched.task], timeout=GRACE_SECONDS)
        for task in late:
            task.cancel()
            await asyncio.wait([task], timeout=GRACE_SECONDS)
        with suppress(Transient):  # It ends by itself.
            await asyncio.to_thread(self._release, watched.lease)

    def _release(self, lease: HeldLease) -> None:
        with self._store.database.unit_of_work() as session:
            leases.release(session, lease)


async def _rest(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), RENEW_AFTER)
