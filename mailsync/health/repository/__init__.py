"""The counts behind the page of one mailbox. Each statement reads an index of the mailbox or its folders."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from mailsync.health.views import AuditResult, Gap, Quarantined, Removal
from storage.models import (
    Blob,
    Folder,
    FolderGap,
    Mailbox,
    MailboxAudit,
    MailboxRemoval,
    Place,
    Quarantine,
)
from storage.sessions import ReadSession, WriteSession

LISTED = 50
"""Gaps and quarantined messages that are named one by one; there may be thousands."""


def rate(session: ReadSession, mailbox_id: int) -> int | None:
    """Messages of history in a minute, as the last pass had them."""
    return session.execute(select(Mailbox.loaded_per_minute).where(Mailbox.id == mailbox_id)).scalar()


def by_folder(session: ReadSession, column: InstrumentedAttribute[int], folder_ids: Sequence[int]) -> dict[int, int]:
    """How many rows of the table of `column` (a folder id) belong to each folder."""
    query = select(column, func.count()).where(column.in_(folder_ids)).group_by(column)
    return dict(session.execute(query).all())


def counts(session: ReadSession, folder_ids: Sequence[int]) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Places, gaps and quarantined messages by folder."""
    return (
        by_folder(session, Place.folder_id, folder_ids),
        by_folder(session, FolderGap.folder_id, folder_ids),
        by_folder(session, Quarantine.folder_id, folder_ids),
    )


def gaps(session: ReadSession, mailbox_id: int) -> list[Gap]:
    """The oldest gaps of a mailbox."""
    query = (
        select(Folder.name, FolderGap.uid, FolderGap.since, FolderGap.tries, FolderGap.retry_at, FolderGap.reason)
        .join(Folder, Folder.id == FolderGap.folder_id)
        .where(Folder.mailbox_id == mailbox_id)
        .order_by(FolderGap.since, FolderGap.id)
        .limit(LISTED)
    )
    return [Gap(*row) for row in session.execute(query)]


def quarantined(session: ReadSession, mailbox_id: int) -> list[Quarantined]:
    """The newest quarantined messages of a mailbox."""
    query = (
        select(Quarantine.id, Folder.name, Quarantine.uid, Quarantine.since, Blob.size, Quarantine.reason)
        .join(Folder, Folder.id == Quarantine.folder_id)
        .join(Blob, Blob.id == Quarantine.raw_blob_id)
        .where(Folder.mailbox_id == mailbox_id)
        .order_by(Quarantine.id.desc())
        .limit(LISTED)
    )
    return [Quarantined(*row) for row in session.execute(query)]


def last_audit(session: ReadSession, mailbox_id: int) -> AuditResult | None:
    """The last audit of a mailbox, also one under way; None when there was none."""
    row = session.execute(select(MailboxAudit).where(MailboxAudit.mailbox_id == mailbox_id)).scalar_one_or_none()
    if row is None:
        return None
    return AuditResult(row.asked_at, row.finished_at, row.repair, row.failure, row.folders)


def begin_audit(session: WriteSession, mailbox_id: int, now: datetime, *, repair: bool) -> MailboxAudit:
    """The row of a mailbox's audit, as one that begins now; the result before stays until there is another."""
    row = session.execute(select(MailboxAudit).where(MailboxAudit.mailbox_id == mailbox_id)).scalar_one_or_none()
    if row is None:
        row = MailboxAudit(mailbox_id=mailbox_id, folders=[], failure="")
        session.add(row)
    row.asked_at, row.finished_at, row.repair = now, None, repair
    return row


def audit_row(session: ReadSession, mailbox_id: int) -> MailboxAudit | None:
    """The row of a mailbox's audit."""
    return session.execute(select(MailboxAudit).where(MailboxAudit.mailbox_id == mailbox_id)).scalar_one_or_none()


def audited_before(session: ReadSession, moment: datetime, mailbox_ids: Sequence[int]) -> list[int]:
    """Those of the mailboxes whose last audit was asked for before `moment`, or never."""
    lately = select(MailboxAudit.mailbox_id).where(MailboxAudit.asked_at >= moment)
    recent = set(session.execute(lately).scalars())
    return [mailbox_id for mailbox_id in mailbox_ids if mailbox_id not in recent]


def removal(session: ReadSession, mailbox_id: int) -> Removal | None:
    """How far the removal of a mailbox is; None when nobody wants it."""
    row = session.execute(select(MailboxRemoval).where(MailboxRemoval.mailbox_id == mailbox_id)).scalar_one_or_none()
    if row is None:
        return None
    return Removal(row.keep_mail, row.asked_at, row.begins_at, row.began_at, row.total, row.gone)
