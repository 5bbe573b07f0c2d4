"""The labels of all mail on the server against the places that labels have here: the audit's other half at Gmail.

What a pass has not taken over yet is no difference: a message whose MODSEQ is above the one that All Mail is stored with. And
a pass may go on at the same time, so what differs is asked for a second time before it counts.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from mailsync import repository
from mailsync.imap.connection import ImapConnection
from mailsync.imap.fetch import Fetched
from mailsync.imap.uidset import MAX_UID
from mailsync.labels import repository as labels
from mailsync.labels.keeping import LABELS_AT_ONCE
from storage.models import Folder, FolderState
from storage.sessions import ReadSession
from storage.store import Store

LABELS = "(UID X-GM-LABELS MODSEQ)"


@dataclass(frozen=True, slots=True)
class ComparedLabel:
    """One label, by UIDs of All Mail: what has it on the server and is stored, what has it here, and how these differ."""

    folder: Folder
    server: int
    stored: int
    missing: frozenset[int]
    extra: frozenset[int]

    @property
    def waits(self) -> bool:
        """Whether it is to be filled by the next pass anyway."""
        return self.folder.state is FolderState.INITIAL


async def compare_labels(
    store: Store, connection: ImapConnection, all_mail: Folder, hold: Callable[[], None]
) -> list[ComparedLabel]:
    """Every chosen label of `all_mail`, which is open; nothing is changed. `hold` keeps the audit's lease meanwhile.

    Raises the connection's errors, and what `hold` does.
    """

    def stored() -> list[int]:
        with store.database.reading() as session:
            has_labels = labels.label_folders(session, all_mail.id)
            return sorted(repository.stored_uids(session, all_mail.id, 1, MAX_UID)) if has_labels else []

    told = {one.uid: one for one in await _ask(connection, await asyncio.to_thread(stored), hold)}
    found = await asyncio.to_thread(_compare, store, all_mail.id, list(told.values()))
    doubtful = {uid for one in found for uid in one.missing | one.extra}
    if not doubtful:
        return found
    again = await _ask(connection, sorted(doubtful & told.keys()), hold)
    agreed = [one for uid, one in told.items() if uid not in doubtful]
    return await asyncio.to_thread(_compare, store, all_mail.id, [*agreed, *again])


async def _ask(connection: ImapConnection, uids: Sequence[int], hold: Callable[[], None]) -> list[Fetched]:
    found: list[Fetched] = []
    for start in range(0, len(uids), LABELS_AT_ONCE):
        await asyncio.to_thread(hold)
        found += await connection.fetch(uids[start : start + LABELS_AT_ONCE], LABELS)
    return [one for one in found if one.gm_labels is not None]


def _compare(store: Store, all_mail_id: int, told: Collection[Fetched]) -> list[ComparedLabel]:
    with store.database.reading() as session:
        return _compared(session, repository.folder(session, all_mail_id), told)


def _compared(session: ReadSession, all_mail: Folder, told: Collection[Fetched]) -> list[ComparedLabel]:
    settled = all_mail.highestmodseq
    labels_by_uid = {
        one.uid: one.gm_labels
        for one in told
        if one.gm_labels is not None and (one.modseq is None or settled is None or one.modseq <= settled)
    }
    stored = repository.stored_uids(session, all_mail.id, 1, MAX_UID)
    compared = stored & labels_by_uid.keys()
    folders = labels.label_folders(session, all_mail.id)
    wanted = labels.wanted_places(session, all_mail.id, folders, labels_by_uid)
    found = []
    for folder in folders:
        have = repository.stored_uids(session, folder.id, 1, MAX_UID)
        there = {uid for folder_id, uid in wanted if folder_id == folder.id} & stored
        strays = have - stored  # Of messages that All Mail does not hold any more.
        extra = ((have & compared) - there) | strays
        found.append(ComparedLabel(folder, len(there), len(have), frozenset(there - have), frozenset(extra)))
    return found
