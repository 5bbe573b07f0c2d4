"""The queries of the sync engine: mailboxes and their folders here, what is stored of a folder in the rooms beside."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, delete, insert, select, update

from core.clock import utcnow
from core.errors import NotFound
from crm.access.viewer import Viewer
from mailsync.states.repository import note_change
from storage.models import LEAVING, Folder, FolderRole, Mailbox, MailboxMember, MailboxState
from storage.sessions import ReadSession, WriteSession

RESTING = (MailboxState.PAUSED, MailboxState.DISABLED, *LEAVING)
NEEDS_A_PERSON = (*RESTING, MailboxState.AUTH_FAILED)


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


def note_quiet_passes(session: WriteSession, ended: Mapping[int, datetime]) -> None:
    """Remember of live mailboxes, by id, when what was last looked at there was found as it was stored."""
    rows = [{"of": mailbox_id, "began": began} for mailbox_id, began in ended.items()]
    older = Mailbox.last_pass_at < bindparam("began")
    statement = update(Mailbox).where(Mailbox.id == bindparam("of"), Mailbox.state == MailboxState.LIVE, older)
    session.connection().execute(statement.values(last_pass_at=bindparam("began")), rows)


def add_members(session: WriteSession, mailbox_id: int, user_ids: Iterable[int]) -> None:
    """Let people work in a mailbox and see all of it; those who do already stay."""
    known = set(session.execute(select(MailboxMember.user_id).where(MailboxMember.mailbox_id == mailbox_id)).scalars())
    rows = [{"mailbox_id": mailbox_id, "user_id": user_id} for user_id in user_ids if user_id not in known]
    if rows:
        session.execute(insert(MailboxMember), rows)


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


def remove_folder(session: WriteSession, folder_id: int) -> None:
    """Forget a folder that the server does not have any more, with its gaps and its quarantine."""
    session.execute(delete(Folder).where(Folder.id == folder_id))
