"""The queries of the sync engine: mailboxes, folders with their marks, gaps, and which UIDs are stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from core.clock import utcnow
from core.errors import NotFound
from crm.access.viewer import Viewer
from mailsync.states.repository import note_change
from storage import last_copies
from storage.models import (
    LEAVING,
    Folder,
    FolderGap,
    FolderRole,
    FolderState,
    Mailbox,
    MailboxMember,
    MailboxState,
    Place,
    Quarantine,
)
from storage.sessions import ReadSession, WriteSession

RESTING = (MailboxState.PAUSED, MailboxState.DISABLED, *LEAVING)
NEEDS_A_PERSON = (*RESTING, MailboxState.AUTH_FAILED)
GAP_BACKOFF = (0, 60, 600, 3600, 6 * 3600, 24 * 3600)
"""Seconds before a gap is asked for again, by number of tries."""
MAX_PARAMETERS = 900
"""Values in one IN (…), below every driver's limit."""


def mailbox(session: ReadSession, mailbox_id: int) -> Mailbox:
    """One mailbox. Raises `NotFound`."""
    row = session.get(Mailbox, mailbox_id)
    if row is None or row.state is MailboxState.REMOVED:
        raise NotFound("There is no such mailbox.")
    return row


def mailbox_by_email(session: ReadSession, email_key: str) -> Mailbox | None:
    """The mailbox of an address key."""
    return session.execute(select(Mailbox).where(Mailbox.email_key == email_key)).scalar_one_or_none()


def mailboxes(session: ReadSession, viewer: Viewer) -> list[Mailbox]:
    """All mailboxes that the viewer may know of: administrators all, others their own and the shared ones."""
    statement = select(Mailbox).where(Mailbox.state != MailboxState.REMOVED).order_by(Mailbox.id)
    if not viewer.may_administer:
        statement = statement.where((Mailbox.owner_id == viewer.user_id) | Mailbox.shared)
    return list(session.execute(statement).scalars())


def to_be_watched(session: ReadSession, viewer: Viewer) -> dict[int, datetime | None]:
    """Mailboxes that wait for no person, and when somebody last asked each for a pass: looked at every second."""
    viewer.require_administrator()
    query = select(Mailbox.id, Mailbox.pass_wanted_at).where(Mailbox.state.not_in(NEEDS_A_PERSON))
    return {row.id: row.pass_wanted_at for row in session.execute(query)}


def set_state(
    session: WriteSession,
    mailbox_id: int,
    state: MailboxState,
    reason: str = "",
    *,
    retry_at: datetime | None = None,
) -> None:
    """Move a mailbox to `state`, except out of where only a person takes it: paused, disabled, being removed."""
    note_change(session, mailbox_id, state, reason, unless=RESTING)
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id, Mailbox.state.not_in(RESTING))
        .values(state=state, state_reason=reason, retry_at=retry_at)
    )


def ask_for_pass(session: WriteSession, mailbox_id: int) -> None:
    """Have whoever watches the mailbox make a pass now, in whatever process."""
    session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(pass_wanted_at=utcnow()))


def note_pass(session: WriteSession, mailbox_id: int, began: datetime, *, per_minute: int | None) -> None:
    """Remember that a whole pass has ended that began then: it has seen what was there before.

    `per_minute` is how many messages of history it brought in a minute; None when there was no history to bring.
    """
    values = {"last_pass_at": began, "loaded_per_minute": per_minute}
    session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(values))


def folders(session: ReadSession, mailbox_id: int) -> list[Folder]:
    """The folders of a mailbox, in the order in which a pass visits them: Sent first, so that replies are known."""
    order = (FolderRole.SENT, FolderRole.INBOX)
    rows = session.execute(select(Folder).where(Folder.mailbox_id == mailbox_id).order_by(Folder.id)).scalars()
    return sorted(rows, key=lambda folder: order.index(folder.role) if folder.role in order else len(order))


def folder(session: ReadSession, folder_id: int) -> Folder:
    """One folder, read again."""
    return session.get_one(Folder, folder_id, populate_existing=True)


