"""The marks of a folder: how far its messages are stored, and how it stood on the server after the last pass."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from core.clock import utcnow
from storage.models import Folder, FolderGap, FolderState, Place, Quarantine
from storage.sessions import WriteSession


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


def expect(session: WriteSession, folder_id: int, *, to_come: int, since: datetime | None) -> None:
    """Remember how many messages of history are to come, and how far back they are asked for."""
    row = session.get_one(Folder, folder_id)
    here = select(func.count()).where(Place.folder_id == folder_id, Place.uid > 0)
    row.expected = session.execute(here).scalar_one() + to_come
    row.loaded_since = since


def load_again(session: WriteSession, folder_id: int) -> None:
    """Have history looked through from the top, for more of it than before."""
    session.execute(update(Folder).where(Folder.id == folder_id).values(oldest_uid=Folder.newest_uid + 1))


def look_again(session: WriteSession, folder_id: int) -> None:
    """Have the next pass open a folder whatever its STATUS says: it holds what that does not tell of."""
    session.execute(update(Folder).where(Folder.id == folder_id).values(uidnext=None))
