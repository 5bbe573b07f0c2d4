"""One pass over one mailbox: which folders there are, how they stand, and each of them brought up to date.

Slices of history alternate with looks for new mail in every folder, so new mail arrives while years are still loading.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.clock import utcnow
from core.config import Settings
from core.logging import get_logger
from mailsync import repository
from mailsync.folder_sync import sync_folder
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import CommandRefused, NoSuchFolder, NotPermitted
from mailsync.imap.folders import ListedFolder
from mailsync.roles import roles_of
from mailsync.sync_context import Fence, SyncContext
from storage.models import Folder, FolderRole, Mailbox, MailboxState
from storage.store import Store

FORGET_AT_ONCE = 2000
"""Places of a folder that is gone, forgotten in one transaction."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PassReport:
    """What a pass brought. `history_left` counts messages that are still to come from before."""

    stored: int
    history_left: int


class _Stopped(Exception):
    """The process ends: a pass is left between two batches, where everything it stored is in order."""


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

    async def bring_up_to_date(self, stop: asyncio.Event | None = None) -> int:
        """Pass after pass until no history is left, or until the batch in hand when `stop` is set. Returns how many
        messages were stored."""
        total = 0

        def count(stored: int) -> None:
            nonlocal total
            total += stored
            self.on_stored(stored)
            if stop is not None and stop.is_set():
                raise _Stopped

        try:
            while True:
                began = utcnow()
                report = await replace(self, on_stored=count).one_pass()
                await asyncio.to_thread(self._note, report, began)
                if report.history_left == 0 or (stop is not None and stop.is_set()):
                    return total
        except _Stopped:
            return total

    async def one_pass(self) -> PassReport:
        """Every chosen folder once: new mail, a slice of history, flags and deletions."""
        context = self._context()
        folders = await self._discover()
        await self.connection.leave_folder()  # The one of the last pass, whose STATUS would not tell of new mail.
        statuses = await self.connection.statuses(folder.name for folder in folders)
        stored = left = 0
        for folder in folders:
            status = statuses.get(folder.name)
            if status is None:
                continue  # Gone or closed to us since it was listed; what we have of it stays.
            try:
                progress = await sync_folder(context, folder, status, has_news=folder.name == self.with_news)
            except (NoSuchFolder, NotPermitted, CommandRefused):
                log.warning("folder.refused", mailbox_id=self.mailbox.id, folder_id=folder.id)
                continue
            stored, left = stored + progress.stored, left + progress.history_left
        return PassReport(stored, left)

    def _context(self) -> SyncContext:
        return SyncContext(
            self.store,
            self.settings,
            self.connection,
            self.mailbox.id,
            self.mailbox.depth_since,
            self.fence,
            self.on_stored,
        )

    async def _discover(self) -> list[Folder]:
        """The chosen folders that the server has; one that it has no more goes, with its places."""
        listed = [one for one in await self.connection.list_folders() if one.selectable]
        known = await asyncio.to_thread(self._save, listed)
        names = {one.name for one in listed}
        for row in known:
            if row.name not in names and await self._is_gone(row):
                await asyncio.to_thread(self._forget, row)
        here = [row for row in known if row.name in names]
        return [row for row in here if row.chosen and not _is_copy_of_all(row, here)]

    async def _is_gone(self, folder: Folder) -> bool:
        """Whether the server itself says so, asked by name: a list may be incomplete."""
        try:
            await self.connection.status(folder.name)
        except NoSuchFolder:
            return True
        except (NotPermitted, CommandRefused):
            return False
        return False

    def _forget(self, folder: Folder) -> None:
        log.info("folder.gone", mailbox_id=self.mailbox.id, folder_id=folder.id)
        while True:
            with self.store.database.unit_of_work() as session:
                self.fence(session)
                uids = repository.newest_places(session, folder.id, FORGET_AT_ONCE)
                repository.remove_places(session, folder.id, uids)
                if not uids:
                    repository.remove_folder(session, folder.id)
                    return

    def _save(self, listed: list[ListedFolder]) -> list[Folder]:
        roles = roles_of(listed)
        with self.store.database.reading() as session:
            known = repository.folders(session, self.mailbox.id)
        if {(one.name, roles[one.name]) for one in listed} - {(row.name, row.role) for row in known}:
            with self.store.database.unit_of_work() as session:
                self.fence(session)
                repository.save_folders(
                    session, self.mailbox.id, [(one.name, one.delimiter, roles[one.name]) for one in listed]
                )
                known = repository.folders(session, self.mailbox.id)
        return known

    def _note(self, report: PassReport, began: datetime) -> None:
        state = MailboxState.LIVE if report.history_left == 0 else MailboxState.BACKFILLING
        with self.store.database.unit_of_work() as session:
            self.fence(session)
            repository.set_state(session, self.mailbox.id, state)
            repository.note_pass(session, self.mailbox.id, began)


def _is_copy_of_all(folder: Folder, folders: list[Folder]) -> bool:
    """Gmail's All Mail holds every message once; its labels would only be fetched again."""
    if not any(other.role is FolderRole.ALL for other in folders):
        return False
    apart = (FolderRole.ALL, FolderRole.JUNK, FolderRole.TRASH, FolderRole.INBOX, FolderRole.SENT, FolderRole.DRAFTS)
    return folder.role not in apart
