"""The rows of folders: what they are called now, what the server calls them for ever, and why it refuses one."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select, update

from core.clock import utcnow
from mailsync.repository import ask_for_pass, name_hash
from storage.models import Folder
from storage.sessions import ReadSession, WriteSession

REFUSAL_BACKOFF = (60, 600, 3600, 6 * 3600)
"""Seconds before a refused folder is tried again, by how often in a row it was refused."""


def rename_folders(session: WriteSession, names: Mapping[int, str]) -> None:
    """Give folders, by id, their new names; two that changed theirs with each other as well."""
    for folder_id in names:  # Names are unique in a mailbox: all old ones have to go before the first new one comes.
        session.execute(update(Folder).where(Folder.id == folder_id).values(name_hash=f"renamed {folder_id}"))
    for folder_id, name in names.items():
        values = {"name": name, "name_hash": name_hash(name)}
        session.execute(update(Folder).where(Folder.id == folder_id).values(**values))


def set_object_ids(session: WriteSession, object_ids: Mapping[int, str]) -> None:
    """Remember the MAILBOXID of folders, by id."""
    for folder_id, object_id in object_ids.items():
        session.execute(update(Folder).where(Folder.id == folder_id).values(object_id=object_id))


def note_refusal(session: WriteSession, folder_id: int, reason: str) -> None:
    """The server did not let us look into a folder, and why; the next try waits longer each time, up to six hours."""
    folder = session.get_one(Folder, folder_id, populate_existing=True)
    wait = REFUSAL_BACKOFF[min(folder.refusals, len(REFUSAL_BACKOFF) - 1)]
    folder.refusals += 1
    folder.refusal = reason
    folder.retry_at = utcnow() + timedelta(seconds=wait)


def clear_refusal(session: WriteSession, folder_id: int) -> None:
    """The server let us in again."""
    session.execute(update(Folder).where(Folder.id == folder_id).values(refusals=0, refusal="", retry_at=None))


def refused_folders(session: ReadSession, mailbox_id: int) -> list[Folder]:
    """Chosen folders that the server does not let us look into, by name; `refusal` says why, `retry_at` when it is tried."""
    refused = select(Folder).where(Folder.mailbox_id == mailbox_id, Folder.chosen, Folder.refusals > 0)
    return list(session.execute(refused.order_by(Folder.name)).scalars())


def ask_folder_again(session: WriteSession, mailbox_id: int, folder_id: int) -> None:
    """Have a refused folder of the mailbox tried again now, in whatever process watches the mailbox."""
    mine = (Folder.id == folder_id, Folder.mailbox_id == mailbox_id)
    session.execute(update(Folder).where(*mine).values(retry_at=None))
    ask_for_pass(session, mailbox_id)