def name_hash(name: str) -> str:
    """The key of a folder name, however long."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def save_folders(session: WriteSession, mailbox_id: int, found: Sequence[tuple[str, str | None, FolderRole]]) -> None:
    """Make rows for new folders and update the roles of known ones; `found` is name, delimiter, role."""
    known = {row.name_hash: row for row in folders(session, mailbox_id)}
    for name, delimiter, role in found:
        row = known.get(name_hash(name))
        if row is None:
            values = {"mailbox_id": mailbox_id, "name": name, "name_hash": name_hash(name), "delimiter": delimiter}
            session.execute(insert(Folder).values(**values, role=role))
        elif row.role != role:
            row.role = role


def leave_out_folders(session: WriteSession, mailbox_id: int, names: Iterable[str]) -> None:
    """Mark folders, by name, as not to be loaded."""
    hashes = {name_hash(name) for name in names}
    for row in folders(session, mailbox_id):
        row.chosen = row.name_hash not in hashes


def note_sizes(session: WriteSession, messages: Mapping[int, int]) -> None:
    """Remember how many messages the server has in folders (by id) that were never opened: for who asks how far it is."""
    for folder_id, count in messages.items():
        values = (
            update(Folder).where(Folder.id == folder_id, Folder.uidvalidity.is_(None)).values(server_messages=count)
        )
        session.execute(values)


def expect(session: WriteSession, folder_id: int, *, to_come: int, since: datetime | None) -> None:
    """Remember how many messages of history are to come, and how far back they are asked for."""
    row = session.get_one(Folder, folder_id)
    here = select(func.count()).where(Place.folder_id == folder_id, Place.uid > 0)
    row.expected = session.execute(here).scalar_one() + to_come
    row.loaded_since = since


def load_again(session: WriteSession, folder_id: int) -> None:
    """Have history looked through from the top, for more of it than before."""
    session.execute(update(Folder).where(Folder.id == folder_id).values(oldest_uid=Folder.newest_uid + 1))


def remove_folder(session: WriteSession, folder_id: int) -> None:
    """Forget a folder that the server does not have any more, with its gaps and its quarantine."""
    session.execute(delete(Folder).where(Folder.id == folder_id))


def begin_folder(
    session: WriteSession,
    folder_id: int,
    *,
    uidvalidity: int,
    uidnext: int,
    highestmodseq: int | None,
    state: FolderState,
) -> None:
    """Set the marks of a folder that is seen for the first time, or again after its UIDs came to mean something else.

    Its gaps and its quarantine go; its places were set aside before (`mailsync/matching`).
    """
    for table in (FolderGap, Quarantine):
        session.execute(delete(table).where(table.folder_id == folder_id))
    session.execute(
        update(Folder)
        .where(Folder.id == folder_id)
        .values(
            uidvalidity=uidvalidity,
            uidnext=uidnext,
            highestmodseq=highestmodseq,
            newest_uid=uidnext - 1,
            oldest_uid=uidnext,
            backfill_floor=1,
            state=state,
        )
    )


def move_marks(session: WriteSession, folder_id: int, *, newest: int | None = None, oldest: int | None = None) -> None:
    """Widen what counts as stored; marks never move back."""
    if newest is not None:
        session.execute(
            update(Folder).where(Folder.id == folder_id, Folder.newest_uid < newest).values(newest_uid=newest)
        )
    if oldest is not None:
        session.execute(
            update(Folder).where(Folder.id == folder_id, Folder.oldest_uid > oldest).values(oldest_uid=oldest)
        )


def finish_folder_pass(
    session: WriteSession,
    folder_id: int,
    *,
    uidnext: int | None,
    highestmodseq: int | None,
    messages: int,
    is_loaded: bool,
) -> None:
    """Store the server's state as it was *before* the pass, so that what came meanwhile shows as a difference next time.

    The folder is live once its history `is_loaded`.
    """
    values = {
        "uidnext": uidnext,
        "highestmodseq": highestmodseq,
        "server_messages": messages,
        "last_pass_at": utcnow(),
        **({"state": FolderState.LIVE} if is_loaded else {}),
    }
    session.execute(update(Folder).where(Folder.id == folder_id).values(values))


def stored_uids(session: ReadSession, folder_id: int, low: int, high: int) -> set[int]:
    """UIDs from `low` to `high` that are places."""
    statement = select(Place.uid).where(Place.folder_id == folder_id, Place.uid >= low, Place.uid <= high)
    return set(session.execute(statement).scalars())


def count_places(session: ReadSession, folder_id: int) -> int:
    """How many places a folder has."""
    return session.execute(select(func.count()).where(Place.folder_id == folder_id)).scalar_one()


def count_known(session: ReadSession, folder_id: int) -> int:
    """How many UIDs of a folder are accounted for: places, gaps and quarantine."""
    tables = (Place, FolderGap, Quarantine)
    counts = [select(func.count()).where(table.folder_id == folder_id, table.uid > 0) for table in tables]
    return sum(session.execute(count).scalar_one() for count in counts)


def quarantined_uids(session: ReadSession, folder_id: int) -> set[int]:
    """UIDs of a folder that are in quarantine."""
    return set(session.execute(select(Quarantine.uid).where(Quarantine.folder_id == folder_id)).scalars())


def newest_places(session: ReadSession, folder_id: int, limit: int) -> list[int]:
    """The highest stored UIDs of a folder; places that wait for theirs come last, below 0."""
    statement = select(Place.uid).where(Place.folder_id == folder_id).order_by(Place.uid.desc()).limit(limit)
    return list(session.execute(statement).scalars())


def newest_dates(session: ReadSession, folder_id: int, limit: int) -> dict[int, datetime]:
    """The highest stored UIDs of a folder, and when their messages came."""
    columns = select(Place.uid, Place.internal_date).where(Place.folder_id == folder_id, Place.uid > 0)
    return {row.uid: row.internal_date for row in session.execute(columns.order_by(Place.uid.desc()).limit(limit))}


def with_labels(folder_id: int) -> Select[int]:
    """The folder, and where it is Gmail's All Mail its labels: their places carry its UIDs."""
    return select(Folder.id).where((Folder.id == folder_id) | (Folder.labels_of_id == folder_id))


