"""One pass over one mailbox: which folders there are, how they stand, and each of them brought up to date.

Slices of history alternate with looks for new mail in every folder, so new mail arrives while years are still loading.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from core.clock import utcnow
from core.config import Settings
from crm.intake.preparing import get_ready_to_prepare
from mailsync import repository
from mailsync.actions.applying import tell_server
from mailsync.folder_sync import Progress, bring_news, owed_folders, quiet_folders, resting, sync_folder
from mailsync.folders.finding import FoundFolder, find_folders, forget_folder
from mailsync.folders.refusing import Refusals
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import CommandRefused, ImapError, NoSuchFolder, NotPermitted, Unavailable
from mailsync.repository.gaps import has_gaps
from mailsync.stillness import Stillness
from mailsync.sync_context import Fence, SyncContext
from mailsync.traffic.metering import Meter
from mailsync.transfer import WORTH_HANDING_OVER
from mailsync.unmoved.looking import UnmovedFolders, unmoved_folders
from storage.models import Folder, FolderRole, Mailbox, MailboxState
from storage.store import Store


@dataclass(frozen=True, slots=True)
class PassReport:
    """What a pass brought. `history_left` counts messages that are still to come from before, at most, and `history_from`
    is when they may, where the provider's day has no room for them now."""

    stored: int
    history_left: int
    history_from: datetime | None = None


class _Interrupted(Exception):
    """A pass is left between two batches, where everything it stored is in order: the process ends, or somebody waits
    for the server to be told what they did."""


