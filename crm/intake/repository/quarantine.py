"""Messages that could not be stored: kept with their raw bytes and the reason, shown, and tried again later."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import utcnow
from core.version import PROGRAM_VERSION
from crm.intake.repository.tables import table_of
from storage.among import among_given
from storage.models import Quarantine
from storage.sessions import WriteSession

_COLUMNS = table_of(Quarantine).c
_HELD = select(_COLUMNS.folder_id, _COLUMNS.uid).where(among_given(_COLUMNS.folder_id, "folders"))


def put_in_quarantine(
    session: WriteSession, *, mailbox_id: int, folder_id: int, uid: int, raw_blob_id: int, reason: str
) -> None:
    """Keep one message; one that is there already gets the new reason."""
    row = {
        "mailbox_id": mailbox_id,
        "folder_id": folder_id,
        "uid": uid,
        "raw_blob_id": raw_blob_id,
        "reason": reason,
        "since": utcnow(),
        "version": PROGRAM_VERSION,
    }
    statement = (postgresql.insert if session.on_postgresql else sqlite.insert)(Quarantine).values(row)
    newer = {"raw_blob_id": raw_blob_id, "reason": reason, "version": PROGRAM_VERSION}
    session.execute(statement.on_conflict_do_update(index_elements=["folder_id", "uid"], set_=newer))


def release(session: WriteSession, places: Iterable[tuple[int, int]]) -> None:
    """Forget messages (folder id, uid) that could be stored after all."""
    wanted = set(places)
    folders = {folder_id for folder_id, _ in wanted}
    for folder_id, uid in wanted.intersection(session.execute(_HELD, {"folders": folders})):
        gone = delete(Quarantine).where(Quarantine.folder_id == folder_id, Quarantine.uid == uid)
        session.execute(gone.execution_options(synchronize_session=False))
