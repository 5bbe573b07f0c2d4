"""The labels of all mail on the server against the places that labels have here: the audit's other half at Gmail.

What a pass has not taken over yet is no difference: a message whose MODSEQ is above the one that All Mail is stored with. And
a pass may go on at the same time, so what differs is asked for a second time before it counts.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mailsync import repository
from mailsync.imap.connection import ImapConnection
from mailsync.imap.fetch import Fetched
from mailsync.imap.uidset import MAX_UID
from mailsync.labels import repository as labels
from mailsync.labels.keeping import LABELS_AT_ONCE
from mailsync.repository.uids import stored_uids
from storage.models import Folder, FolderState
from storage.sessions import ReadSession
from storage.store import Store

LABELS = "(UID X-GM-LABELS MODSEQ)"

Range = tuple[int, int]
"""The first and the last of the UIDs that are compared at once."""


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

    def __add__(self, other: "ComparedLabel") -> "ComparedLabel":
        """The same label over both ranges of UIDs."""
        return ComparedLabel(
            other.folder,
            self.server + other.server,
            self.stored + other.stored,
            self.missing | other.missing,
            self.extra | other.extra,
        )


async def compare_labels(
    store: Store, connection: ImapConnection, all_mail: Folder, go_on: Callable[[], None]
) -> list[ComparedLabel]:
    """Every chosen label of `all_mail`, which is open; nothing is changed. One range of UIDs after the other, so that memory
    holds what differs, and not the mailbox; `go_on` is called before each.

    Raises the connection's errors, and what `go_on` does: to end the audit there.
    """
    found: dict[int, ComparedLabel] = {}
    for within in await asyncio.to_thread(_ranges, store, all_mail.id):
        for one in await _compare_range(store, connection, all_mail.id, within, go_on):
            before = found.get(one.folder.id)
            found[one.folder.id] = before + one if before else one
    return list(found.values())


def _ranges(store: Store, all_mail_id: int) -> list[Range]:
    """All UIDs there can be, in ranges of so many stored ones; none where there is nothing to compare."""
    with store.database.reading() as session:
        if not labels.label_folders(session, all_mail_id):
            return []
        uids = sorted(stored_uids(session, all_mail_id, 1, MAX_UID))
    ends = uids[LABELS_AT_ONCE - 1 :: LABELS_AT_ONCE]
    return list(zip([1, *(end + 1 for end in ends)], [*ends, MAX_UID], strict=True))


async def _compare_range(
    store: Store, connection: ImapConnection, all_mail_id: int, within: Range, go_on: Callable[[], None]
) -> list[ComparedLabel]:
    def stored() -> list[int]:
        with store.database.reading() as session:
            return sorted(stored_uids(session, all_mail_id, *within))

    def compare(told: Sequence[Fetched]) -> list[ComparedLabel]:
        with store.database.reading() as session:
            return _compared(session, repository.folder(session, all_mail_id), told, within)

    told = {one.uid: one for one in await _ask(connection, await asyncio.to_thread(stored), go_on)}
    found = await asyncio.to_thread(compare, list(told.values()))
    doubtful = {uid for one in found for uid in one.missing | one.extra}
    if not doubtful:
        return found
    again = await _ask(connection, sorted(doubtful & told.keys()), go_on)
    agreed = [one for uid, one in told.items() if uid not in doubtful]
    return await asyncio.to_thread(compare, [*agreed, *again])


async def _ask(connection: ImapConnection, uids: Sequence[int], go_on: Callable[[], None]) -> list[Fetched]:
    await asyncio.to_thread(go_on)
    found = await connection.fetch(uids, LABELS) if uids else []
    return [one for one in found if one.gm_labels is not None]


def _compared(session: ReadSession, all_mail: Folder, told: Sequence[Fetched], within: Range) -> list[ComparedLabel]:
    settled = all_mail.highestmodseq
    labels_by_uid = {
        one.uid: one.gm_labels
        for one in told
        if one.gm_labels is not None and (one.modseq is None or settled is None or one.modseq <= settled)
    }
    stored = stored_uids(session, all_mail.id, *within)
    compared = stored & labels_by_uid.keys()
    folders = labels.label_folders(session, all_mail.id)
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for folder_id, uid in labels.wanted_places(session, all_mail.id, folders, labels_by_uid):
        wanted[folder_id].add(uid)
    found = []
    for folder in folders:
        have = stored_uids(session, folder.id, *within)
        there = wanted[folder.id] & stored
        strays = have - stored  # Of messages that All Mail does not hold any more.
        extra = ((have & compared) - there) | strays
        found.append(ComparedLabel(folder, len(there), len(have), frozenset(there - have), frozenset(extra)))
    return found