@dataclass(frozen=True, slots=True)
class MailboxSync:
    """Passes over one mailbox through one working connection."""

    store: Store
    settings: Settings
    connection: ImapConnection
    mailbox: Mailbox
    fence: Fence
    on_stored: Callable[[int], None]
    with_news: str | None = None
    """A folder that is looked into whatever its STATUS says: a server may tell of news in IDLE before it counts them."""
    acting: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when somebody did something that the server is to be told: that comes before what is left of a pass."""
    stillness: Stillness = field(default_factory=Stillness)
    """Begins with a pass that found nothing to do."""

    async def bring_up_to_date(self, stop: asyncio.Event | None = None) -> int:
        """Pass after pass until no history is left that may come now, or until the batch in hand when `stop` is set; before
        each the server is told what people did here. Returns how many messages were stored.

        Raises the connection's errors, and `DayUsedUp` where not even new mail may come now.
        """
        total = 0

        def count(stored: int) -> None:
            nonlocal total
            total += stored
            self._stored(stored, stop)

        while True:
            self.acting.clear()
            await tell_server(self._context())
            began = utcnow()
            history_left = True
            with suppress(_Interrupted):
                mailbox = await asyncio.to_thread(self._as_chosen)
                report = await replace(self, mailbox=mailbox, on_stored=count).one_pass()
                await asyncio.to_thread(self._note, report, began)
                history_left = report.history_left > 0 and report.history_from is None
            if not history_left or (stop is not None and stop.is_set()):
                return total

    async def bring_news(self, stop: asyncio.Event) -> None:
        """The new mail of the folder that is known to have some, before a pass asks for the others: somebody may wait for it.

        First that of Sent, as in a pass: what is answered has to be there before the answer. What the server refuses is
        left to the pass, which says so.
        """
        context = replace(self._context(), on_stored=partial(self._stored, stop=stop))
        await context.read(context.meter.read)
        context.meter.demand_room()
        folders = await context.read(lambda session: repository.folders(session, self.mailbox.id))
        with suppress(_Interrupted, NoSuchFolder, NotPermitted, CommandRefused, Unavailable):
            for folder in folders:
                if folder.name == self.with_news or (folder.role is FolderRole.SENT and await self._has_new(folder)):
                    await bring_news(context, folder)

    async def _has_new(self, folder: Folder) -> bool:
        if folder.labels_of_id is not None or not folder.chosen:
            return False
        if self.connection.open_folder == folder.name:  # Its STATUS may stand still.
            return True
        uidnext = (await self.connection.status(folder.name)).uidnext
        return uidnext is None or uidnext > folder.newest_uid + 1

    def _stored(self, stored: int, stop: asyncio.Event | None) -> None:
        self.on_stored(stored)
        if self.acting.is_set() or (stop is not None and stop.is_set()):
            raise _Interrupted

    async def one_pass(self) -> PassReport:
        """Every chosen folder once: new mail, a slice of history, flags; and at its end what is gone."""
        context = self._context()
        await context.read(context.meter.read)
        context.meter.demand_room()
        found = await find_folders(context)
        await self._note_sizes(context, found.followed)
        refusals = Refusals(context)
        quiet, unmoved = await self._at_rest(context, found.followed)
        done: list[Progress] = []
        try:
            for folder in found.followed:
                try:
                    at_rest = folder.row.id in quiet or await unmoved.has(folder.row)
                    progress = resting(context, folder.row) if at_rest else await self._sync(context, folder)
                except ImapError as error:
                    await refusals.add(folder.row, error)
                    continue
                await refusals.welcome(folder.row)
                done.append(progress)
        finally:  # What was brought over is known: a pass that ends early has still seen what is gone there.
            for progress in done:
                if progress.close is not None:
                    await context.write(progress.close)
        for row in found.gone:
            await forget_folder(context, row)
        await refusals.settle()
        nothing_moved = len(quiet) == len(found.followed)
        history_left = sum(one.history_left for one in done)
        is_still = nothing_moved and not history_left and not await self._waits(context, quiet)
        self.stillness.begin(found.picture if is_still else None)
        waits_until = context.meter.history_from if history_left else None
        return PassReport(sum(one.stored for one in done), history_left, waits_until)

    async def _sync(self, context: SyncContext, found: FoundFolder) -> Progress:
        status = found.status
        if status is None and found.asked:
            status = await self.connection.status(found.row.name)  # Raises why it was not told.
        return await sync_folder(context, found.row, status)

    async def _at_rest(self, context: SyncContext, followed: Sequence[FoundFolder]) -> tuple[set[int], UnmovedFolders]:
        """Which folders need not be opened, by id, and which only to see that nothing moved."""
        likely = [one for one in followed if one.row.name != self.with_news and (one.status or not one.asked)]
        owed = await context.read(partial(owed_folders, folder_ids=[one.row.id for one in likely]))
        told = [(one.row, one.status) for one in likely]
        return quiet_folders(context, told, owed), unmoved_folders(context, told, owed)

    async def _waits(self, context: SyncContext, folder_ids: Collection[int]) -> bool:
        """Whether something is to be asked for again at its time, though the server tells nothing new."""
        return await context.read(lambda session: has_gaps(session, folder_ids))

    def _context(self) -> SyncContext:
        return SyncContext(
            self.store,
            self.settings,
            self.connection,
            self.mailbox.id,
            self.mailbox.depth_since,
            self.fence,
            self.on_stored,
            Meter(self.connection, self.mailbox),
        )

    def _as_chosen(self) -> Mailbox:
        """The mailbox with what its people have chosen by now."""
        with self.store.database.reading() as session:
            return repository.mailbox(session, self.mailbox.id)

    async def _note_sizes(self, context: SyncContext, folders: list[FoundFolder]) -> None:
        """For who asks how much there is to load: of folders that were never opened, the server's number."""
        sizes = {one.row.id: one.status.messages for one in folders if one.row.uidvalidity is None and one.status}
        if sizes:
            await context.write(lambda session: repository.note_sizes(session, sizes))
        if sum(sizes.values()) >= WORTH_HANDING_OVER:  # It needs as long to be up as folders to be opened.
            await asyncio.to_thread(get_ready_to_prepare, context.store)

    def _note(self, report: PassReport, began: datetime) -> None:
        state = MailboxState.LIVE if report.history_left == 0 else MailboxState.BACKFILLING
        counting = Meter(self.connection, self.mailbox).counting()
        with counting as count, self.store.database.unit_of_work() as session:
            self.fence(session)
            count(session)
            repository.set_state(session, self.mailbox.id, state)
            repository.note_pass(session, self.mailbox.id, began, per_minute=_per_minute(report, began))


def _per_minute(report: PassReport, began: datetime) -> int | None:
    """How fast history comes; None when all of it is here."""
    minutes = (utcnow() - began).total_seconds() / 60
    return round(report.stored / minutes) if report.history_left and minutes > 0 else None
