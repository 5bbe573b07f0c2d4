"""The completeness audit: the server's UIDs and labels against what is stored, and the repair of what differs."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial

from core.config import Settings
from core.errors import Transient
from mailsync import repository
from mailsync.account import open_connection
from mailsync.actions.repository.choosing import hold_folders
from mailsync.actions.repository.queue import hidden_uids
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import NoSuchFolder
from mailsync.imap.uidset import MAX_UID
from mailsync.labels.comparing import compare_labels
from mailsync.labels.keeping import GMAIL
from mailsync.labels.repository import fill_again, leave_labels
from mailsync.repository.gaps import gap_uids, open_gaps
from mailsync.repository.marks import look_again
from mailsync.repository.uids import quarantined_uids, remove_uids, stored_uids
from mailsync.traffic.metering import Meter, count_moved
from storage import leases
from storage.models import Folder, FolderRole, FolderState, Mailbox
from storage.store import Store

LEASE_FOR = timedelta(minutes=5)
"""For each folder anew."""


@dataclass(frozen=True, slots=True)
class FolderAudit:
    """One folder: how many messages the server has within the chosen depth, and how many of those are stored.

    `missing` are on the server and neither stored, nor a gap, nor in quarantine; `extra` are stored and not there any more.
    `waits`: UIDs of ours and of the server's may name different messages until a pass is through the folder, so nothing
    was compared.
    """

    name: str
    server: int
    stored: int
    missing: int
    extra: int
    gaps: int
    quarantined: int
    waits: bool = False
    label: bool = False
    """A label of Gmail: its messages are those of All Mail, so `missing` and `extra` are places of mail that is here."""

    @property
    def differs(self) -> bool:
        """Whether something has to be repaired, or a pass has to come first."""
        return bool(self.missing or self.extra or self.gaps or self.waits)

    def as_json(self) -> dict[str, object]:
        """The object that `mailsync mailbox audit --json` prints."""
        return asdict(self)


class AuditUnderWay(Transient):
    """The mailbox is compared by somebody else at this moment."""

    def __init__(self) -> None:
        super().__init__("This mailbox is being compared with its server already: wait for that.", retry_after=60)


async def audit_mailbox(store: Store, settings: Settings, mailbox: Mailbox, *, repair: bool) -> list[FolderAudit]:
    """Audit every chosen folder and label, one audit of a mailbox at a time. Raises `AuditUnderWay`, and `DayUsedUp`.

    With `repair`, missing UIDs become gaps, which the next pass fetches, and extra places go; a folder that waits for a
    pass is left as it is.
    """
    holder = f"audit:{uuid.uuid4().hex}"
    try:
        return await _audit(store, settings, mailbox, partial(_hold, store, mailbox.id, holder), repair=repair)
    finally:
        await asyncio.to_thread(_let_go, store, mailbox.id, holder)


async def _audit(
    store: Store, settings: Settings, mailbox: Mailbox, hold: Callable[[], None], *, repair: bool
) -> list[FolderAudit]:
    await asyncio.to_thread(hold)
    with store.database.reading() as session:
        folders = [folder for folder in repository.folders(session, mailbox.id) if folder.chosen and folder.uidvalidity]
    connection = await open_connection(store, settings, mailbox)
    try:
        demand_room = partial(_demand_room, store, Meter(connection, mailbox))
        await asyncio.to_thread(demand_room)

        def go_on() -> None:
            hold()
            demand_room()

        audits: list[FolderAudit] = []
        for folder in folders:
            await asyncio.to_thread(hold)
            audits.append(await _audit_folder(store, connection, mailbox, folder, repair=repair))
            is_open = connection.open_folder == folder.name and not audits[-1].waits
            if folder.role is FolderRole.ALL and connection.has(GMAIL) and is_open:
                audits += await _audit_labels(store, connection, folder, go_on, repair=repair)
        return audits
    finally:
        await connection.close()
        await asyncio.to_thread(count_moved, store, connection, mailbox)


def _demand_room(store: Store, meter: Meter) -> None:
    """Raise `DayUsedUp` where the provider's day has room for mail only."""
    with store.database.reading() as session:
        meter.read(session)
    meter.demand_room()


def _hold(store: Store, mailbox_id: int, holder: str) -> None:
    """Take the lease, or keep it for the next folder. Raises `AuditUnderWay` where it is somebody else's."""
    with store.database.unit_of_work() as session:
        if leases.acquire(session, _lease(mailbox_id), holder, LEASE_FOR) is None:
            raise AuditUnderWay


def _let_go(store: Store, mailbox_id: int, holder: str) -> None:
    with store.database.unit_of_work() as session:
        if (lease := leases.acquire(session, _lease(mailbox_id), holder, LEASE_FOR)) is not None:
            leases.release(session, lease)