def remove_uids(session: WriteSession, folder_id: int, uids: Iterable[int]) -> int:
    """Forget places whose messages left the folder; the messages stay. Returns how many there were."""
    gone = sorted(uids)
    places: list[int] = []
    for start in range(0, len(gone), MAX_PARAMETERS):
        chunk = gone[start : start + MAX_PARAMETERS]
        for table in (FolderGap, Quarantine):
            session.execute(delete(table).where(table.folder_id == folder_id, table.uid.in_(chunk)))
        here = select(Place.id).where(Place.folder_id.in_(with_labels(folder_id)), Place.uid.in_(chunk))
        places += session.execute(here).scalars()
    return last_copies.remove_places(session, places)


def open_gaps(
    session: WriteSession, folder_id: int, uids: Iterable[int], reason: str, *, at_once: bool = False
) -> None:
    """Remember UIDs that should have come and did not; one that is open already waits longer, unless it is to be asked
    for `at_once`."""
    wanted = set(uids)
    now = utcnow()
    known = session.execute(select(FolderGap).where(FolderGap.folder_id == folder_id, FolderGap.uid.in_(wanted)))
    for gap in known.scalars():
        gap.tries += 1
        gap.reason = reason
        wait = 0 if at_once else GAP_BACKOFF[min(gap.tries, len(GAP_BACKOFF) - 1)]
        gap.retry_at = now + timedelta(seconds=wait)
        wanted.discard(gap.uid)
    if wanted:
        row = {"folder_id": folder_id, "since": now, "tries": 0, "retry_at": now, "reason": reason}
        session.execute(insert(FolderGap), [{**row, "uid": uid} for uid in sorted(wanted)])


def close_gaps(session: WriteSession, folder_id: int, uids: Iterable[int]) -> None:
    """Forget gaps that were stored, quarantined, or are really absent from the server."""
    session.execute(delete(FolderGap).where(FolderGap.folder_id == folder_id, FolderGap.uid.in_(list(uids))))


def due_gaps(session: ReadSession, folder_id: int, limit: int) -> dict[int, int]:
    """Gaps that may be asked for again now, oldest first, and how often each was asked for in vain."""
    statement = (
        select(FolderGap.uid, FolderGap.tries)
        .where(FolderGap.folder_id == folder_id, FolderGap.retry_at <= utcnow())
        .order_by(FolderGap.since, FolderGap.uid)
        .limit(limit)
    )
    return {row.uid: row.tries for row in session.execute(statement)}


def look_again(session: WriteSession, folder_id: int) -> None:
    """Have the next pass open a folder whatever its STATUS says: it holds what that does not tell of."""
    session.execute(update(Folder).where(Folder.id == folder_id).values(uidnext=None))


def with_due_gaps(session: ReadSession, folder_ids: Collection[int]) -> set[int]:
    """Those of the folders that have gaps which may be asked for again now."""
    due = select(FolderGap.folder_id).where(FolderGap.folder_id.in_(folder_ids), FolderGap.retry_at <= utcnow())
    return set(session.execute(due.distinct()).scalars())


def has_gaps(session: ReadSession, folder_ids: Collection[int]) -> bool:
    """Whether anything that should have come to these folders did not yet."""
    open_gaps = select(FolderGap.id).where(FolderGap.folder_id.in_(folder_ids)).limit(1)
    return session.execute(open_gaps).first() is not None


def note_quiet_passes(session: WriteSession, ended: Mapping[int, datetime]) -> None:
    """Remember of live mailboxes, by id, when what was last looked at there was found as it was stored."""
    rows = [{"of": mailbox_id, "began": began} for mailbox_id, began in ended.items()]
    older = Mailbox.last_pass_at < bindparam("began")
    statement = update(Mailbox).where(Mailbox.id == bindparam("of"), Mailbox.state == MailboxState.LIVE, older)
    session.connection().execute(statement.values(last_pass_at=bindparam("began")), rows)


def gap_uids(session: ReadSession, folder_id: int) -> set[int]:
    """All open gaps of a folder."""
    return set(session.execute(select(FolderGap.uid).where(FolderGap.folder_id == folder_id)).scalars())


def add_members(session: WriteSession, mailbox_id: int, user_ids: Iterable[int]) -> None:
    """Let people work in a mailbox and see all of it; those who do already stay."""
    known = set(session.execute(select(MailboxMember.user_id).where(MailboxMember.mailbox_id == mailbox_id)).scalars())
    rows = [{"mailbox_id": mailbox_id, "user_id": user_id} for user_id in user_ids if user_id not in known]
    if rows:
        session.execute(insert(MailboxMember), rows)
