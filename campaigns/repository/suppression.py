"""Addresses that get no campaigns any more, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import utcnow
from crm.access.viewer import Viewer
from storage.models import Suppression
from storage.sessions import ReadSession, WriteSession


def suppress(session: WriteSession, keys: Sequence[str], reason: str, campaign_id: int | None) -> None:
    """These addresses get no more campaigns. Said twice it is said once."""
    if not keys:
        return
    dialect = postgresql.insert if session.on_postgresql else sqlite.insert
    now = utcnow()
    rows = [{"key": key, "reason": reason, "campaign_id": campaign_id, "created_at": now} for key in keys]
    session.execute(dialect(Suppression).on_conflict_do_nothing(index_elements=["key", "reason"]), rows)


@dataclass(frozen=True, slots=True)
class SuppressionView:
    """An address that gets no campaigns, and why."""

    id: int
    key: str
    reason: str
    created_at: datetime


def suppressions(
    session: ReadSession, _: Viewer, *, before: int | None = None, limit: int = 100
) -> list[SuppressionView]:
    """Suppressed addresses, newest first; `before` is the id that the last page ended with."""
    query = select(Suppression.id, Suppression.key, Suppression.reason, Suppression.created_at)
    query = query.order_by(Suppression.id.desc()).limit(limit)
    rows = session.execute(query if before is None else query.where(Suppression.id < before))
    return [SuppressionView(*row) for row in rows]
