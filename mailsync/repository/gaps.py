"""Gaps: UIDs that should have come and did not, and when they are asked for again."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import delete, insert, select

from core.clock import utcnow
from storage.models import FolderGap
from storage.sessions import ReadSession, WriteSession

GAP_BACKOFF = (0, 60, 600, 3600, 6 * 3600, 24 * 3600)
"""Seconds before a gap is asked for again, by number of tries."""


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


def with_due_gaps(session: ReadSession, folder_ids: Collection[int]) -> set[int]:
    """Those of the folders that have gaps which may be asked for again now."""
    due = select(FolderGap.folder_id).where(FolderGap.folder_id.in_(folder_ids), FolderGap.retry_at <= utcnow())
    return set(session.execute(due.distinct()).scalars())


def has_gaps(session: ReadSession, folder_ids: Collection[int]) -> bool:
    """Whether anything that should have come to these folders did not yet."""
    open_gaps = select(FolderGap.id).where(FolderGap.folder_id.in_(folder_ids)).limit(1)
    return session.execute(open_gaps).first() is not None


def gap_uids(session: ReadSession, folder_id: int) -> set[int]:
    """All open gaps of a folder."""
    return set(session.execute(select(FolderGap.uid).where(FolderGap.folder_id == folder_id)).scalars())
