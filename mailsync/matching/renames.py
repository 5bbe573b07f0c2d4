"""A folder that has another name now: told by its MAILBOXID (RFC 8474 §4), or by what is in it.

Without an id two folders are one when UIDVALIDITY is the same, the newest UID still lies below UIDNEXT, and a sample
of UIDs names the very same messages. An empty folder has nothing to be recognised by, and nothing to lose.
"""

from collections.abc import Mapping, Sequence

from core.logging import get_logger
from mailsync.imap.errors import CommandRefused, NoSuchFolder, NotPermitted
from mailsync.imap.folder_status import FolderStatus
from mailsync.matching import repository
from mailsync.matching.keys import key_of
from mailsync.sync_context import SyncContext
from storage.models import Folder

SAMPLE = 20

log = get_logger(__name__)


async def recognise(context: SyncContext, lost: Sequence[Folder], fresh: Mapping[str, FolderStatus]) -> dict[int, str]:
    """Which of the `lost` folders, by id, are which of the `fresh` names."""
    renamed: dict[int, str] = {}
    for folder in lost:
        for name, status in fresh.items():
            if name not in renamed.values() and await _is_the_same(context, folder, name, status):
                log.info("folder.renamed", mailbox_id=context.mailbox_id, folder_id=folder.id)
                renamed[folder.id] = name
                break
    return renamed


async def _is_the_same(context: SyncContext, folder: Folder, name: str, status: FolderStatus) -> bool:
    if folder.object_id and status.object_id:
        return folder.object_id == status.object_id
    if folder.uidvalidity != status.uidvalidity or (status.uidnext or 0) <= folder.newest_uid:
        return False
    sample = await context.read(lambda session: repository.sample_of(session, folder.id, SAMPLE))
    if not sample:
        return False
    try:
        await context.connection.select(name)
    except (NoSuchFolder, NotPermitted, CommandRefused):
        return False
    found = await context.connection.fetch_message_ids(sample)
    return bool(found) and all(key_of(one) == sample[one.uid] for one in found)
