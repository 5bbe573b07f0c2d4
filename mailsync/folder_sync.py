"""One folder, brought up to date: new mail, a slice of history, flags, and what vanished.

Batches are fetched ahead while earlier ones are stored; each is one transaction that stores its messages, remembers
those that did not come as gaps, and moves the mark. Whatever is cut off between two batches is simply asked for again.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.config import Settings
from core.logging import get_logger
from crm.intake.arrival import Arrival
from crm.intake.preparing import prepare
from crm.intake.taking import Taken, take_in_safely
from mailsync import repository
from mailsync.fetching import Batch, fetch_batch, plan
from mailsync.imap.connection import ImapConnection
from mailsync.imap.fetch import Fetched
from mailsync.imap.folders import FolderStatus, Selected
from mailsync.imap.uidset import MAX_UID, UidSet
from mailsync.side_tasks import side_tasks
from storage.models import Folder
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AHEAD = 2
"""Batches that may wait in memory, fetched and not stored."""
SIZES_AT_ONCE = 1000
HISTORY_SLICE = 2000
"""Messages of history after which new mail is looked for again."""
GAPS_AT_ONCE = 200
RECENT_FLAGS = 200
"""Without CONDSTORE, how many of the newest messages have their flags read again in each pass."""

log = get_logger(__name__)

Fence = Callable[[WriteSession], None]
"""Raises when the lease on the mailbox is lost; called inside every transaction of a pass."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a pass of one folder did. `history_left` is how many older messages are still to come."""

    stored: int
    history_left: int


