"""Quarantined messages by id: their bytes, and gaps in their place, so that the next pass asks for them again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, insert, literal, select, true, tuple_, update

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
    wanted = [Quarantine.mailbox_id == mailbox_id]
    if quarantine_id is not None:
        wanted.append(Quarantine.id == quarantine_id)
    return _open_gaps(session, wanted, now)


def ask_again_of_other_versions(session: WriteSession, version: str, now: datetime, limit: int) -> int:
    """The same for up to `limit` messages that were quarantined by another version; they count as tried by this one."""
    wanted = select(Quarantine.id).where(Quarantine.version != version).order_by(Quarantine.id).limit(limit)
    ids = list(session.execute(wanted).scalars())
    asked = _open_gaps(session, [Quarantine.id.in_(ids)], now)
    statement = update(Quarantine).where(Quarantine.id.in_(ids)).values(version=version)
    session.execute(statement.execution_options(synchronize_session=False))
    return asked


def _open_gaps(session: WriteSession, wanted: Sequence[ColumnElement[bool]], now: datetime) -> int:
    places = select(Quarantine.folder_id, Quarantine.uid).where(*wanted)
    here = (FolderGap.folder_id == Quarantine.folder_id, FolderGap.uid == Quarantine.uid)
    due = update(FolderGap).where(tuple_(FolderGap.folder_id, FolderGap.uid).in_(places)).values(retry_at=now)
    session.execute(due.execution_options(synchronize_session=False))
    values = {"since": now, "tries": 0, "retry_at": now, "reason": ASKED}
    missing = places.where(~exists().where(*here)).add_columns(
        *(literal(value, FolderGap.__table__.c[name].type) for name, value in values.items())
    )
    session.execute(insert(FolderGap).from_select(["folder_id", "uid", *values], missing))
    return session.execute(select(func.count()).select_from(places.subquery())).scalar_one()
