"""Adding to the timeline by hand: a comment, a call, a meeting; and completing what was planned."""

from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.notifications import Bell, ring
from crm.access.viewer import Viewer
from crm.records.paths import record_path
from crm.records.repository import writing
from crm.records.repository.merges import kept_records
from crm.records.repository.planned import complete, reopen
from crm.records.repository.reading import names_of
from crm.stream.timeline import repository
from crm.stream.timeline.plans import PLANNED, checked_plan, reminder_of, require_person
from crm.stream.views import NewEntry, RecordKey
from storage.models import TO_BE_DONE, Activity, ActivityKind
from storage.sessions import ReadSession, WriteSession

BY_HAND = frozenset({ActivityKind.COMMENT, *PLANNED})
LONGEST_TITLE = 300


def add_entry(session: WriteSession, viewer: Viewer, new: NewEntry) -> int:
    """Put a comment, call or meeting on records; its id. A person planned for by somebody else hears of it.

    Raises `Forbidden` for guests, `UsageError` without a word or a record, `NotFound` for a record that is gone.
    What was meant for a record that was merged stands on the one that was left.
    """
    viewer.require_write()
    if new.kind not in BY_HAND:
        raise UsageError("Only comments, calls and meetings are added here.")
    records = kept_records(session, new.records)
    require_records(session, viewer, records)
    if new.responsible_id is not None:
        require_person(session, viewer, new.responsible_id)
    title = " ".join(new.title.split())[:LONGEST_TITLE]
    if not title and not new.text.strip():
        raise UsageError("Write at least a word.")
    planned = new.deadline is not None and new.kind in PLANNED
    plan = checked_plan(new.minutes, new.place, new.remind_minutes) if new.kind in PLANNED else {}
    now = utcnow()
    responsible = new.responsible_id or viewer.user_id
    activity = Activity(
        kind=new.kind,
        title=title,
        text=new.text.strip(),
        at=new.at or now,
        created_at=now,
        author_id=viewer.user_id,
        responsible_id=responsible,
        deadline=new.deadline if planned else None,
        completed_at=None if planned else now,
        **plan,
    )
    activity.remind_at = reminder_of(activity, now)
    activity_id = writing.add(session, activity)
    writing.bind(session, activity_id, list(records))
    if planned and responsible is not None and responsible != viewer.user_id:
        link = record_path(records[0])
        ring(
            session, [Bell(responsible, f"planned:{activity_id}", f"Planned for you: {title or new.kind.value}", link)]
        )
    return activity_id


def complete_entry(session: WriteSession, viewer: Viewer, activity_id: int) -> bool:
    """Say that a planned entry is done, or that a mail needs no answer (any more); False when it was done already.

    Raises `NotFound` when the viewer may not know of it.
    """
    viewer.require_write()
    repository.entry(session, viewer, activity_id)
    return bool(complete(session, Activity.id == activity_id, utcnow()))


def reopen_entry(session: WriteSession, viewer: Viewer, activity_id: int) -> bool:
    """Take back that an entry is done, or that a mail needs no answer; False when it is to be done already.

    Raises `NotFound` when the viewer may not know of it, `UsageError` for what nobody can do, such as a comment.
    """
    viewer.require_write()
    found = repository.entry(session, viewer, activity_id)
    if found.kind not in TO_BE_DONE and found.deadline is None:
        raise UsageError("There is nothing to be done here.")
    return bool(reopen(session, Activity.id == activity_id))


def require_records(session: ReadSession, viewer: Viewer, records: tuple[RecordKey, ...]) -> None:
    """Raises `UsageError` when there is no record, `NotFound` when one of them is gone."""
    if not records:
        raise UsageError("Choose at least one record.")
    if len(names_of(session, viewer, list(set(records)))) < len(set(records)):
        raise NotFound("One of these records does not exist any more: choose others.")
