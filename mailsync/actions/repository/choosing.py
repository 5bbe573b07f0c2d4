"""Which messages of a person's own mailboxes an act is about, and where they may go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, insert, select

from core.errors import NotFound
from crm.access.mail.repository import is_own_mailbox
from crm.access.viewer import Viewer
from mailsync.actions.repository.server_flags import OPEN
from mailsync.repository import name_hash
from storage.models import LEAVING, ActionKind, Folder, FolderRole, MailAction, Mailbox, Message, Place
from storage.sessions import ReadSession, WriteSession

NAMES = {
    FolderRole.ARCHIVE: "Archive",
    FolderRole.TRASH: "Trash",
    FolderRole.JUNK: "Junk",
    FolderRole.DRAFTS: "Drafts",
}
"""What a folder is called that the mailbox has not and somebody needs (RFC 6154 gives the words)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Copies of these conversations and messages, in folders of `roles`; with `mailbox_id` only those in that mailbox."""

    thread_ids: Collection[int] = ()
    message_ids: Collection[int] = ()
    roles: Collection[FolderRole] = tuple(FolderRole)
    mailbox_id: int | None = None


def held_places(session: WriteSession, viewer: Viewer, choice: Choice) -> list[Place]:
    """The same as `places_of`, held (`hold_places`): until the commit no pass gives their UIDs another meaning."""
    chosen = _chosen(viewer, choice)
    hold_places(session, chosen.with_only_columns(Place.id).order_by(None))
    return list(session.execute(chosen.execution_options(populate_existing=True)).scalars())


def hold_places(
    session: WriteSession, place_ids: Collection[int | None] | Select[int], folder_ids: Collection[int | None] = ()
) -> None:
    """Hold the folders in which these places lie and those from which they wait to be moved, with `folder_ids`.

    All by one `hold_folders`: who held them one after the other could wait for another who does.
    """
    lying = select(Place.folder_id).where(Place.id.in_(place_ids))
    moving = (MailAction.kind == ActionKind.MOVE, MailAction.state.in_(OPEN), MailAction.folder_id.is_not(None))
    back = select(MailAction.folder_id).where(MailAction.place_id.in_(place_ids), *moving)
    hold_folders(session, {*session.execute(lying.union(back)).scalars(), *folder_ids})


def hold_folders(session: WriteSession, folder_ids: Collection[int | None]) -> None:
    """On PostgreSQL, have passes wait that want to change these folders, or All Mail of which they are labels.

    A pass that gives up the UIDs of a folder changes its row first, so what is read of its places after this agrees
    with its UIDVALIDITY. On SQLite there is one writer anyway.
    """
    if not session.on_postgresql or not folder_ids:
        return
    labelled = select(Folder.labels_of_id).where(Folder.id.in_(folder_ids), Folder.labels_of_id.is_not(None))
    these = Folder.id.in_(folder_ids) | Folder.id.in_(labelled)
    session.execute(select(Folder.id).where(these).order_by(Folder.id).with_for_update(key_share=True))


def places_of(session: ReadSession, viewer: Viewer, choice: Choice) -> list[Place]:
    """The places chosen, in mailboxes that the viewer owns or works in, oldest message first.

    Mailboxes that are being removed have none.
    """
    return list(session.execute(_chosen(viewer, choice)).scalars())


def _chosen(viewer: Viewer, choice: Choice) -> Select[Place]:
    of_these = Message.thread_id.in_(choice.thread_ids) | Message.id.in_(choice.message_ids)
    query = (
        select(Place)
        .join(Message, Message.id == Place.message_id)
        .join(Folder, Folder.id == Place.folder_id)
        .join(Mailbox, Mailbox.id == Place.mailbox_id)
        .where(of_these, Folder.role.in_(choice.roles))
        .where(Mailbox.state.not_in(LEAVING))
        .order_by(Message.date, Place.id)
    )
    if choice.mailbox_id is not None:
        query = query.where(Place.mailbox_id == choice.mailbox_id)
    return query if viewer.is_system else query.where(is_own_mailbox(viewer))


def place_now(session: ReadSession, action: MailAction) -> Place | None:
    """Where the message of an action lies now; a pass may have given it another place in the folder it was moved to.

    None when it is nowhere, or its mailbox is being removed.
    """
    if not _is_staying(session, action.mailbox_id):
        return None
    place = session.get(Place, action.place_id) if action.place_id is not None else None
    if place is not None or action.target_id is None:
        return place
    query = select(Place).where(Place.message_id == action.message_id, Place.folder_id == action.target_id)
    return session.execute(query.order_by(Place.uid.desc())).scalars().first()


def newest_in(places: Sequence[Place]) -> list[Place]:
    """The places of the newest message among `places`, which come oldest message first."""
    return [place for place in places if place.message_id == places[-1].message_id] if places else []


def folder_by_id(session: ReadSession, viewer: Viewer, folder_id: int) -> Folder:
    """A folder in a mailbox that the viewer owns or works in and that stays. Raises `NotFound`."""
    query = select(Folder).join(Mailbox, Mailbox.id == Folder.mailbox_id)
    query = query.where(Folder.id == folder_id, Mailbox.state.not_in(LEAVING))
    if not viewer.is_system:
        query = query.where(is_own_mailbox(viewer))
    found = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such folder in your mailboxes.")
    return found


def folder_for(session: WriteSession, mailbox_id: int, role: FolderRole) -> Folder:
    """The mailbox's folder for `role`; one that is missing gets its row, and is made when the server is told.

    Where all mail lies in one folder (Gmail), that is the archive. Raises `NotFound` as `require_staying`.
    """
    require_staying(session, mailbox_id)
    folders = list(session.execute(select(Folder).where(Folder.mailbox_id == mailbox_id)).scalars())
    by_role = {row.role: row for row in reversed(folders)}
    found = by_role.get(role) or (by_role.get(FolderRole.ALL) if role is FolderRole.ARCHIVE else None)
    if found is not None:
        return found
    name = _beside(folders, NAMES[role])
    values = {"mailbox_id": mailbox_id, "name": name, "name_hash": name_hash(name), "role": role}
    delimiter = folders[0].delimiter if folders else None
    made = session.execute(insert(Folder).values(**values, delimiter=delimiter).returning(Folder.id)).scalar_one()
    return session.get_one(Folder, made)


def require_staying(session: ReadSession, mailbox_id: int) -> None:
    """Raise `NotFound` for a mailbox that is being removed, or was: nothing new is to lie in it."""
    if not _is_staying(session, mailbox_id):
        raise NotFound("This mailbox is being removed: choose another one.")


def actions_of(session: ReadSession, act: str) -> list[MailAction]:
    """Everything that one act wants changed, in order."""
    return list(session.execute(select(MailAction).where(MailAction.act == act).order_by(MailAction.id)).scalars())


def _is_staying(session: ReadSession, mailbox_id: int) -> bool:
    query = select(Mailbox.id).where(Mailbox.id == mailbox_id, Mailbox.state.not_in(LEAVING))
    return session.execute(query).first() is not None


def _beside(folders: Sequence[Folder], name: str) -> str:
    """Some servers keep every folder below the inbox (`INBOX.Sent`): a new one belongs beside the others."""
    for row in folders:
        if row.role in NAMES or row.role is FolderRole.SENT:
            prefix = f"INBOX{row.delimiter}"
            return f"{row.name[: len(prefix)]}{name}" if row.delimiter and row.name.upper().startswith(prefix) else name
    return name