def _lease(mailbox_id: int) -> str:
    return f"audit:{mailbox_id}"


async def _audit_folder(
    store: Store, connection: ImapConnection, mailbox: Mailbox, folder: Folder, *, repair: bool
) -> FolderAudit:
    try:
        selected = await connection.select(folder.name)
    except NoSuchFolder:  # Deleted since the last pass.
        known = await asyncio.to_thread(_known, store, folder)
        return await asyncio.to_thread(_compare, store, known, set(), known.stored, repair=repair)
    criteria = "ALL" if mailbox.depth_since is None else f"SINCE {mailbox.depth_since.strftime('%d-%b-%Y')}"
    server = set(await connection.uid_search(criteria))
    known = await asyncio.to_thread(_known, store, folder)
    if not _is_comparable(known.folder, selected.uidvalidity):
        return _waiting(known, server)
    # Stored since the search, or older than the depth and moved in later: only who is not found by its name is gone.
    unseen = known.stored - server
    extra = unseen - set(await connection.existing(sorted(unseen))) if unseen else set()
    return await asyncio.to_thread(_compare, store, known, server, extra, repair=repair)


@dataclass(frozen=True, slots=True)
class _Known:
    """What we have of a folder: UIDs that are stored, gaps, in quarantine, and moved or deleted here."""

    folder: Folder
    stored: set[int]
    gaps: set[int]
    quarantined: set[int]
    hidden: set[int]


def _known(store: Store, folder: Folder) -> _Known:
    with store.database.reading() as session:
        return _Known(
            repository.folder(session, folder.id),
            stored_uids(session, folder.id, 1, MAX_UID),
            gap_uids(session, folder.id),
            quarantined_uids(session, folder.id),
            hidden_uids(session, folder.id, folder.uidvalidity),
        )


def _is_comparable(folder: Folder, uidvalidity: int | None) -> bool:
    """Whether UIDs that were given under `uidvalidity` name in our store what they name on the server (RFC 9051 §2.3.1.1)."""
    return folder.uidvalidity == uidvalidity and folder.state is FolderState.LIVE


def _waiting(known: _Known, server: set[int]) -> FolderAudit:
    return FolderAudit(
        name=known.folder.name,
        server=len(server),
        stored=len(known.stored),
        missing=0,
        extra=0,
        gaps=0,
        quarantined=len(known.quarantined),
        waits=True,
    )


async def _audit_labels(
    store: Store, connection: ImapConnection, all_mail: Folder, go_on: Callable[[], None], *, repair: bool
) -> list[FolderAudit]:
    """The labels of All Mail, which is open and does not wait; to repair, the next pass asks for labels again."""
    found = await compare_labels(store, connection, all_mail, go_on)
    if repair and any(one.missing or one.extra for one in found):
        await asyncio.to_thread(_fill_again, store, all_mail, {uid for one in found for uid in one.extra})
    return [
        FolderAudit(
            name=one.folder.name,
            server=one.server,
            stored=one.stored,
            missing=len(one.missing),
            extra=len(one.extra),
            gaps=0,
            quarantined=0,
            waits=one.waits,
            label=True,
        )
        for one in found
    ]


def _fill_again(store: Store, all_mail: Folder, extra: set[int]) -> None:
    """A pass alone gives and takes places in labels: it knows what is newer. Strays it would never ask for go at once."""
    with store.database.unit_of_work() as session:
        hold_folders(session, [all_mail.id])
        if not _is_comparable(repository.folder(session, all_mail.id), all_mail.uidvalidity):
            return
        leave_labels(session, all_mail.id, extra - stored_uids(session, all_mail.id, 1, MAX_UID))
        fill_again(session, all_mail.id)


def _compare(store: Store, known: _Known, server: set[int], extra: set[int], *, repair: bool) -> FolderAudit:
    folder = known.folder
    missing = server - known.stored - known.gaps - known.quarantined - known.hidden
    if repair and (missing or extra):
        inside = {uid for uid in missing if (folder.oldest_uid or 1) <= uid <= folder.newest_uid}
        with store.database.unit_of_work() as session:
            hold_folders(session, [folder.id])  # A pass that renumbers it waits, or is through.
            if not _is_comparable(repository.folder(session, folder.id), folder.uidvalidity):
                return _waiting(known, server)
            open_gaps(session, folder.id, inside, "The audit found it missing.")
            if missing - inside:
                look_again(session, folder.id)
            remove_uids(session, folder.id, extra)
    return FolderAudit(
        name=folder.name,
        server=len(server),
        stored=len(known.stored & server),
        missing=len(missing),
        extra=len(extra),
        gaps=len(known.gaps & server),
        quarantined=len(known.quarantined),
    )
