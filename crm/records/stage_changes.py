"""What a record's timeline tells of its way: from one stage, or one state, to the next."""

from core.clock import utcnow
from crm.records.repository import writing
from storage.models import Activity, ActivityKind, Deal, Lead, RecordType
from storage.sessions import WriteSession


def note_change(
    session: WriteSession,
    record: Lead | Deal,
    before: str,
    after: str,
    bindings: list[tuple[RecordType, int]],
    *,
    user_id: int | None,
) -> None:
    """An entry "`before` → `after`" by that person (None: by itself) on the records of `bindings`, the first of which owns it."""
    now = utcnow()
    entry = Activity(
        kind=ActivityKind.STAGE_CHANGE,
        title=f"{before} → {after}",
        at=now,
        created_at=now,
        author_id=user_id,
        responsible_id=record.responsible_id,
        completed_at=now,
    )
    writing.bind(session, writing.add(session, entry), bindings)
