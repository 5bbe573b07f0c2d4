"""Whether folders stand as they did: what is stored of many is read at once, what the server has one folder at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from mailsync import transfer
from mailsync.actions.repository.server_flags import flags_of
from mailsync.differences import RECENT_FLAGS
from mailsync.imap.fetch import Fetched
from mailsync.imap.folder_status import FolderStatus
from mailsync.imap.selected import Selected
from mailsync.sync_context import SyncContext
from mailsync.unmoved import repository
from mailsync.unmoved.repository import StoredMessage
from storage.models import Folder, FolderState
from storage.sessions import ReadSession

FOLDERS_AT_ONCE = 25
"""Of which what is stored is read together."""

Stored = Mapping[int, StoredMessage]


@dataclass(slots=True)
class UnmovedFolders:
    """The folders of one pass that may turn out to stand as they did; `candidates` in the order in which they are looked at."""

    context: SyncContext
    candidates: Sequence[Folder]
    _stored: dict[int, Stored | None] = field(default_factory=dict)

    async def has(self, folder: Folder) -> bool:
        """Whether `folder` is one of them, and the server has its newest messages as they are stored. Opens it."""
        place = next((at for at, one in enumerate(self.candidates) if one.id == folder.id), None)
        if place is None:
            return False
        if folder.id not in self._stored:
            chunk = self.candidates[place : place + FOLDERS_AT_ONCE]
            self._stored = await self.context.read(partial(_read, folders=chunk, depth=self.context.depth_since))
        stored = self._stored.pop(folder.id)
        return stored is not None and await _stands(self.context, folder, stored)


def unmoved_folders(
    context: SyncContext, asked: Sequence[tuple[Folder, FolderStatus | None]], owed: Collection[int]
) -> UnmovedFolders:
    """Those whose server tells no MODSEQ, of which STATUS tells no change, where it was asked, and nothing is `owed`."""
    candidates = [
        folder for folder, status in asked if _is_known(folder) and (not status or _is_as_told(folder, status))
    ]
    done = [one for one in candidates if one.id not in owed and not transfer.wants_more_history(context, one)]
    return UnmovedFolders(context, done)


def _is_known(folder: Folder) -> bool:
    loaded = folder.oldest_uid == folder.backfill_floor
    return folder.state is FolderState.LIVE and folder.highestmodseq is None and loaded and not folder.refusals


def _read(session: ReadSession, folders: Sequence[Folder], depth: object) -> dict[int, Stored | None]:
    """What is stored of each; None where something waits in it, or where less is accounted for than the server has.

    Where old mail is left on the server (`depth`), how much is accounted for tells nothing.
    """
    ids = [folder.id for folder in folders]
    busy = repository.with_actions(session, ids)
    known = repository.counts_known(session, ids) if depth is None else {one.id: one.server_messages for one in folders}
    return {
        folder.id: repository.newest_and_oldest(session, folder.id, RECENT_FLAGS)
        if folder.id not in busy and known[folder.id] == folder.server_messages
        else None
        for folder in folders
    }


async def _stands(context: SyncContext, folder: Folder, stored: Stored) -> bool:
    selected = await context.connection.select(folder.name)
    if selected.exists != folder.server_messages or not _is_as_told(folder, selected):
        return False
    found = await context.connection.fetch(stored, "(UID FLAGS INTERNALDATE)") if stored else []
    return len(found) == len(stored) and all(_is_as_stored(one, stored[one.uid]) for one in found)


def _may_stand(folder: Folder, status: FolderStatus | None) -> bool:
    return status is None or (_is_as_told(folder, status) and status.highestmodseq is None)


def _is_as_told(folder: Folder, now: FolderStatus | Selected) -> bool:
    return now.uidnext is not None and (now.uidvalidity, now.uidnext) == (folder.uidvalidity, folder.uidnext)


def _is_as_stored(fetched: Fetched, stored: StoredMessage) -> bool:
    """A date that the server does not tell is taken for the same one."""
    if fetched.internal_date not in (None, stored.internal_date):
        return False
    return stored.flags is None or flags_of(fetched.flags) == stored.flags
