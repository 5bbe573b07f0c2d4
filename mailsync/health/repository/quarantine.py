"""Quarantined messages by id: their bytes, and gaps in their place, so that the next pass asks for them again."""

from datetime import datetime

from sqlalchemy import Select, insert, select, true, update

from crm.access.mail.repository import is_own_mailbox
from crm.access.viewer import Viewer
from storage.models import FolderGap, Mailbox, Quarantine
from storage.sessions import ReadSession, WriteSession

ASKED = "It could not be stored, and is tried again."


def raw_blob(session: ReadSession, viewer: Viewer, mailbox_id: int, quarantine_id: int) -> int | None:
    """The blob of a quarantined message; None when there is none, or the viewer does not work in its mailbox."""
    own = true() if viewer.is_system else is_own_mailbox(viewer)
    query = (
        select(Quarantine.raw_blob_id)
        .join(Mailbox, Mailbox.id == Quarantine.mailbox_id)
        .where(Quarantine.id == quarantine_id, Mailbox.id == mailbox_id, own)
    )
    return session.execute(query).scalar_one_or_none()


def ask_again(session: WriteSession, mailbox_id: int, now: datetime, *, quarantine_id: int | None) -> int:
    """Open a gap that is due now for one message of a mailbox, or for each; how many."""
    wanted = select(Quarantine).where(Quarantine.mailbox_id == mailbox_id)
    if quarantine_id is not None:
        wanted = wanted.where(Quarantine.id == quarantine_id)
    return _open_gaps(session, wanted, now)


def ask_again_of_other_versions(session: WriteSession, version: str, now: datetime, limit: int) -> int:
    """The same for up to `limit` messages that were quarantined by another version; they count as tried by this one."""
    wanted = select(Quarantine).where(Quarantine.version != version).order_by(Quarantine.id).limit(limit)
    ids = [row.id for row in session.execute(wanted).scalars()]
    asked = _open_gaps(session, select(Quarantine).where(Quarantine.id.in_(ids)), now)
    statement = update(Quarantine).where(Quarantine.id.in_(ids)).values(version=version)
    session.execute(statement.execution_options(synchronize_session=False))
    return asked


def _open_gaps(session: WriteSession, wanted: Select[Quarantine], now: datetime) -> int:
    found = list(session.execute(wanted).scalars())
    for row in found:
        gap = session.execute(
            select(FolderGap).where(FolderGap.folder_id == row.folder_id, FolderGap.uid == row.uid)
        ).scalar_one_or_none()
        if gap is not None:
            gap.retry_at = now
            continue
        values = {"since": now, "tries": 0, "retry_at": now, "reason": ASKED}
        session.execute(insert(FolderGap).values(folder_id=row.folder_id, uid=row.uid, **values))
    return len(found)