@dataclass(frozen=True, slots=True)
class FolderSync:
    """The sync of one folder over one connection; make a new one for each pass."""

    store: Store
    settings: Settings
    connection: ImapConnection
    mailbox_id: int
    depth_since: datetime | None
    fence: Fence
    on_stored: Callable[[int], None]
    """Told how many messages each batch stored: progress for people, and the beat of a supervisor."""

    async def run(self, folder: Folder, status: FolderStatus, *, has_news: bool = False) -> Progress:
        """Bring `folder` up to date; at most `HISTORY_SLICE` messages of history. `status` is from before the pass.

        With `has_news` the folder is looked into even where `status` tells of no change.
        """
        if not has_news and await asyncio.to_thread(self._is_quiet, folder, status):
            return Progress(0, 0)
        selected = await self.connection.select(folder.name, condstore=True)
        folder = await asyncio.to_thread(self._begin, folder, selected)
        stored = await self._fetch_new(folder)
        stored += await self._close_gaps(folder)
        past, left = await self._fetch_history(folder)
        if left == 0:
            await self._flags_and_vanished(folder, status)
            await asyncio.to_thread(self._finish, folder, status)
        return Progress(stored + past, left)

    def _is_quiet(self, folder: Folder, status: FolderStatus) -> bool:
        """Whether the server's snapshot says that nothing moved since ours, and nothing is owed."""
        unchanged = (
            folder.uidvalidity == status.uidvalidity
            and folder.uidnext == status.uidnext
            and folder.server_messages == status.messages
            and status.highestmodseq is not None
            and folder.highestmodseq == status.highestmodseq
        )
        if not unchanged or folder.oldest_uid != folder.backfill_floor:
            return False
        with self.store.database.reading() as session:
            return not repository.due_gaps(session, folder.id, 1)

    def _begin(self, folder: Folder, selected: Selected) -> Folder:
        """Set the marks when this folder, or this UIDVALIDITY of it, is seen for the first time."""
        with self.store.database.unit_of_work() as session:
            self.fence(session)
            if folder.uidvalidity != selected.uidvalidity:
                repository.begin_folder(
                    session,
                    folder.id,
                    uidvalidity=selected.uidvalidity,
                    uidnext=selected.uidnext or 1,
                    highestmodseq=selected.highestmodseq,
                )
            return repository.folder(session, folder.id)

    async def _fetch_new(self, folder: Folder) -> int:
        """Everything above the mark, oldest first; `n:*` always names the last message, so it is looked at again."""
        first = folder.newest_uid + 1
        uids = [uid for uid in await self.connection.uid_search(f"UID {first}:*") if uid >= first]
        return await self._take(folder, sorted(uids), Urgency.NORMAL, newest=True)

    async def _fetch_history(self, folder: Folder) -> tuple[int, int]:
        """A slice of what lies below the mark, newest first, and how much is left after it."""
        oldest = folder.oldest_uid or 1
        if oldest <= folder.backfill_floor:
            return 0, 0
        criteria = f"UID {folder.backfill_floor}:{oldest - 1}"
        if self.depth_since is not None:
            criteria += f" SINCE {self.depth_since.strftime('%d-%b-%Y')}"
        below = [uid for uid in await self.connection.uid_search(criteria) if uid < oldest]
        slice_ = sorted(below, reverse=True)[:HISTORY_SLICE]
        stored = await self._take(folder, slice_, Urgency.BULK, newest=False)
        left = len(below) - len(slice_)
        if left == 0:
            await asyncio.to_thread(self._history_done, folder)
        return stored, left

    def _history_done(self, folder: Folder) -> None:
        with self.store.database.unit_of_work() as session:
            self.fence(session)
            repository.move_marks(session, folder.id, oldest=folder.backfill_floor)

    async def _close_gaps(self, folder: Folder) -> int:
        """Ask again for what did not come; what a SEARCH of that very UID does not find is gone."""
        due = await asyncio.to_thread(self._due_gaps, folder)
        if not due:
            return 0
        existing = await self.connection.existing(due)
        await asyncio.to_thread(self._forget_gaps, folder, set(due) - set(existing))
        return await self._take(folder, existing, Urgency.NORMAL, newest=None)

    def _due_gaps(self, folder: Folder) -> list[int]:
        with self.store.database.reading() as session:
            return repository.due_gaps(session, folder.id, GAPS_AT_ONCE)

    def _forget_gaps(self, folder: Folder, uids: set[int]) -> None:
        with self.store.database.unit_of_work() as session:
            self.fence(session)
            repository.close_gaps(session, folder.id, uids)

    async def _take(self, folder: Folder, uids: Sequence[int], urgency: Urgency, *, newest: bool | None) -> int:
        """Fetch and store `uids` in this order, fetching ahead. `newest` tells which mark follows (None: neither)."""
        if not uids:
            return 0
        queue: asyncio.Queue[tuple[Batch, list[Arrival]] | None] = asyncio.Queue(AHEAD)
        total = 0

        async def fetch() -> None:
            for start in range(0, len(uids), SIZES_AT_ONCE):
                chunk = uids[start : start + SIZES_AT_ONCE]
                sizes = await self.connection.fetch_sizes(chunk)
                for batch in plan(chunk, sizes, self.settings):
                    await queue.put((batch, await fetch_batch(self.connection, folder.id, batch, self.settings)))
            await queue.put(None)

        async with side_tasks() as tasks:  # A fetcher that dies ends the storing side too.
            tasks.create_task(fetch())
            while (item := await queue.get()) is not None:
                batch, arrivals = item
                stored = await asyncio.to_thread(self._store, folder, batch.uids, arrivals, urgency, newest)
                total += stored
                self.on_stored(stored)
        return total

    def _store(
        self, folder: Folder, asked: Sequence[int], arrivals: list[Arrival], urgency: Urgency, newest: bool | None
    ) -> int:
        """One batch, one transaction: messages, gaps and the mark."""
        came = [arrival.uid for arrival in arrivals]
        missing = set(asked) - set(came)

        def also(session: WriteSession, _: Taken) -> None:
            self.fence(session)
            repository.close_gaps(session, folder.id, came)
            repository.open_gaps(session, folder.id, missing, "The server did not give this message.")
            if newest is not None:
                mark = max(asked) if newest else min(asked)
                repository.move_marks(session, folder.id, **({"newest": mark} if newest else {"oldest": mark}))

        taken = take_in_safely(self.store, self.mailbox_id, prepare(self.store, arrivals), also, urgency=urgency)
        return taken.stored

    async def _flags_and_vanished(self, folder: Folder, status: FolderStatus) -> None:
        """Take over flag changes and deletions that happened since our last snapshot."""
        if folder.highestmodseq is None or status.highestmodseq is None:
            await self._read_recent_flags(folder)
            await self._find_vanished(folder, status)
            return
        if status.highestmodseq > folder.highestmodseq:
            changes = await self.connection.fetch_changes(folder.highestmodseq)
            gone = await asyncio.to_thread(self._stored_among, folder, changes.vanished)
            await asyncio.to_thread(self._apply, folder, changes.flags, gone)
            if "QRESYNC" in self.connection.enabled:
                return
        await self._find_vanished(folder, status)  # Without QRESYNC a deletion need not move the number.

    async def _read_recent_flags(self, folder: Folder) -> None:
        recent = await asyncio.to_thread(self._recent, folder)
        if recent:
            flags = await self.connection.fetch_flags(recent)
            await asyncio.to_thread(self._apply, folder, flags, set())

    def _recent(self, folder: Folder) -> list[int]:
        with self.store.database.reading() as session:
            return repository.newest_places(session, folder.id, RECENT_FLAGS)

    async def _find_vanished(self, folder: Folder, status: FolderStatus) -> None:
        """Compare UIDs when the numbers do not add up; one that is left out is asked for by name before it is believed."""
        low, high, stored = await asyncio.to_thread(self._doubtful, folder, status)
        absent = stored - set(await self.connection.uid_search(f"UID {low}:{high}")) if stored else set()
        if absent:
            still_there = set(await self.connection.existing(sorted(absent)))
            await asyncio.to_thread(self._apply, folder, (), absent - still_there)

    def _doubtful(self, folder: Folder, status: FolderStatus) -> tuple[int, int, set[int]]:
        """The marks and the UIDs between them that we have, if they may be more than the server has; else none."""
        with self.store.database.reading() as session:
            fresh = repository.folder(session, folder.id)
            low, high = fresh.oldest_uid or 1, fresh.newest_uid
            if self.depth_since is None and repository.count_known(session, folder.id) <= status.messages:
                return low, high, set()
            return low, high, repository.stored_uids(session, folder.id, low, high)

    def _stored_among(self, folder: Folder, vanished: UidSet) -> set[int]:
        if not vanished:
            return set()
        with self.store.database.reading() as session:
            return {uid for uid in repository.stored_uids(session, folder.id, 1, MAX_UID) if uid in vanished}

    def _apply(self, folder: Folder, flags: Iterable[Fetched], gone: set[int]) -> None:
        with self.store.database.unit_of_work() as session:
            self.fence(session)
            repository.update_flags(session, folder.id, flags)
            repository.remove_places(session, folder.id, gone)

    def _finish(self, folder: Folder, status: FolderStatus) -> None:
        with self.store.database.unit_of_work() as session:
            self.fence(session)
            repository.finish_folder_pass(
                session,
                folder.id,
                uidnext=status.uidnext,
                highestmodseq=status.highestmodseq,
                messages=status.messages,
            )
