"""The queries of traffic: one row an hour and mailbox, and only of hours that still count."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import utcnow
from mailsync.traffic.day import DAY, Hour, beginning
from storage.models import MailboxTraffic
from storage.sessions import ReadSession, WriteSession


def hours(session: ReadSession, mailbox_id: int) -> list[Hour]:
    """What went in the hours that count now, oldest first."""
    columns = select(MailboxTraffic.hour, MailboxTraffic.downloaded, MailboxTraffic.uploaded, MailboxTraffic.refused)
    counted = columns.where(MailboxTraffic.mailbox_id == mailbox_id, MailboxTraffic.hour > utcnow() - DAY)
    return [Hour(*row) for row in session.execute(counted.order_by(MailboxTraffic.hour))]


def add(session: WriteSession, mailbox_id: int, downloaded: int, uploaded: int) -> None:
    """Count bytes into the present hour, whoever else does so at this moment."""
    more = {
        "downloaded": MailboxTraffic.downloaded + downloaded,
        "uploaded": MailboxTraffic.uploaded + uploaded,
    }
    _put(session, mailbox_id, {"downloaded": downloaded, "uploaded": uploaded, "refused": False}, more)


def note_refusal(session: WriteSession, mailbox_id: int) -> None:
    """The provider says that the day's share is used up."""
    _put(session, mailbox_id, {"downloaded": 0, "uploaded": 0, "refused": True}, {"refused": True})


def forget_refusals(session: WriteSession, mailbox_id: int) -> None:
    """A person believes that the provider gives mail again; what was counted stays."""
    refused = MailboxTraffic.mailbox_id == mailbox_id, MailboxTraffic.refused
    session.execute(update(MailboxTraffic).where(*refused).values(refused=False))


def forget(session: WriteSession, mailbox_id: int) -> None:
    """The mailbox is removed."""
    session.execute(delete(MailboxTraffic).where(MailboxTraffic.mailbox_id == mailbox_id))


def _put(session: WriteSession, mailbox_id: int, fresh: Mapping[str, object], change: Mapping[str, object]) -> None:
    hour = beginning(utcnow())
    here = MailboxTraffic.mailbox_id == mailbox_id
    changed = update(MailboxTraffic).where(here, MailboxTraffic.hour == hour).values(change)
    if session.execute(changed.returning(MailboxTraffic.id)).first() is not None:
        return
    _forget_old(session, mailbox_id, hour)
    dialect_insert = postgresql.insert if session.on_postgresql else sqlite.insert
    statement = dialect_insert(MailboxTraffic).values(mailbox_id=mailbox_id, hour=hour, **fresh)
    session.execute(statement.on_conflict_do_update(index_elements=["mailbox_id", "hour"], set_=dict(change)))


def _forget_old(session: WriteSession, mailbox_id: int, now: datetime) -> None:
    old = MailboxTraffic.mailbox_id == mailbox_id, MailboxTraffic.hour <= now - DAY
    session.execute(delete(MailboxTraffic).where(*old))
