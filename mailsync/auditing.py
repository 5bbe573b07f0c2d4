"""The completeness audit: the server's UIDs against what is stored, folder by folder, and the repair of what differs."""

import asyncio
from dataclasses import asdict, dataclass

from core.config import Settings
from mailsync import repository
from mailsync.account import open_connection
from mailsync.imap.connection import ImapConnection
from storage.models import Folder, Mailbox
from storage.store import Store


@dataclass(frozen=True, slots=True)
class FolderAudit:
    """One folder: how many messages the server has within the chosen depth, and how many of those are stored.

    `missing` are on the server and neither stored, nor a gap, nor in quarantine; `extra` are stored and not there any more.
    """

    name: str
    server: int
    stored: int
    missing: int
    extra: int
    gaps: int
    quarantined: int

    @property
    def differs(self) -> bool:
        """Whether something has to be repaired."""
        return bool(self.missing or self.extra or self.gaps)

    def as_json(self) -> dict[str, object]:
        """The object that `mailsync mailbox audit --json` prints."""
        return asdict(self)


async def audit_mailbox(store: Store, settings: Settings, mailbox: Mailbox, *, repair: bool) -> list[FolderAudit]:
    """Audit every chosen folder.

    With `repair`, missing UIDs become gaps, which the next pass fetches, and extra places go.
    """
    with store.database.reading() as session:
        folders = [folder for folder in repository.folders(session, mailbox.id) if folder.chosen and folder.uidvalidity]
    connection = await open_connection(mailbox, store.keys, settings)
    try:
        return [await _audit_folder(store, connection, mailbox, folder, repair=repair) for folder in folders]
    finally:
        await connection.close()


async def _audit_folder(
    store: Store, connection: ImapConnection, mailbox: Mailbox, folder: Folder, *, repair: bool
) -> FolderAudit:
    await connection.select(folder.name)
    criteria = "ALL" if mailbox.depth_since is None else f"SINCE {mailbox.depth_since.strftime('%d-%b-%Y')}"
    server = set(await connection.uid_search(criteria))
    return await asyncio.to_thread(_compare, store, folder, server, repair=repair)


def _compare(store: Store, folder: Folder, server: set[int], *, repair: bool) -> FolderAudit:
    with store.database.reading() as session:
        stored = repository.stored_uids(session, folder.id, 1, 2**32)
        gaps = repository.gap_uids(session, folder.id)
        quarantined = repository.quarantined_uids(session, folder.id)
        marks = repository.folder(session, folder.id)
    missing = server - stored - gaps - quarantined
    extra = stored - server
    if repair and (missing or extra):
        inside = {uid for uid in missing if (marks.oldest_uid or 1) <= uid <= marks.newest_uid}
        with store.database.unit_of_work() as session:
            repository.open_gaps(session, folder.id, inside, "The audit found it missing.")
            repository.remove_places(session, folder.id, extra)
    return FolderAudit(
        folder.name, len(server), len(stored & server), len(missing), len(extra), len(gaps & server), len(quarantined)
    )
