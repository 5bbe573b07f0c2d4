"""The `sync` role: watches every connected mailbox, thousands of them in one asyncio process.

Each mailbox has its own connections, its own failures and its own lease; none of them can stop another. The list of
mailboxes is looked at every few seconds, so a mailbox that was just added, resumed or released elsewhere is taken up.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from core.clock import utcnow
from core.config import Settings
from core.errors import Conflict, Transient
from core.logging import get_logger
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.actions.repository.queue import mailboxes_with_due
from mailsync.turns import Turns
from mailsync.waiting import first_of
from mailsync.watching import MailboxWatch
from storage import leases
from storage.leases import HeldLease
from storage.models import Queue
from storage.sessions import WriteSession
from storage.store import Store
from workers.holding import Hands

LOOK_SECONDS = 1.0
LEASE = "mailbox:"
LEASE_MARGIN = timedelta(seconds=5)
"""What a lease must still last when a batch is about to be committed: the commit takes its time too."""
REST_SECONDS = 15.0
NOTED_EVERY = 10.0
"""Seconds between two notes of when mailboxes in which nothing moves were looked at."""
LOGINS_AT_ONCE = 10
FIRST_PASSES_AT_ONCE = 20
"""More would only share the processor; fewer would have it wait for slow servers."""
AT_ONE_HOST = 8
"""Of these, and so of the logins too: mailboxes at a host that does not answer leave something for the others."""
GRACE_SECONDS = 5.0
"""For the batch in hand; a server that is silent just now is not waited for."""

log = get_logger(__name__)


class SyncRole:
    """Takes mailboxes by lease and watches them."""

    name = "sync"

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._login_slot = asyncio.Semaphore(LOGINS_AT_ONCE)
        self._turns = Turns(FIRST_PASSES_AT_ONCE, AT_ONE_HOST)
        self._hands = Hands(store, LEASE, self._watch, GRACE_SECONDS, shares=True)
        self._watches: dict[int, MailboxWatch] = {}
        self._asked: dict[int, datetime | None] = {}
        self._still: dict[int, datetime] = {}
        self._noted_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop`; a batch in hand is stored first, then connections are closed and leases given back."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake(queue: Queue) -> None:
            if queue is Queue.NOW:  # Somebody waits, perhaps for a mail server to be told what they did.
                loop.call_soon_threadsafe(woken.set)

        forget = self._store.database.notifier.listen(wake)
        try:
            while not stop.is_set():
                woken.clear()
                try:
                    await self._look()
                except Transient:
                    log.warning("sync.waiting")
                await first_of(LOOK_SECONDS, stop, woken)
        finally:
            forget()
            await self._hands.end()

    async def _look(self) -> None:
        """Take up what is free, let go of what is paused or gone, and pass on who was asked for a pass since the last look."""
        wanted, acting = await self._hands.aside(self._wanted)
        for mailbox_id, watch in self._watches.items():
            if mailbox_id in acting:
                watch.acting.set()
            if mailbox_id in acting or wanted.get(mailbox_id) != self._asked.get(mailbox_id):
                watch.nudged.set()
        self._asked = wanted
        await self._hands.look(wanted)
        await self._note_still()

    async def _note_still(self) -> None:
        """Now and then, when each mailbox in which nothing moved was last looked at: one unit of work for all of them."""
        now = asyncio.get_running_loop().time()
        if not self._still or now - self._noted_at < NOTED_EVERY:
            return
        ended, self._still, self._noted_at = self._still, {}, now
        await self._hands.aside(partial(self._note_quiet_passes, ended))

    def _note_quiet_passes(self, ended: Mapping[int, datetime]) -> None:
        with self._store.database.unit_of_work() as session:
            repository.note_quiet_passes(session, ended)

    def _wanted(self) -> tuple[dict[int, datetime | None], set[int]]:
        """Mailboxes to be watched, when somebody last asked each for a pass, and those whose server is to be told
        what people did."""
        with self._store.database.reading() as session:
            return repository.to_be_watched(session, Viewer.system()), mailboxes_with_due(session, utcnow())

    def _still_at(self, mailbox_id: int, began: datetime) -> None:
        self._still[mailbox_id] = began

    async def _watch(self, mailbox_id: int, lease: HeldLease, stop: asyncio.Event) -> None:
        """One mailbox's trouble stays its own: what nobody foresaw is logged, and tried again at the next look."""

        def fence(session: WriteSession) -> None:
            if not leases.still_held(session, lease, margin=LEASE_MARGIN):
                raise Conflict("This mailbox is worked on by another process now.")

        watch = MailboxWatch(
            self._store, self._settings, mailbox_id, fence, self._login_slot, self._turns, on_still=self._still_at
        )
        self._watches[mailbox_id] = watch
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
        finally:
            del self._watches[mailbox_id]


async def _rest(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), REST_SECONDS)
